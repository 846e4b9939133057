"""Two reports of one thing: merged, kept posted, and taken apart again."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from backups.choices import Outcome, RunKind, StepName
from incidents import services
from incidents.choices import EventKind, State
from incidents.errors import AnotherIsLive, CannotMerge, CannotMove, IsOver, NotMerged, NotOverYet
from incidents.models import Incident
from notify.models import Message
from people.choices import Role
from tests.catalog.factories import ServiceFactory
from tests.incidents.factories import CopyFactory, PolicyFactory, ended, person, reported, responder

pytestmark = pytest.mark.django_db


def merged(one, into, by=None):
    services.merge(incident_id=one.pk, into_id=into.pk, by=by or responder(), reason="the same fault")
    one.refresh_from_db()
    into.refresh_from_db()
    return one


def failed(policy):
    ended(policy, RunKind.RESTORE_TEST, Outcome.FAIL, failed_level=4, failed_step=StepName.RESTORE)


def test_what_is_merged_names_the_other_and_gives_it_what_is_affected_and_the_worse_severity():
    service = ServiceFactory()
    one, into = reported(badness="stopped", services=[service]), reported(badness="noticed")
    merged(one, into)
    assert (one.state, one.merged_into, into.severity) == (State.MERGED, into, 2)
    assert list(into.services.all()) == [service]
    assert one.reference in into.events.get(kind=EventKind.MERGED).sentence
    assert into.reference in one.events.first().sentence


def test_an_address_that_reported_twice_hears_once(settings):
    settings.EMAIL_CONFIGURED = True
    first, second = reported(), reported()
    Incident.objects.update(reporter=None, reporter_name="Zoe", reporter_email="zoe@example.org")
    services.merge(incident_id=second.pk, into_id=first.pk, by=responder())
    services.acknowledge(incident_id=first.pk, by=responder())
    assert Message.objects.filter(kind="report.acknowledged").count() == 1


def test_those_of_the_merged_one_hear_of_the_other_in_their_own_title_and_nobody_twice():
    one, into = reported(description="My printer"), reported(description="The whole network")
    both = into.reporter
    services.join(incident_id=one.pk, by=both)
    merged(one, into)
    services.acknowledge(incident_id=into.pk, by=responder())
    told = Message.objects.filter(kind="report.acknowledged")
    assert sorted(message.to.name for message in told) == sorted([one.reporter.name, both.name])
    mine = told.get(to=one.reporter)
    assert "My printer" in mine.subject + mine.body
    assert "network" not in mine.subject + mine.body


def test_what_had_taken_others_in_brings_them_along():
    first, second, third = reported(), reported(), reported()
    merged(first, second)
    merged(second, third)
    first.refresh_from_db()
    assert (first.merged_into, first.state) == (third, State.MERGED)


@pytest.mark.parametrize("state", [State.RESOLVED, State.CLOSED, State.CANCELLED])
def test_what_is_over_takes_nothing_in(state):
    into = reported()
    Incident.objects.filter(pk=into.pk).update(state=state, resolved_at=timezone.now())
    with pytest.raises(CannotMerge, match="only what is still worked on"):
        services.merge(incident_id=reported().pk, into_id=into.pk, by=responder())


def test_nothing_is_merged_into_itself_or_across_what_may_not_be_read_or_is_an_exercise():
    one, restricted, exercise = reported(), reported(), reported()
    Incident.objects.filter(pk=restricted.pk).update(is_restricted=True)
    Incident.objects.filter(pk=exercise.pk).update(cause_key="exercise:1")
    for into in (one, restricted, exercise):
        with pytest.raises(CannotMerge):
            services.merge(incident_id=one.pk, into_id=into.pk, by=responder())
    one.refresh_from_db()
    assert one.state == State.TRIAGE


def test_what_is_over_or_merged_is_not_merged_again():
    one, into = reported(), reported()
    merged(one, into)
    with pytest.raises(CannotMove, match="took it in"):
        services.merge(incident_id=one.pk, into_id=reported().pk, by=responder())


def test_a_major_one_is_not_swallowed_by_one_that_is_not():
    one = reported()
    services.declare_major(incident_id=one.pk, by=responder(), reason="all sites")
    with pytest.raises(CannotMerge, match="major"):
        services.merge(incident_id=one.pk, into_id=reported().pk, by=responder())


def test_taken_out_again_it_stands_where_it_stood_with_what_it_had_taken_in_and_its_open_tasks():
    inner, one, into, by = reported(), reported(), reported(), responder()
    services.acknowledge(incident_id=one.pk, by=by)
    until = timezone.now() + timedelta(days=1)
    services.hold(incident_id=one.pk, by=by, hold_reason="vendor", reason="x", resume_at=until)
    merged(inner, one)
    task = services.add_task(incident_id=one.pk, title="Call the provider", by=by)
    merged(one, into)
    task.refresh_from_db()
    assert task.incident == into
    back = services.unmerge(incident_id=one.pk, by=by, reason="another cable")
    inner.refresh_from_db()
    task.refresh_from_db()
    assert (back.state, back.merged_into, back.hold_reason, back.resume_at) == (State.ON_HOLD, None, "vendor", until)
    assert (inner.merged_into, task.incident, task.came_from) == (one, one, None)
    assert into.events.filter(kind=EventKind.UNMERGED).exists()
    with pytest.raises(NotMerged):
        services.unmerge(incident_id=one.pk, by=by, reason="again")


def test_what_fails_again_or_is_proven_for_a_merged_cause_counts_for_what_goes_on():
    policy, into, by = PolicyFactory(), reported(), responder()
    failed(policy)
    found = Incident.objects.get(cause_key=policy.cause_key)
    services.acknowledge(incident_id=into.pk, by=by)
    merged(found, into)
    failed(policy)
    assert Incident.objects.filter(cause_key=policy.cause_key).count() == 1
    assert into.events.filter(kind=EventKind.FAILED_AGAIN).exists()
    ended(policy, RunKind.RESTORE_TEST, Outcome.PASS, copy=CopyFactory(policy=policy), level=5)
    found.refresh_from_db()
    into.refresh_from_db()
    assert (found.failed_rungs, found.state, into.state) == ([], State.MERGED, State.ACTIVE)
    assert Message.objects.get(kind="incident.proven_again").to == by


def test_a_persons_report_that_took_a_cause_in_is_not_ended_by_the_system():
    policy, into = PolicyFactory(), reported()
    failed(policy)
    merged(Incident.objects.get(cause_key=policy.cause_key), into)
    ended(policy, RunKind.RESTORE_TEST, Outcome.PASS, copy=CopyFactory(policy=policy), level=5)
    into.refresh_from_db()
    assert into.state == State.TRIAGE
    assert Message.objects.filter(kind="incident.proven_again").exists()


def test_once_what_goes_on_is_over_a_failure_opens_a_new_one_linked_to_it():
    policy, into, by = PolicyFactory(), reported(), responder()
    failed(policy)
    found = merged(Incident.objects.get(cause_key=policy.cause_key), into)
    services.acknowledge(incident_id=into.pk, by=by)
    services.resolve(incident_id=into.pk, by=by)
    failed(policy)
    new = Incident.objects.exclude(pk=found.pk).get(cause_key=policy.cause_key)
    assert (new.state, new.previous) == (State.TRIAGE, into)
    with pytest.raises(AnotherIsLive, match=new.reference):
        services.unmerge(incident_id=found.pk, by=by, reason="something else")


def test_the_database_itself_refuses_a_merged_one_that_names_no_other():
    one, other = reported(), reported()
    for broken in ({"state": State.MERGED}, {"merged_into": other}):
        with pytest.raises(IntegrityError, match="incident_merged_names_the_other"), transaction.atomic():
            Incident.objects.filter(pk=one.pk).update(**broken)


def test_outsiders_cannot_reach_either(client):
    one, into = reported(), reported()
    client.force_login(person(Role.REPORTER))
    answer = client.post(f"/incidents/{one.reference}/merge/", {"version": 1, "reference": into.reference})
    assert answer.status_code == 404


def test_the_tracking_page_of_the_merged_one_says_what_it_is_worked_on_with_and_how_that_stands():
    one, into = reported(description="My printer"), reported(description="Secret words of another")
    services.describe(incident_id=into.pk, by=responder(), changes={"public_title": "The network is slow"})
    services.acknowledge(incident_id=into.pk, by=responder(name="Ben"))
    merged(one, into)
    page = Client().get(one.tracking_url).text
    assert f"worked on together with them as {into.reference}, “The network is slow”" in page
    assert "Ben is working on it." in page
    assert "Secret words" not in page


def test_an_answer_there_reaches_those_at_work_on_the_other_and_nobody_who_reported_that(tmp_path, settings):
    settings.DATA_DIR = tmp_path
    one, into, ben = reported(description="My printer"), reported(), responder(name="Ben")
    services.acknowledge(incident_id=into.pk, by=ben)
    merged(one, into)
    png = SimpleUploadedFile("photo.png", b"\x89PNG\r\n\x1a\n" + bytes(64))
    sent = Client().post(one.tracking_url, {"text": "Mine is dead too", "files": png})
    assert sent.status_code == 302
    assert Message.objects.get(kind="incident.reply", to=ben).about_id == str(into.pk)
    heard = into.events.get(kind=EventKind.REPLY)
    assert (heard.text, heard.sentence) == ("Mine is dead too", f"Answer of the reporter of {one.reference}")
    assert (one.attachments.count(), into.attachments.count()) == (1, 1)
    own, other = Client().get(one.tracking_url).text, Client().get(into.tracking_url).text
    assert ("Mine is dead too" in own, "photo.png" in own) == (True, True)
    assert ("Mine is dead too" in other, "photo.png" in other) == (False, False)


def test_its_reporter_rates_how_it_was_handled_there():
    one, into, ben = reported(), reported(), responder()
    services.acknowledge(incident_id=into.pk, by=ben)
    merged(one, into)
    with pytest.raises(NotOverYet):
        services.rate(incident_id=one.pk, by=one.reporter, stars=5)
    services.resolve(incident_id=into.pk, by=ben, text="A new cable")
    assert "rating" in Client().get(one.tracking_url).text
    assert services.rate(incident_id=one.pk, by=one.reporter, stars=5).incident == one


def test_what_went_on_elsewhere_and_is_over_takes_no_answer():
    one, into = reported(), reported()
    merged(one, into)
    services.cancel(incident_id=into.pk, by=responder(), reason="a drill")
    Incident.objects.filter(pk=into.pk).update(cancelled_at=timezone.now() - timedelta(days=30))
    with pytest.raises(IsOver):
        services.reply(incident_id=one.pk, by=None, text="Hello?")
    assert "id_text" not in Client().get(one.tracking_url).text
