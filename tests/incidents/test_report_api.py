"""Programs send files, correct and take back what they reported, and rate it."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from incidents import services
from incidents.models import Incident
from tests.incidents.factories import reported, responder
from tests.support.people import with_key

pytestmark = pytest.mark.django_db

API = "/api/v1/incidents/"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path


@pytest.fixture
def program():
    client = with_key("Reporter")
    client.incident = reported(by=client.key.user)
    client.url = f"{API}{client.incident.reference}/"
    return client


def file(name="photo.png", content=PNG):
    return SimpleUploadedFile(name, content)


def post(client, what, body):
    return client.post(f"{client.url}{what}/", body, content_type="application/json")


def test_a_file_is_sent_listed_and_got(program):
    sent = program.post(f"{program.url}attachments/", {"file": file()})
    assert sent.status_code == 201
    assert sent.json()["is_from_reporter"] is True
    assert [each["sha256"] for each in program.get(f"{program.url}attachments/").json()] == [sent.json()["sha256"]]
    got = program.get(f"{program.url}attachments/{sent.json()['id']}/")
    assert b"".join(got.streaming_content) == PNG
    assert got["Content-Disposition"] == 'attachment; filename="photo.png"'


def test_reporters_get_only_what_is_shown_to_them(program):
    kept = services.attach(incident_id=program.incident.pk, stream=file(), name="kept.png", by=responder())
    assert program.get(f"{program.url}attachments/").json() == []
    assert program.get(f"{program.url}attachments/{kept.pk}/").status_code == 404
    worker = with_key("Responder")
    assert [each["name"] for each in worker.get(f"{program.url}attachments/").json()] == ["kept.png"]


@pytest.mark.parametrize(
    ("name", "content", "status"), [("a.png", b"MZ\x90\x00", 415), ("a.svg", b"<svg/>", 415), ("a.png", b"", 415)]
)
def test_a_disguise_is_refused_in_words(program, name, content, status):
    answer = program.post(f"{program.url}attachments/", {"file": file(name, content)})
    assert (answer.status_code, answer.json()["code"]) == (status, "incident_file_refused")


def test_who_only_reads_sends_nothing(program):
    auditor = with_key("Auditor")
    assert auditor.post(f"{program.url}attachments/", {"file": file()}).status_code == 403
    assert program.post(f"{API}{reported().reference}/attachments/", {"file": file()}).status_code == 404


def test_no_id_of_a_file_is_404(program):
    assert program.get(f"{program.url}attachments/{'-' * 36}/").status_code == 404


def test_it_is_corrected_and_taken_back(program):
    assert post(program, "correct", {"description": "Other words"}).json()["description"] == "Other words"
    assert post(program, "correct", {"occurred_at": "2999-01-01T00:00:00Z"}).json()["fields"] == {
        "occurred_at": ["This time is still to come."]
    }
    assert post(program, "withdraw", {"reason": "My cable"}).json()["state"] == "cancelled"
    assert post(program, "withdraw", {"reason": "My cable"}).status_code == 409


def test_an_old_version_is_412(program):
    services.describe(incident_id=program.incident.pk, by=responder(), changes={"place": "Room 5"})
    answer = program.post(
        f"{program.url}correct/", {"place": "x"}, content_type="application/json", headers={"If-Match": '"1"'}
    )
    assert answer.status_code == 412


def test_it_is_rated_at_the_end(program):
    assert post(program, "rate", {"stars": 4}).status_code == 409
    services.acknowledge(incident_id=program.incident.pk, by=responder())
    services.resolve(incident_id=program.incident.pk, by=responder())
    assert post(program, "rate", {"stars": 6}).status_code == 400
    assert post(program, "rate", {"stars": 4, "text": "Quick"}).json()["stars"] == 4


def test_a_time_that_cannot_be_is_a_refusal_of_the_field():
    program = with_key("Reporter")
    answer = program.post(
        API, {"description": "x", "occurred_at": "1900-01-01T00:00:00Z"}, content_type="application/json"
    )
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["occurred_at"])
    assert not Incident.objects.exists()


def test_people_at_work_enter_what_reached_them_by_phone():
    worker = with_key("Responder")
    body = {"description": "x", "source": "phone", "reporter_name": "Zoe", "reporter_email": "zoe@example.net"}
    answer = worker.post(API, body, content_type="application/json")
    shown = answer.json()
    assert (shown["source"], shown["reporter"], shown["reporter_name"]) == ("phone", None, "Zoe")
    assert shown["entered_by"]["id"] == str(worker.key.user.pk)


def test_a_reporter_reports_for_a_colleague_and_names_no_source(program):
    colleague = reported().reporter
    answer = program.post(API, {"description": "x", "reporter": str(colleague.pk)}, content_type="application/json")
    assert (answer.status_code, Incident.objects.latest("number").reporter) == (201, colleague)
    refused = program.post(API, {"description": "x", "source": "phone"}, content_type="application/json")
    assert refused.status_code == 403
    both = {"description": "x", "reporter": str(colleague.pk), "reporter_name": "Zoe"}
    assert with_key("Responder").post(API, both, content_type="application/json").status_code == 400


def test_a_change_by_those_at_work_keeps_to_the_same_times(program):
    answer = with_key("Responder").patch(
        program.url, {"occurred_at": "2999-01-01T00:00:00Z"}, content_type="application/json", headers={"If-Match": "*"}
    )
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["occurred_at"])


def test_a_program_finds_what_is_known_and_joins_it_once_and_nothing_else(program):
    known, other = reported(), reported()
    Incident.objects.filter(pk=known.pk).update(public_title="Invoices cannot be found")
    asked = {"description": "Where is my invoice?"}
    found = program.post(f"{API}known-problems/", asked, content_type="application/json").json()
    assert [(each["reference"], each["people"]) for each in found] == [(known.reference, 1)]
    for _each in range(2):
        joined = program.post(f"{API}{known.reference}/join/", {"text": "Me too"}, content_type="application/json")
        assert (joined.status_code, joined.json()["people"]) == (200, 2)
    assert list(known.followers.all()) == [program.key.user]
    assert program.post(f"{API}known-problems/", asked, content_type="application/json").json() == []
    for hidden in (other.reference, str(other.pk), "x"):
        assert program.post(f"{API}{hidden}/join/", {}, content_type="application/json").status_code == 404
    auditor = with_key("Auditor")
    assert auditor.post(f"{API}known-problems/", {}, content_type="application/json").status_code == 403


def test_a_report_comes_with_its_files_in_one_request_and_sent_again_it_is_one():
    program, sent = with_key("Reporter"), []
    for _time in range(2):
        body = {"description": "It is gone", "badness": "stopped", "files": [file("a.png"), file("b.png")]}
        sent.append(program.post(API, body, headers={"Idempotency-Key": "one"}))
    incident = Incident.objects.get()
    assert [(each.status_code, each.json()["reference"]) for each in sent] == [(201, incident.reference)] * 2
    assert [(each.name, each.is_from_reporter) for each in incident.attachments.all()] == [
        ("a.png", True),
        ("b.png", True),
    ]
    other = program.post(API, {"description": "It is gone", "files": [file()]}, headers={"Idempotency-Key": "one"})
    assert other.status_code == 422


@pytest.mark.parametrize(
    ("files", "status", "code"),
    [
        ([("a.png", PNG), ("b.png", b"MZ\x90\x00")], 415, "incident_file_refused"),
        ([("a.png", PNG)] * 11, 400, "invalid"),
        ([("a.txt", b"x" * 101)], 413, "file_too_big"),
    ],
    ids=["a program", "eleven", "too big"],
)
def test_a_report_with_a_file_that_is_refused_is_no_report(monkeypatch, files, status, code):
    monkeypatch.setattr("incidents.services.attaching.LIMIT_BYTES", 100)
    body = {"description": "x", "files": [file(*each) for each in files]}
    answer = with_key("Reporter").post(API, body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert not Incident.objects.exists()


def test_a_reporter_answers_and_nobody_else_does(program):
    worker = with_key("Responder")
    assert post(program, "answer", {"text": "Also upstairs"}).status_code == 200
    assert program.incident.events.get(kind="reply").text == "Also upstairs"
    assert post(program, "answer", {"text": "x" * 4001}).json()["fields"]["text"]
    assert worker.post(f"{program.url}answer/", {"text": "x"}, content_type="application/json").status_code == 403
