"""Reviews, evidence, similar cases, figures and exports, as programs use them."""

import zipfile
from io import BytesIO

import pytest

from incidents import checklist, services
from people.choices import Role
from tests.incidents.factories import reported, responder
from tests.support.people import with_key

pytestmark = pytest.mark.django_db

API = "/api/v1/"
WORDS = {"summary": "a", "root_cause": "b", "result": "c", "lessons": "d", "category": "design", "factors": ["e"]}


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    checklist.fill()


def test_a_program_takes_a_review_from_its_beginning_to_the_library():
    by = responder()
    incident = services.acknowledge(incident_id=reported().pk, by=by)
    services.resolve(incident_id=incident.pk, by=by)
    program, approver = with_key(Role.RESPONDER), with_key(Role.MANAGER)
    begun = program.post(f"{API}incidents/{incident.reference}/review/").json()
    address = f"{API}incident-reviews/{begun['id']}/"
    assert program.patch(address, WORDS, "application/json").status_code == 428
    seen = {"If-Match": f'"{begun["version"]}"'}
    assert program.patch(address, WORDS, "application/json", headers=seen).json()["factors"] == ["e"]
    assert program.patch(address, WORDS, "application/json", headers=seen).status_code == 412
    assert program.patch(address, {"summary": "x" * 10_001}, "application/json", headers=seen).status_code == 400
    assert program.post(f"{address}submit/").json()["state"] == "in_review"
    assert program.post(f"{address}approve/").status_code == 403
    assert approver.post(f"{address}send-back/", {"reason": ""}, "application/json").status_code == 400
    assert approver.post(f"{address}approve/").json()["state"] == "approved"
    assert approver.get(f"{API}incidents/{incident.reference}/").json()["state"] == "closed"
    found = approver.get(f"{API}incident-reviews/?state=approved&category=design&search=d").json()
    assert [row["incident"] for row in found["results"]] == [incident.reference]


def test_evidence_similar_ones_figures_and_exports_are_read_by_programs():
    first, second = reported(description="Payroll export hangs"), reported(description="Payroll export hangs again")
    program = with_key(Role.RESPONDER)
    address = f"{API}incidents/{second.reference}/"
    similar = program.get(f"{address}similar/").json()
    assert [row["reference"] for row in similar] == [first.reference]
    said = {"item": "logs", "reason": "None."}
    assert program.post(f"{address}evidence/not-needed/", said, "application/json").status_code == 200
    wrong = {"item": "nothing", "reason": "x"}
    assert program.post(f"{address}evidence/not-needed/", wrong, "application/json").status_code == 400
    states = {row["item"]: row["state"] for row in program.get(f"{address}evidence/").json()}
    assert states == {"screenshots": "missing", "logs": "not_needed", "statement": "missing"}
    whole = [row for row in program.get(f"{API}incident-figures/quarter/").json()["rows"] if not row["period"]]
    assert {"count": 2, "severity": None}.items() <= next(row for row in whole if not row["severity"]).items()
    assert program.get(f"{API}incident-figures/day/").status_code == 404
    archive = zipfile.ZipFile(BytesIO(program.get(f"{address}export/zip/").getvalue()))
    assert "SHA256SUMS" in archive.namelist()
    document, again = (program.get(f"{address}export/pdf/") for _time in range(2))
    assert document.getvalue().startswith(b"%PDF-")
    assert document["ETag"] != again["ETag"]


def test_who_only_reports_reads_none_of_it():
    program = with_key(Role.REPORTER)
    own = services.report(by=program.key.user, description="Mine")
    for part in ("similar", "evidence", "export/zip", "export/pdf"):
        assert program.get(f"{API}incidents/{own.reference}/{part}/").status_code == 404
    assert program.get(f"{API}incident-reviews/").json()["results"] == []
    assert program.get(f"{API}incident-figures/month/").status_code == 404
