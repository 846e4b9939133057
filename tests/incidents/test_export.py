"""One incident to take along: an archive that is checked without us, and a document that carries its font."""

import csv
import io
import json
import subprocess
import zipfile
from datetime import timedelta
from hashlib import sha256
from io import BytesIO

import pytest
from django.test import Client
from django.utils import timezone, translation

from common import fonts
from common.files import path_of
from incidents import checklist, services
from incidents.adapters.pdf import _font, _named
from incidents.export import document
from incidents.models import Authority, EscalationRun, EscalationStepTaken, Incident
from incidents.services import Words
from ledger.models import Entry
from people.calendars import WHOLE_DAY
from people.choices import Role
from people.services import add_calendar
from tests.catalog.factories import SystemFactory
from tests.incidents.factories import person, reported, responder

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    checklist.fill()


def whole(by) -> Incident:
    """Something of everything."""
    always = add_calendar(name="Always", hours=dict.fromkeys(range(7), (WHOLE_DAY,)), by="system:tests")
    services.promise(severity=3, calendar=always, resolve_within=timedelta(hours=4), by="system:tests")
    incident = reported(description="=发票不见了", systems=[SystemFactory(name="archive-db")])
    services.acknowledge(incident_id=incident.pk, by=by)
    services.note(incident_id=incident.pk, by=by, text="目录是空的。\nThe folder is empty. " + "x" * 5000)
    services.attach(incident_id=incident.pk, stream=BytesIO(b"line"), name="日志.txt", by=by, evidence_item="logs")
    services.evidence_not_needed(incident_id=incident.pk, key="statement", by=by, reason="We saw it.")
    services.post_update(incident_id=incident.pk, audience="reporters", texts={"en": Words("We are on it.")}, by=by)
    task = services.add_task(incident_id=incident.pk, by=by, title="Look at the copy", assignee=by)
    services.finish_task(task_id=task.pk, by=by)
    chief = responder(name="Chief")
    services.declare_major(incident_id=incident.pk, by=by, reason="All of accounting waits.", commander=chief)
    report_to(incident, by)
    called(incident)
    services.resolve(incident_id=incident.pk, by=by, text="Restored.")
    services.rate(incident_id=incident.pk, stars=4, text="Quick.", by=incident.reporter)
    services.begin_review(incident_id=incident.pk, by=by)
    return incident


def report_to(incident, by):
    deadline = timedelta(hours=72)
    authority = Authority.objects.create(name="Data protection", deadline=deadline, template="{title}", language="en")
    report = services.require_report(incident_id=incident.pk, authority_id=authority.pk, by=by)
    services.draft_report(report_id=report.pk, text="It happened at noon.", by=by)


def called(incident):
    run = EscalationRun.objects.create(
        incident=incident, policy_name="Payments", reason="opened", ended_at=timezone.now(), end="answered"
    )
    EscalationStepTaken.objects.create(
        run=run, position=1, state="taken", due_at=run.started_at, taken_at=run.started_at, fence=run.fence, names="Bo"
    )


def taken(by, incident, form="zip"):
    client = Client()
    client.force_login(by)
    return client.post(f"/incidents/{incident.reference}/export/{form}/")


def test_the_archive_holds_everything_and_is_checked_without_us(tmp_path):
    by = responder(name="Ana")
    incident = whole(by)
    answer = taken(by, incident)
    assert answer["Content-Disposition"] == f'attachment; filename="{incident.reference}.zip"'
    folder = tmp_path / "taken"
    zipfile.ZipFile(BytesIO(answer.getvalue())).extractall(folder)
    checked = subprocess.run(["sha256sum", "-c", "--quiet", "SHA256SUMS"], cwd=folder, capture_output=True, check=False)
    assert checked.returncode == 0, checked.stderr
    manifest = json.loads((folder / "manifest.json").read_text())
    held = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert held == {*manifest["files"], "manifest.json", "SHA256SUMS"}
    assert (folder / "attachments" / "001-日志.txt").read_bytes() == b"line"
    said = json.loads((folder / "incident.json").read_text())
    assert (said["description"], said["systems"], said["owner"]) == ("=发票不见了", ["archive-db"], "Ana")
    evidence = rows(folder / "evidence.csv")
    assert [(row["item"], row["state"]) for row in evidence] == [
        ("Screenshots or photos", "missing"),
        ("Logs of the affected systems", "collected"),
        ("Statement of who noticed it", "not_needed"),
    ]
    timeline = rows(folder / "timeline.csv")
    assert [row["kind"] for row in timeline][:3] == ["reported", "acknowledged", "note"]
    ledger = [json.loads(line) for line in (folder / "ledger.jsonl").read_text().splitlines()]
    assert {"incident.acknowledged", "review.begun", "incident.exported"} <= {entry["verb"] for entry in ledger}
    assert json.loads((folder / "review.json").read_text())["state"] == "draft"
    assert said["rating"]["stars"] == 4
    assert one(folder / "tasks.csv", "title", "for", "state", "done_by") == ["Look at the copy", "Ana", "done", "Ana"]
    assert one(folder / "roles.csv", "role", "person") == ["commander", "Chief"]
    assert one(folder / "calls.csv", "policy", "state", "whom") == ["Payments", "taken", "Bo"]
    assert one(folder / "updates.csv", "audience", "language", "text") == ["reporters", "en", "We are on it."]
    assert one(folder / "authority_reports.csv", "authority", "state") == ["Data protection", "drafted"]
    digest = sha256(b"line").hexdigest()
    assert one(folder / "attachments.csv", "part", "sha256") == ["attachments/001-日志.txt", digest]
    told = rows(folder / "messages.csv")
    assert {"report.acknowledged", "report.resolved"} <= {row["kind"] for row in told}
    segments = [row for row in rows(folder / "clocks.csv") if row["clock"] == "resolve"]
    counted = sum(float(row["segment_seconds"]) for row in segments if row["segment_is"] == "counted")
    assert counted == pytest.approx(float(segments[0]["counted_seconds"]))
    assert (folder / "incident.pdf").read_bytes().startswith(b"%PDF-")


def one(path, *names) -> list[str]:
    """Of a table with one row these cells."""
    (row,) = rows(path)
    return [row[name] for name in names]


def rows(path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"), newline="")))


def test_no_cell_is_a_formula_and_a_file_that_is_gone_is_named():
    by = responder()
    incident = whole(by)
    services.note(incident_id=incident.pk, by=by, text="=1+1")
    path_of(incident.attachments.get().file.sha256).unlink()
    archive = zipfile.ZipFile(BytesIO(taken(by, incident).getvalue()))
    assert '"\'=1+1"' in archive.read("timeline.csv").decode()
    assert json.loads(archive.read("manifest.json"))["missing"] == ["attachments/001-日志.txt"]


def test_the_document_carries_its_font_and_speaks_the_readers_language():
    by = responder(name="安娜")
    incident = whole(by)
    with translation.override("zh-hans"):
        made = document(incident, "安娜")
    assert made.startswith(b"%PDF-")
    assert (b"/FontFile2" in made) is (fonts.chinese() is not None), "without a font that can be carried it says so"
    assert b"/Subtype /Type0" in made or b"/FontFile2" in made


def test_a_character_that_the_font_does_not_have_is_named():
    text, font = _named("发票 \U00020000", _font(has_chinese=True)[0]), fonts.chinese()
    assert text == ("发票 [U+20000]" if font and font.stem == "wqy-microhei" else text)


def test_it_is_written_down_who_took_what_and_only_whole_readers_may():
    incident = whole(responder())
    auditor = person(Role.AUDITOR)
    assert taken(auditor, incident, "pdf").getvalue().startswith(b"%PDF-")
    entry = Entry.objects.filter(verb="incident.exported").latest("id")
    assert (entry.actor_id, entry.data["form"]) == (str(auditor.pk), "pdf")
    count = Entry.objects.filter(verb="incident.exported").count()
    assert taken(incident.reporter, incident).status_code == 404
    Incident.objects.filter(pk=incident.pk).update(is_restricted=True)
    assert taken(responder(), incident).status_code == 404
    assert taken(auditor, incident, "docx").status_code == 404
    assert Entry.objects.filter(verb="incident.exported").count() == count
