"""What one person ends, joins or merges takes nothing from others: tasks, calls, answers, and what is restricted."""

from datetime import timedelta

import pytest
from django.http import QueryDict
from django.utils import timezone

from common.errors import DomainError
from incidents import services
from incidents.choices import TO_DO, State
from incidents.clocks.choices import ClockKind
from incidents.errors import AnotherIsLive, IsOver, NotLive, Unfit
from incidents.models import EscalationRun, Incident, SilenceWatch
from incidents.selectors import CasesWanted, clocks_of
from incidents.services import Words
from notify.models import Message
from people import services as people
from people.calendars import WHOLE_DAY
from people.choices import Role
from tests.incidents.factories import person, reported, responder

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def fresh(incident):
    return Incident.objects.get(pk=incident.pk)


def closed(by):
    incident = services.acknowledge(incident_id=reported().pk, by=by)
    services.resolve(incident_id=incident.pk, by=by)
    return services.close(incident_id=incident.pk, by=by)


def told():
    return set(Message.objects.values_list("to__name", flat=True))


def test_what_is_taken_back_leaves_no_task_that_nobody_can_end():
    incident, by = reported(), responder()
    services.add_task(incident_id=incident.pk, title="Call", by=by, assignee=by, due_at=timezone.now() + DAY)
    services.withdraw(incident_id=incident.pk, by=incident.reporter, reason="It was my cable.")
    assert fresh(incident).state == State.CANCELLED
    assert not incident.tasks.filter(state__in=TO_DO).exists()


def test_what_others_reported_too_or_is_major_is_not_ended_by_whoever_reported_it_first():
    shared, major = reported(), reported()
    Incident.objects.filter(pk=shared.pk).update(public_title="No invoices")
    services.report(by=None, known_id=shared.pk, reporter_email="guest@example.net")
    services.declare_major(incident_id=major.pk, by=responder(), reason="all sites", commander=responder())
    for incident in (shared, major):
        services.withdraw(incident_id=incident.pk, by=incident.reporter, reason="Mine works again.")
        assert fresh(incident).state == State.TRIAGE


def test_what_becomes_urgent_by_taking_another_in_goes_on_being_called_about(settings):
    settings.EMAIL_CONFIGURED = True
    step = {"after": timedelta(0), "whom": "person", "person": responder(name="Ana")}
    people.add_policy(name="Urgent", is_default=True, steps=[step], calls_up_to=2, by="system:tests")
    urgent, slight = reported(scales=(1, 1)), reported(scales=(3, 3))
    services.merge(incident_id=urgent.pk, into_id=slight.pk, by=responder())
    assert fresh(slight).severity == 1
    assert EscalationRun.objects.filter(incident=slight, ended_at=None, is_held=False).exists()


def test_what_is_taken_out_again_is_looked_after_as_before_and_says_what_it_waits_for():
    by = responder()
    step = {"after": timedelta(0), "whom": "person", "person": by}
    people.add_policy(name="All", is_default=True, steps=[step], by="system:tests")
    active, into = reported(scales=(1, 1)), reported()
    services.acknowledge(incident_id=active.pk, by=by)
    services.merge(incident_id=active.pk, into_id=into.pk, by=by)
    services.unmerge(incident_id=active.pk, by=by, reason="two things")
    assert SilenceWatch.objects.filter(incident=active).exists()

    always = people.add_calendar(name="Always", hours=dict.fromkeys(range(7), (WHOLE_DAY,)), by="system:tests")
    services.promise(severity=1, calendar=always, resolve_within=DAY, by="system:tests")
    waits = {"hold_reason": "caller", "reason": "x", "resume_at": timezone.now() + DAY}
    services.hold(incident_id=active.pk, by=by, **waits)
    services.merge(incident_id=active.pk, into_id=into.pk, by=by)
    services.unmerge(incident_id=active.pk, by=by, reason="two things")
    now = timezone.now() + timedelta(hours=1)
    clock = clocks_of([fresh(active)], now)[active.pk].of(ClockKind.RESOLVE)
    assert clock.segments()[-1].reason == "caller"


def test_nothing_is_resolved_after_it_was_closed():
    by = responder()
    incident, now = closed(by), timezone.now()
    past = {"reported_at": now - 5 * DAY, "resolved_at": now - 3 * DAY, "closed_at": now - 2 * DAY}
    Incident.objects.filter(pk=incident.pk).update(**past)
    with pytest.raises(Unfit):
        services.correct_time(incident_id=incident.pk, which="resolved_at", at=now - DAY, reason="log", by=by)


def test_what_happens_again_is_opened_once_by_two_who_see_it():
    by = responder()
    old = closed(by)
    new = services.open_again_as_new(incident_id=old.pk, by=by, reason="it is back")
    with pytest.raises(AnotherIsLive, match=new.reference):
        services.open_again_as_new(incident_id=old.pk, by=responder(), reason="it is back")


def test_of_a_restricted_one_in_nobodys_charge_only_administrators_hear():
    by = responder()
    responder(name="Stranger")
    person(Role.ADMINISTRATOR, name="Boss")
    old, open_one = closed(by), reported()
    for incident in (old, open_one):
        services.describe(incident_id=incident.pk, by=by, changes={"is_restricted": True})
    Message.objects.all().delete()
    services.open_again_as_new(incident_id=old.pk, by=by, reason="it is back")
    services.reply(incident_id=open_one.pk, by=open_one.reporter, text="The salaries are on the screen.")
    assert told() == {"Boss"}


@pytest.mark.parametrize("meanwhile", [{"is_restricted": True}, {"state": State.CANCELLED}])
def test_what_was_restricted_or_ended_a_moment_ago_is_not_joined(meanwhile):
    incident = reported()
    Incident.objects.filter(pk=incident.pk).update(public_title="No invoices", **meanwhile)
    with pytest.raises(NotLive):
        services.join(incident_id=incident.pk, by=person(Role.REPORTER))
    assert not incident.followers.exists()


def test_news_that_waited_are_not_published_of_what_was_cancelled_meanwhile():
    services.set_up_status_page(by="system:tests", audience="public", needs_second_person=True)
    incident, by = reported(), responder()
    words = {"en": Words("We are looking into it.", "No invoices")}
    given = {"audience": "public", "texts": words, "public_state": "investigating"}
    update = services.post_update(incident_id=incident.pk, by=by, **given)
    services.cancel(incident_id=incident.pk, by=by, reason="a drill")
    with pytest.raises(IsOver):
        services.approve_update(update_id=update.pk, by=responder())


@pytest.mark.parametrize("year", ["02024999", "2" * 5000, "0200", "20२4"])
def test_a_year_that_is_none_is_as_if_it_were_not_said(year):
    query = QueryDict(mutable=True)
    query["year"] = year
    assert CasesWanted.read(query).year is None


def test_an_override_at_the_end_of_time_is_refused_in_words():
    roster = people.add_roster(name="First line", time_zone="Europe/Berlin", by="system:tests")
    end = timezone.now().replace(year=9999, month=12, day=31)
    given = {"person": responder(), "starts_at": end - timedelta(hours=1), "ends_at": end}
    with pytest.raises(DomainError):
        people.add_override(roster_id=roster.pk, by="system:tests", **given)
