"""Reports: for oneself, for another, for somebody outside; sent twice, corrected, taken back and rated."""

from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone

from common.models import StoredFile
from incidents import services
from incidents.choices import EventKind, State
from incidents.errors import ChangedSince, IsOver, NotOverYet, RatedBefore, TooMany, TooManyFiles, Unfit
from incidents.models import Incident, Rating, TimelineEvent, Upload
from incidents.retention import uploads
from incidents.services import uploading
from notify.models import Delivery, Message
from people.choices import Role
from tests.incidents.factories import person, reported, responder

pytestmark = pytest.mark.django_db

PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    settings.EMAIL_CONFIGURED = True


def kept(form="f", *, by=None, name="a.png", content=PNG) -> Upload:
    return services.keep_upload(form=form, stream=BytesIO(content), name=name, person=by)


# whose report it is


def test_a_report_for_a_colleague_is_the_colleagues_and_both_know():
    by, colleague = person(Role.REPORTER), person(Role.REPORTER)
    incident = reported(by=by, reporter=colleague)
    assert (incident.reporter, incident.entered_by) == (colleague, by)
    assert Message.objects.get(kind="report.received", to=colleague).url == incident.tracking_url
    event = incident.events.get(kind=EventKind.REPORTED)
    assert event.sentence == f"Reported by {colleague}, entered by {by}"


def test_somebody_outside_gets_the_tracking_link_by_mail_in_their_language():
    incident = reported(
        by=responder(),
        source="phone",
        reporter_name="Zoe Outside",
        reporter_email="zoe@example.net",
        language="zh-hans",
    )
    assert (incident.reporter, incident.reporter_label, incident.source) == (None, "Zoe Outside", "phone")
    message = Message.objects.get(kind="report.received")
    assert (message.to, message.language, message.url) == (None, "zh-hans", incident.tracking_url)
    assert Delivery.objects.get(message=message).address == "zoe@example.net"
    assert not mail.outbox


def test_somebody_outside_hears_what_reporters_hear():
    incident = reported(by=None, reporter_email="zoe@example.net")
    services.acknowledge(incident_id=incident.pk, by=responder())
    services.update_reporters(incident_id=incident.pk, by=responder(), text="An hour more.")
    services.resolve(incident_id=incident.pk, by=responder())
    told = Delivery.objects.filter(address="zoe@example.net").values_list("message__kind", flat=True)
    assert set(told) == {"report.received", "report.acknowledged", "report.update", "report.resolved"}


def test_nobody_at_all_may_have_reported_it_and_everything_goes_on():
    incident = services.report(by=None, description="Mail is gone")
    assert incident.reporter_label == "Somebody who is not signed in"
    assert incident.events.get().by_label == ""
    services.acknowledge(incident_id=incident.pk, by=responder())
    assert services.resolve(incident_id=incident.pk, by=responder()).state == State.RESOLVED


def test_a_program_enters_reports_of_people_outside():
    incident = services.report(by="system:mail", description="x", source="email", reporter_email="zoe@example.net")
    assert (incident.reporter_email, incident.entered_by) == ("zoe@example.net", None)


# sent twice


def test_the_same_form_sent_twice_is_one_report():
    by = person(Role.REPORTER)
    first, second = reported(by=by, key="form-1"), reported(by=by, key="form-1", description="Other words")
    assert first == second
    assert reported(by=by, key="form-2") != first
    assert Incident.objects.count() == 2


def test_the_database_keeps_one_report_a_form():
    reported(key="form-1")
    other = reported()
    with pytest.raises(IntegrityError), transaction.atomic():
        Incident.objects.filter(pk=other.pk).update(report_key="form-1")


# limits


@pytest.mark.parametrize(
    ("field", "most"),
    [("description", 10_000), ("title", 160), ("place", 200), ("error_code", 100), ("steps_tried", 4000)],
)
def test_texts_have_an_end_and_the_refusal_names_the_field(field, most):
    assert reported(**{field: "x" * most})
    with pytest.raises(Unfit) as refused:
        reported(**{field: "x" * (most + 1)})
    assert refused.value.fields == {field: [f"At most {most} characters."]}


def test_nothing_said_is_no_report():
    with pytest.raises(Unfit):
        reported(description="  \n ")


@pytest.mark.parametrize("wrong", [timedelta(hours=1), datetime(1989, 12, 31, tzinfo=UTC)])
def test_it_began_in_the_past_and_after_1990(wrong):
    at = timezone.now() + wrong if isinstance(wrong, timedelta) else wrong
    with pytest.raises(Unfit) as refused:
        reported(occurred_at=at)
    assert list(refused.value.fields) == ["occurred_at"]


@pytest.mark.parametrize(
    "wrong",
    [{"description": "x" * 10_001}, {"steps_tried": "x" * 4001}, {"occurred_at": datetime(1989, 1, 1, tzinfo=UTC)},
     {"occurred_at": datetime(2999, 1, 1, tzinfo=UTC)}],
)  # fmt: skip
def test_the_database_refuses_the_same(wrong):
    incident = reported()
    with pytest.raises(IntegrityError), transaction.atomic():
        Incident.objects.filter(pk=incident.pk).update(**wrong)


# files that wait


def test_files_that_wait_come_with_the_report_and_wait_no_more():
    by = person(Role.REPORTER)
    kept(by=by, name="a.png")
    kept(by=by, name="b.png")
    incident = reported(by=by, files=services.take_uploads("f", by))
    assert [(file.name, file.is_from_reporter) for file in incident.attachments.all()] == [
        ("a.png", True),
        ("b.png", True),
    ]
    assert not Upload.objects.exists()


def test_nobody_takes_the_files_of_another():
    kept(by=person(Role.REPORTER))
    assert services.take_uploads("f", person(Role.REPORTER)) == []
    assert services.take_uploads("f", None) == []


def test_the_eleventh_file_is_refused():
    for number in range(10):
        kept(name=f"{number}.png")
    with pytest.raises(TooManyFiles, match="10 files"):
        kept()
    files = services.take_uploads("f", None)
    with pytest.raises(TooManyFiles):
        reported(files=[*files, files[0]])


def test_those_who_are_not_signed_in_do_not_fill_the_disk(monkeypatch):
    monkeypatch.setattr(uploading, "OF_ALL_OUTSIDE", 1)
    kept("one")
    with pytest.raises(TooMany):
        kept("two")
    assert kept("three", by=person(Role.REPORTER))


def test_a_file_left_out_is_gone_and_so_are_those_of_reports_never_sent():
    dropped, old, fresh = kept(), kept("old"), kept("fresh")
    services.drop_upload(form="f", person=None, upload_id=dropped.pk)
    services.drop_upload(form="f", person=None, upload_id=dropped.pk)
    now = timezone.now()
    Upload.objects.filter(pk=old.pk).update(created_at=now - timedelta(days=2))
    assert uploads(now) == 1
    assert list(Upload.objects.all()) == [fresh]
    assert list(StoredFile.objects.all()) == [fresh.file]


# joining


def test_what_was_typed_goes_to_those_who_work_on_what_was_joined():
    incident, by = reported(), person(Role.REPORTER)
    kept(by=by)
    services.join(incident_id=incident.pk, by=by, text="On my phone too", files=services.take_uploads("f", by))
    event = incident.events.get(kind=EventKind.JOINED)
    assert (event.text, event.is_public) == ("On my phone too", False)
    assert not incident.attachments.get().is_public


# correcting


def test_the_reporter_corrects_it_and_those_at_work_hear():
    by, worker = person(Role.REPORTER), responder()
    incident = reported(by=by, description="Mail is gone")
    services.correct(
        incident_id=incident.pk,
        by=by,
        changes={"description": "Mail is slow", "place": "Room 5"},
        version=incident.version,
    )
    incident.refresh_from_db()
    assert (incident.description, incident.title, incident.reported_as) == (
        "Mail is slow",
        "Mail is slow",
        "Mail is slow",
    )
    event = incident.events.get(kind=EventKind.CORRECTED)
    assert (event.text, event.is_public, event.values["changed"]) == ("Mail is slow", True, ["description", "place"])
    assert Message.objects.filter(kind="incident.corrected", to=worker).exists()


def test_nothing_new_is_no_correction_and_a_title_that_was_given_stays():
    by = person(Role.REPORTER)
    incident = reported(by=by, description="Mail is gone")
    services.describe(incident_id=incident.pk, by=responder(), changes={"title": "SMTP relay down"})
    services.correct(incident_id=incident.pk, by=by, changes={"description": "Mail is gone"})
    assert not TimelineEvent.objects.filter(kind=EventKind.CORRECTED).exists()
    services.correct(incident_id=incident.pk, by=by, changes={"description": "Mail is slow"})
    incident.refresh_from_db()
    assert (incident.title, incident.told_title) == ("SMTP relay down", "Mail is slow")


def test_a_correction_of_what_changed_meanwhile_is_refused():
    by = person(Role.REPORTER)
    incident = reported(by=by)
    services.describe(incident_id=incident.pk, by=responder(), changes={"place": "Room 5"})
    with pytest.raises(ChangedSince):
        services.correct(incident_id=incident.pk, by=by, changes={"place": "Room 6"}, version=incident.version)


def test_what_is_over_is_not_corrected_and_empty_words_are_none():
    by = person(Role.REPORTER)
    incident = reported(by=by)
    with pytest.raises(Unfit):
        services.correct(incident_id=incident.pk, by=by, changes={"description": " "})
    services.cancel(incident_id=incident.pk, by=responder(), reason="x")
    with pytest.raises(IsOver):
        services.correct(incident_id=incident.pk, by=by, changes={"place": "Room 6"})


# taking it back


def test_what_nobody_took_over_is_cancelled_by_its_reporter():
    by, worker = person(Role.REPORTER), responder()
    incident = services.withdraw(incident_id=reported(by=by).pk, by=by, reason="It was my cable")
    assert (incident.state, incident.cancelled_at is None) == (State.CANCELLED, False)
    assert incident.events.get(kind=EventKind.MOVED).sentence == "Taken back by the reporter"
    assert Message.objects.filter(kind="incident.withdrawn", to=worker).exists()
    with pytest.raises(IsOver):
        services.withdraw(incident_id=incident.pk, by=by, reason="Again")


@pytest.mark.parametrize("taken", ["acknowledged", "joined"])
def test_what_somebody_took_over_or_joined_is_not_ended_by_its_reporter_alone(taken):
    by, worker = person(Role.REPORTER), responder()
    incident = reported(by=by)
    if taken == "joined":
        services.join(incident_id=incident.pk, by=person(Role.REPORTER))
    else:
        services.acknowledge(incident_id=incident.pk, by=worker)
    incident = services.withdraw(incident_id=incident.pk, by=by, reason="It was my cable")
    assert incident.is_live
    assert incident.events.get(kind=EventKind.REPLY).sentence == "The reporter asks to take the report back"
    assert Message.objects.filter(kind="incident.reply", to=worker, subject__contains="asks to take it back").exists()


@pytest.mark.parametrize("reason", ["", "  ", "x" * 4001])
def test_taking_back_needs_a_reason(reason):
    by = person(Role.REPORTER)
    with pytest.raises(Unfit):
        services.withdraw(incident_id=reported(by=by).pk, by=by, reason=reason)


# rating


def resolved(by=None) -> Incident:
    incident = services.acknowledge(incident_id=reported(by=by).pk, by=responder())
    return services.resolve(incident_id=incident.pk, by=responder())


def test_it_is_rated_once_and_may_be_thought_over_for_a_week():
    incident = resolved()
    services.rate(incident_id=incident.pk, by=None, stars=2, text="Slow")
    services.rate(incident_id=incident.pk, by=None, stars=2, text="Slow")
    rating = services.rate(incident_id=incident.pk, by=None, stars=4, text="Slow, but kind")
    assert (rating.stars, Rating.objects.count()) == (4, 1)
    assert [event.sentence for event in incident.events.filter(kind=EventKind.RATED)] == [
        "The reporter gave 4 of 5", "The reporter gave 2 of 5"
    ]  # fmt: skip
    Rating.objects.update(created_at=timezone.now() - timedelta(days=8))
    assert not services.may_still_rate(incident)
    with pytest.raises(RatedBefore):
        services.rate(incident_id=incident.pk, by=None, stars=1)


def test_what_is_not_over_is_not_rated():
    with pytest.raises(NotOverYet):
        services.rate(incident_id=reported().pk, by=None, stars=5)


@pytest.mark.parametrize("wrong", [{"stars": 0}, {"stars": 6}, {"stars": 3, "text": "x" * 2001}])
def test_a_rating_is_from_one_to_five(wrong):
    with pytest.raises(Unfit):
        services.rate(incident_id=resolved().pk, by=None, **wrong)


def test_the_database_refuses_a_sixth_star_and_a_second_rating():
    rating = services.rate(incident_id=resolved().pk, by=None, stars=5)
    with pytest.raises(IntegrityError), transaction.atomic():
        Rating.objects.update(stars=6)
    with pytest.raises(IntegrityError), transaction.atomic():
        Rating.objects.create(incident=rating.incident, stars=1, changed_at=timezone.now())
