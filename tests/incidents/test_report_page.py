"""The page on which somebody says that something is wrong: files, what is known already, whose report it is."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from incidents import services
from incidents.choices import EventKind, Source
from incidents.errors import NotLive
from incidents.forms import OutsideReportForm
from incidents.limits import OF_ALL_OUTSIDE
from incidents.models import Incident, Upload
from notify.models import Message
from people.choices import Role
from people.services import name_organisation
from tests.incidents.factories import person, reported, responder

pytestmark = pytest.mark.django_db

PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
KEY = "a-key-of-one-form-0123456789"


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    settings.EMAIL_CONFIGURED = True
    cache.clear()
    yield
    cache.clear()


def browser(*roles: Role) -> Client:
    client = Client()
    client.person = person(*roles)
    client.force_login(client.person)
    return client


@pytest.fixture
def staff() -> Client:
    return browser(Role.REPORTER)


def file(name="photo.png", content=PNG) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def send(client, **more):
    return client.post("/report/", {"description": "The invoices are gone.", "form_key": KEY, **more})


# files


def test_files_go_with_the_form_where_no_script_runs(staff):
    answer = send(staff, files=[file("a.png"), file("b.png")])
    incident = Incident.objects.get()
    assert answer.url == incident.tracking_url
    assert [each.name for each in incident.attachments.all()] == ["a.png", "b.png"]


def test_files_are_not_lost_when_another_answer_is_wrong(staff):
    answer = send(staff, description="", files=[file("a.png")])
    assert answer.status_code == 400
    assert "a.png" in answer.text
    assert f'value="{KEY}"' in answer.text
    send(staff)
    assert Incident.objects.get().attachments.get().name == "a.png"


def test_one_file_that_is_refused_loses_neither_words_nor_the_others(staff):
    answer = send(staff, files=[file("a.png"), file("evil.png", b"MZ\x90\x00")])
    assert answer.status_code == 415
    assert "“evil.png” is a program" in answer.text
    assert "The invoices are gone." in answer.text
    assert not Incident.objects.exists()
    assert Upload.objects.get().name == "a.png"


def test_eleven_files_are_one_too_many(staff):
    answer = send(staff, files=[file(f"{number}.png") for number in range(11)])
    assert answer.status_code == 400
    assert "more than 10 files" in answer.text
    assert Upload.objects.count() == 10


def test_fifty_megabytes_are_refused_before_they_are_read(staff, settings):
    settings.UPLOAD_MAX_BYTES = 1000
    answer = send(staff, files=[file(content=PNG + bytes(2000))])
    assert answer.status_code == 413
    assert "what you typed is still there" in answer.text


def test_files_are_sent_one_by_one_while_the_form_is_filled_in(staff):
    answer = staff.post("/report/files/", {"form_key": KEY, "files": file("a.png")})
    assert (answer.status_code, answer["X-Files"]) == (200, "list")
    assert "a.png" in answer.text
    refused = staff.post("/report/files/", {"form_key": KEY, "files": file("b.svg", b"<svg/>")})
    assert refused.status_code == 415
    assert "web page" in refused.text
    assert "a.png" in refused.text


def test_a_file_is_left_out_with_and_without_a_script(staff):
    first, second = (
        services.keep_upload(form=KEY, stream=file(name), name=name, person=staff.person) for name in ("a.png", "b.png")
    )
    assert "a.png" not in staff.post("/report/files/", {"form_key": KEY, "drop": first.pk}).text
    answer = send(staff, drop=second.pk, place="Room 5")
    assert answer.status_code == 200
    assert "The invoices are gone." in answer.text
    assert "Room 5" in answer.text
    assert not Upload.objects.exists()
    assert not Incident.objects.exists()
    assert send(staff, drop="no-id").status_code == 404


def test_another_form_or_person_has_none_of_them(staff):
    staff.post("/report/files/", {"form_key": KEY, "files": file()})
    assert "photo.png" not in browser(Role.REPORTER).post("/report/files/", {"form_key": KEY}).text
    assert staff.post("/report/files/", {"form_key": "short"}).status_code == 404


def test_whoever_may_not_report_sends_no_files():
    assert browser(Role.AUDITOR).post("/report/files/", {"form_key": KEY, "files": file()}).status_code == 403
    assert Client().post("/report/files/", {"form_key": KEY, "files": file()}).status_code == 403
    assert not Upload.objects.exists()


def test_a_double_tap_is_one_report(staff):
    first, second = send(staff), send(staff)
    assert first.url == second.url
    assert Incident.objects.count() == 1


# since when


@pytest.mark.parametrize("since", ["now", "morning", "yesterday"])
def test_quick_choices_are_moments_of_the_past(staff, since):
    send(staff, since=since)
    at = Incident.objects.get().occurred_at
    assert timezone.now() - timedelta(days=2) < at <= timezone.now()


@pytest.mark.parametrize("at", ["1989-12-31T23:00", "2999-01-01T00:00"])
def test_times_that_cannot_be_are_refused_beside_their_field(staff, at):
    answer = send(staff, since="earlier", since_at=at)
    assert answer.status_code == 400
    assert 'id="id_since_at_error"' in answer.text


def test_ten_thousand_and_one_characters_are_refused_and_kept(staff):
    answer = send(staff, description="x" * 10_001)
    assert answer.status_code == 400
    assert "x" * 10_001 in answer.text


# what is known


def known(title, **more) -> Incident:
    incident = reported()
    Incident.objects.filter(pk=incident.pk).update(public_title=title, **more)
    return incident


INVOICES, INVOICES_ZH, ARCHIVE = "Invoices cannot be found", "查不到发票", "Archive is slow"


@pytest.mark.parametrize(
    ("typed", "found"),
    [({"description": "Where are my invoices?"}, INVOICES), ({"description": "发票不见了"}, INVOICES_ZH),
     ({"error_code": "arc-408"}, ARCHIVE), ({"description": "It says ARC-408"}, ARCHIVE)],
)  # fmt: skip
def test_known_problems_are_found_by_words_pairs_and_code(staff, typed, found):
    known(INVOICES)
    known(INVOICES_ZH)
    known(ARCHIVE, error_code="ARC-408")
    shown = staff.get("/report/known/", typed).text
    assert [title for title in (INVOICES, INVOICES_ZH, ARCHIVE) if title in shown] == [found]


def test_the_one_with_most_words_in_common_stands_first(staff):
    known("Printer in room 5 is out of paper")
    known("Printer is slow")
    shown = staff.get("/report/known/", {"description": "printer room paper"}).text
    assert shown.index("out of paper") < shown.index("Printer is slow")


def test_words_in_another_form_are_the_same_and_one_that_is_being_typed_counts(staff):
    known("Printers in hall 7 are jammed")
    for typed in ("the printer jams", "print"):
        assert "Printers in hall 7" in staff.get("/report/known/", {"description": typed}).text, typed
    assert "Printers" not in staff.get("/report/known/", {"description": "phones are dead"}).text


def test_those_who_read_incidents_whole_see_what_is_being_worked_on_already_and_nobody_else(staff):
    reported(description="The kestrel does not answer")
    over = services.acknowledge(incident_id=reported(description="The kestrel is loud").pk, by=responder())
    services.resolve(incident_id=over.pk, by=responder(), text="Oil.")
    worker = browser(Role.RESPONDER)
    shown = worker.get("/report/known/", {"description": "kestrels do not answer"}).text
    assert "The kestrel does not answer" in shown
    assert "loud" not in shown
    assert "kestrel" not in staff.get("/report/known/", {"description": "kestrel"}).text


def test_me_too_takes_along_what_was_typed_and_sent(staff):
    incident = known("Invoices cannot be found")
    staff.post("/report/files/", {"form_key": KEY, "files": file()})
    answer = send(staff, me_too=incident.reference)
    assert answer.url == f"/incidents/{incident.reference}/"
    assert incident.events.get(kind=EventKind.JOINED).text == "The invoices are gone."
    assert incident.attachments.get().added_by == staff.person
    assert Incident.objects.count() == 1
    assert "photo.png" not in Client().get(incident.tracking_url).text


# whose report it is


def test_a_colleague_is_named_by_e_mail_and_finds_it_among_their_own(staff):
    colleague = browser(Role.REPORTER)
    send(staff, for_whom=colleague.person.email.upper())
    incident = Incident.objects.get()
    assert (incident.reporter, incident.entered_by) == (colleague.person, staff.person)
    assert incident.reference in colleague.get("/report/mine/").text
    assert Message.objects.filter(to=colleague.person, kind="report.received").exists()


def test_nobody_of_that_name_is_said_and_a_reporter_names_no_source(staff):
    answer = send(staff, for_whom="nobody@example.org")
    assert answer.status_code == 400
    assert "No colleague has this" in answer.text
    send(staff, source="phone", reporter_email="zoe@example.net")
    incident = Incident.objects.get()
    assert (incident.source, incident.reporter_email, incident.reporter) == (Source.PAGE, "", staff.person)


def test_responders_enter_what_reached_them_by_phone():
    client = browser(Role.RESPONDER)
    send(client, source="phone", reporter_name="Zoe", reporter_email="zoe@example.net")
    incident = Incident.objects.get()
    assert (incident.source, incident.reporter, incident.entered_by) == (Source.PHONE, None, client.person)
    assert Message.objects.get(kind="report.received").deliveries.get().address == "zoe@example.net"
    page = client.get(incident.get_absolute_url()).text
    assert "Zoe" in page


# anybody


@pytest.fixture
def open_to_all():
    name_organisation(name="Harbour", time_zone="UTC", anyone_may_report=True, by="system:tests")


def outside(**more) -> dict:
    shown = OutsideReportForm.shown_now()
    return {"description": "The shop is down.", "form_key": KEY, "shown": shown, **more}


@pytest.fixture
def slowly(monkeypatch):
    monkeypatch.setattr("incidents.forms.reporting.SHORTEST_FILLING", timedelta(0))


def test_it_is_off_unless_somebody_switched_it_on():
    assert Client().get("/report/").url == "/accounts/login/?next=/report/"
    assert Client().post("/report/", outside()).status_code == 302
    assert not Incident.objects.exists()


def test_anybody_reports_where_it_is_switched_on(open_to_all, slowly):
    client = Client()
    assert client.get("/report/").status_code == 200
    answer = client.post("/report/", outside(reporter_email="zoe@example.net", files=file()))
    incident = Incident.objects.get()
    assert answer.url == incident.tracking_url
    assert (incident.reporter, incident.entered_by, incident.reporter_email) == (None, None, "zoe@example.net")
    assert Message.objects.get(kind="report.received").url == incident.tracking_url
    assert client.get(answer.url).status_code == 200
    assert incident.attachments.get().by_link


def test_an_address_and_a_name_are_not_needed(open_to_all, slowly):
    Client().post("/report/", outside())
    assert Incident.objects.get().reporter_label == "Somebody who is not signed in"


@pytest.mark.parametrize("wrong", [{"website": "https://spam.example"}, {"shown": ""}, {"shown": "forged:x:y"}])
def test_the_simplest_programs_are_kept_out(open_to_all, slowly, wrong):
    answer = Client().post("/report/", outside(**wrong))
    assert answer.status_code == 400
    assert "The shop is down." in answer.text
    assert not Incident.objects.exists()


def test_what_is_filled_in_at_once_is_asked_to_be_sent_again(open_to_all):
    assert "send it again" in Client().post("/report/", outside()).text


def test_a_flood_ends_before_it_reaches_people(open_to_all, slowly, monkeypatch):
    cache.set("incidents:rate:report:outside", OF_ALL_OUTSIDE, 60)
    answer = Client().post("/report/", outside())
    assert answer.status_code == 429
    assert "The shop is down." in answer.text
    assert not Incident.objects.exists()


def test_an_office_behind_one_router_is_counted_person_by_person_and_strangers_by_address(
    open_to_all, slowly, monkeypatch
):
    monkeypatch.setattr("incidents.limits.OF_ADDRESS", 1)
    for number in range(3):
        assert send(browser(Role.REPORTER), form_key=f"{KEY}{number}").status_code == 302
    strangers = [Client().post("/report/", outside(form_key=f"{KEY}{name}")).status_code for name in "ab"]
    assert strangers == [302, 429]
    assert Incident.objects.count() == 4


def test_nobody_outside_reads_more_than_public_titles(open_to_all):
    incident = known("Invoices cannot be found")
    Incident.objects.filter(pk=incident.pk).update(title="Secret cause", description="Secret words")
    shown = Client().get("/report/known/", {"description": "invoices"}).text
    assert "Invoices cannot be found" in shown
    assert "Secret" not in shown


def test_somebody_outside_who_has_it_too_gets_a_page_of_their_own_and_calls_nobody(open_to_all, slowly):
    incident, worker = known("Invoices cannot be found"), responder()
    body = outside(me_too=incident.reference, description="", reporter_name="Zoe", reporter_email="zoe@example.net")
    pages = {Client().post("/report/", {**body, "files": file()}).url for _time in range(2)}
    own = Incident.objects.get(merged_into=incident)
    assert pages == {own.tracking_url}
    assert (own.told_title, own.attachments.count()) == ("Invoices cannot be found", 1)
    assert incident.events.filter(kind="joined", values__name="Zoe").exists()
    assert not Message.objects.filter(kind="incident.reported", to=worker).exists()
    services.acknowledge(incident_id=incident.pk, by=worker)
    told = Message.objects.filter(deliveries__address="zoe@example.net")
    assert {message.kind for message in told} == {"report.received", "report.acknowledged"}
    assert "2 people reported it" in Client().get("/report/known/", {"description": "invoices"}).text


def test_what_is_not_offered_is_not_joined_from_outside(open_to_all, slowly):
    incident = known("Invoices cannot be found")
    for body in ({"reporter_email": "no address"}, {"website": "x"}, {"description": "x" * 10_001}):
        assert Client().post("/report/", outside(me_too=incident.reference, **body)).status_code == 400
    services.describe(incident_id=incident.pk, by=responder(), changes={"public_title": ""})
    assert Client().post("/report/", outside(me_too=incident.reference)).status_code == 404
    with pytest.raises(NotLive):
        services.report(by=None, known_id=incident.pk)
    assert not Incident.objects.exclude(pk=incident.pk).exists()


# the page that tells


def test_an_answer_may_be_a_file_alone_and_reaches_those_at_work():
    incident, worker = reported(), responder()
    url = incident.tracking_url
    Client().post(url, {"form_key": KEY, "files": file()})
    assert incident.attachments.get().by_link
    assert Message.objects.filter(kind="incident.reply", to=worker).count() == 1
    page = Client().get(url).text
    assert "photo.png" in page
    empty = Client().post(url, {"form_key": KEY, "text": " "})
    assert empty.status_code == 400
    assert "Write your answer first." in empty.text


def test_files_for_an_answer_wait_too_and_not_where_it_is_over():
    incident = reported()
    waiting = f"{incident.tracking_url}waiting/"
    assert "photo.png" in Client().post(waiting, {"form_key": KEY, "files": file()}).text
    Client().post(incident.tracking_url, {"form_key": KEY, "text": "See the picture"})
    assert incident.attachments.count() == 1
    services.cancel(incident_id=incident.pk, by=responder(), reason="x")
    Incident.objects.update(cancelled_at=timezone.now() - timedelta(days=8))
    assert Client().post(waiting, {"form_key": KEY, "files": file()}).status_code == 404


def test_it_is_rated_on_the_page_once_it_works_again():
    incident = services.acknowledge(incident_id=reported().pk, by=responder())
    url = incident.tracking_url
    assert 'id="rating"' not in Client().get(url).text
    assert Client().post(f"{url}rating/", {"stars": 5}).status_code == 409
    services.resolve(incident_id=incident.pk, by=responder())
    assert Client().post(f"{url}rating/", {"stars": 9}).status_code == 400
    assert Client().post(f"{url}rating/", {"stars": 4, "text": "Quick"}).status_code == 302
    page = Client().get(url).text
    assert "The reporter gave 4 of 5" in page
    assert "Change it" in page


def test_the_reporter_corrects_and_takes_back_from_there_and_nobody_else():
    staff, other = browser(Role.REPORTER), browser(Role.REPORTER)
    incident = reported(by=staff.person)
    correct, withdraw = (f"/report/mine/{incident.reference}/{what}/" for what in ("correct", "withdraw"))
    assert correct in staff.get(incident.tracking_url).text
    assert correct not in Client().get(incident.tracking_url).text
    assert other.get(correct).status_code == other.post(withdraw, {"version": 1, "reason": "x"}).status_code == 404
    answer = staff.post(correct, {"version": incident.version, "description": "Other words"})
    assert answer.url == incident.tracking_url
    incident.refresh_from_db()
    assert incident.description == "Other words"
    stale = staff.post(correct, {"version": 1, "description": "Third words"})
    assert stale.status_code == 412
    assert "Third words" in stale.text
    assert staff.post(withdraw, {"version": incident.version, "reason": ""}).status_code == 400
    assert staff.post(withdraw, {"version": incident.version, "reason": "My cable"}).status_code == 302
    incident.refresh_from_db()
    assert incident.state == "cancelled"
