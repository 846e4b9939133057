"""Calls: each step at its time, ended by an answer, never lost, never too late, never about exercises."""

from datetime import UTC, datetime, time, timedelta

import pytest
from django.db import IntegrityError, connection

from catalog.choices import Criticality
from incidents import services
from incidents.choices import CallEnd, CallReason, CallState, EventKind, State
from incidents.errors import NobodyToCall, NotToEscalate
from incidents.models import EscalationRun, EscalationStepTaken, Incident, SilenceWatch
from notify.choices import DeliveryState
from notify.models import Delivery, Message
from people import services as people
from people.calendars import Window
from people.choices import Role
from tests.catalog.factories import ServiceFactory
from tests.incidents.factories import person, reported, responder
from tests.support.people import signed_in

pytestmark = pytest.mark.django_db

#: A Wednesday morning: people work.
NOW = datetime(2026, 6, 3, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
URGENT = {"scales": (1, 1)}


@pytest.fixture(autouse=True)
def _mail(settings):
    settings.EMAIL_CONFIGURED = True


@pytest.fixture
def clock(time_machine):
    time_machine.move_to(NOW, tick=False)
    return time_machine


@pytest.fixture
def ana():
    return responder(name="Ana")


@pytest.fixture
def bo():
    return responder(name="Bo")


def policy(*steps, **more):
    """Steps as (after minutes, person)."""
    given = [{"after": after * MINUTE, "whom": "person", "person": whom} for after, whom in steps]
    details = {"name": "Everything", "is_default": True, "steps": given, "by": "system:tests"}
    return people.add_policy(**details | more)


def at(clock, minutes):
    """The tick at this minute."""
    now = NOW + minutes * MINUTE
    clock.move_to(now, tick=False)
    return services.take_due_steps(now=now) + services.watch_silence(now=now)


def called():
    rows = Message.objects.filter(kind="incident.escalated").order_by("created_at")
    return [row.to.name for row in rows]


def said(incident):
    events = incident.events.filter(kind=EventKind.ESCALATED).order_by("at", "created_at")
    return [event.values["said"] for event in events]


def test_each_step_comes_at_its_time(clock, ana, bo):
    policy((0, ana), (5, bo))
    reported(**URGENT)
    assert called() == ["Ana"]

    assert at(clock, 4) == 0
    assert at(clock, 5) == 1
    assert at(clock, 5) == 0
    assert called() == ["Ana", "Bo"]


def test_the_rounds_repeat_and_then_everybody_hears(clock, ana, bo):
    policy((0, ana), (5, bo), repeat_count=1, pause=10 * MINUTE)
    incident = reported(**URGENT)
    for minute in range(1, 40):
        at(clock, minute)

    times = EscalationStepTaken.objects.order_by("taken_at").values_list("taken_at", flat=True)
    assert [(time - NOW) // MINUTE for time in times] == [0, 5, 15, 20, 30]
    assert called() == ["Ana", "Bo", "Ana", "Bo"]
    assert said(incident)[-1] == "ran_out"
    assert EscalationRun.objects.get().end == CallEnd.RAN_OUT
    assert set(Message.objects.filter(kind="incident.unanswered").values_list("to__name", flat=True)) == {"Ana", "Bo"}


def test_an_acknowledgement_between_steps_ends_the_calls_and_what_is_queued(clock, ana, bo):
    policy((0, ana), (5, bo))
    incident = reported(**URGENT)
    services.acknowledge(incident_id=incident.pk, by=ana)

    at(clock, 60 * 24)
    assert called() == ["Ana"]
    assert EscalationRun.objects.get().end == CallEnd.ANSWERED
    assert EscalationStepTaken.objects.get(position=2).state == CallState.CANCELLED
    mails = Delivery.objects.filter(message__kind="incident.escalated").exclude(way="in_app")
    assert {row.state for row in mails if row.sent_at is None} == {DeliveryState.CANCELLED}


@pytest.mark.parametrize("end", ["cancel", "hold", "resolve", "mitigate"])
def test_whatever_ends_the_work_ends_the_calls(end, clock, ana):
    policy((0, ana), (5, ana))
    incident = reported(**URGENT)
    if end != "cancel":
        services.acknowledge(incident_id=incident.pk, by=ana)
        services.escalate_now(incident_id=incident.pk, by=ana)
    on_hold = {"hold_reason": "vendor", "reason": "x", "resume_at": NOW + timedelta(days=1)}
    more = {"cancel": {"reason": "x"}, "hold": on_hold}.get(end, {})

    getattr(services, end)(incident_id=incident.pk, by=ana, **more)

    assert not EscalationRun.objects.filter(ended_at=None).exists()
    assert not SilenceWatch.objects.exists()


def test_without_a_policy_those_who_work_are_told_as_ever(clock, ana, bo):
    reported(**URGENT)

    assert not EscalationRun.objects.exists()
    assert set(Message.objects.values_list("kind", "to__name")) == {
        ("incident.reported", "Ana"),
        ("incident.reported", "Bo"),
    }


def test_with_a_policy_nobody_but_the_called_is_told(clock, ana, bo):
    policy((0, ana))
    reported(**URGENT)

    assert list(Message.objects.values_list("kind", "to__name")) == [("incident.escalated", "Ana")]


def test_exercises_call_nobody(clock, ana):
    policy((0, ana))
    incident = reported()
    Incident.objects.filter(pk=incident.pk).update(cause_key="exercise:1", severity=1)
    incident.refresh_from_db()

    assert services.begin_escalation(incident, reason=CallReason.OPENED, now=NOW) is None


def test_the_most_needed_service_says_who_is_called(clock, ana, bo):
    policy((0, ana))
    own = policy((0, bo), name="Payments", is_default=False)
    plain = ServiceFactory(criticality=Criticality.NORMAL)
    needed = ServiceFactory(criticality=Criticality.CRITICAL, escalation_policy=own)

    reported(services=[plain, needed], **URGENT)

    assert called() == ["Bo"]


def test_less_severe_incidents_call_nobody_at_night_and_wait_for_working_hours(clock, ana, bo):
    policy((0, ana), (5, bo), beyond="working_hours")
    night = NOW.replace(hour=23)
    clock.move_to(night, tick=False)
    reported()
    assert called() == []

    morning = EscalationStepTaken.objects.get().due_at
    assert night < morning < night + timedelta(hours=12)
    services.take_due_steps(now=morning)
    assert called() == ["Ana"]


def test_less_severe_incidents_call_nobody_where_the_policy_says_so(clock, ana):
    policy((0, ana))
    reported()

    assert not EscalationRun.objects.exists()
    assert Message.objects.filter(kind="incident.reported", to=ana).exists()


def test_what_becomes_severe_calls_at_once(clock, ana, bo):
    policy((0, ana), beyond="working_hours")
    clock.move_to(NOW.replace(hour=23), tick=False)
    incident = reported()

    services.change_severity(incident_id=incident.pk, by=bo, reason="x", severity=1)

    assert called() == ["Ana"]
    assert set(EscalationRun.objects.values_list("end", flat=True)) == {"", CallEnd.REPLACED}


def test_what_becomes_less_severe_calls_nobody_any_more(clock, ana, bo):
    policy((0, ana), (5, bo))
    incident = reported(**URGENT)

    services.change_severity(incident_id=incident.pk, by=bo, reason="x", severity=4)

    assert EscalationRun.objects.get().end == CallEnd.LOWERED


def test_whoever_cannot_be_reached_is_noted_and_the_next_is_called_at_once(clock, ana):
    mute = responder(name="Mute", email="")
    policy((0, mute), (30, ana))

    incident = reported(**URGENT)

    assert called() == ["Mute", "Ana"]
    assert sorted(said(incident)) == ["called", "unreached"]
    assert "Could not call Mute" in incident.events.filter(values__said="unreached").get().sentence


def test_a_duty_that_nobody_has_is_noted_and_the_next_is_called_at_once(clock, ana):
    empty = people.add_roster(name="Empty", time_zone="UTC", by="system:tests")
    steps = [{"whom": "roster", "roster": empty}, {"whom": "person", "person": ana, "after": 30 * MINUTE}]
    policy(steps=steps)

    incident = reported(**URGENT)

    assert (called(), sorted(said(incident))) == (["Ana"], ["called", "nobody"])
    assert "Whoever is on duty" in incident.events.filter(values__said="nobody").get().sentence


def test_where_nobody_at_all_can_be_called_everybody_hears_at_once(clock, ana):
    empty = people.add_roster(name="Empty", time_zone="UTC", by="system:tests")
    policy(steps=[{"whom": "roster", "roster": empty}], repeat_count=5)

    incident = reported(**URGENT)

    assert sorted(said(incident)) == ["nobody", "ran_out"]
    told = Message.objects.get(kind="incident.unanswered", to=ana)
    assert "could be called: nobody has the duty" in told.body
    page = signed_in(Role.RESPONDER).get(incident.get_absolute_url()).content.decode()
    assert "everybody who works on incidents</span>" in page


def test_whoever_is_on_duty_when_the_step_comes_is_called_or_their_substitute(clock, ana, bo):
    roster = people.add_roster(name="First line", time_zone="UTC", by="system:tests")
    people.add_rotation(
        roster_id=roster.pk, name="Days", period="days", people=[ana, bo], starts_on=NOW.date(), by="system:tests"
    )
    cy = responder(name="Cy")
    people.plan_absence(
        person=bo, substitute=cy, starts_at=NOW + timedelta(days=1), ends_at=NOW + timedelta(days=2), by=bo
    )
    policy(steps=[{"whom": "roster", "roster": roster}], pause=timedelta(days=1))

    incident = reported(**URGENT)
    assert called() == ["Ana"]

    at(clock, 24 * 60)
    assert set(called()) == {"Ana", "Bo", "Cy"}
    assert incident.events.filter(values__round=2).get().values["name"] == "Cy"


@pytest.mark.parametrize("whom", ["team", "team_manager"])
def test_a_team_or_its_manager_is_called(whom, clock, ana, bo):
    team = people.add_team(name="Payments", manager=bo, members=[ana], by="system:tests")
    policy(steps=[{"whom": whom, "team": team}])
    reported(**URGENT)

    assert called() == (["Ana"] if whom == "team" else ["Bo"])


def test_the_owner_of_the_service_is_called(clock, ana):
    policy(steps=[{"whom": "service_owner"}])
    reported(services=[ServiceFactory(owner=ana)], **URGENT)

    assert called() == ["Ana"]


def test_the_plan_is_that_of_the_beginning(clock, ana, bo):
    made = policy((0, ana), (5, bo))
    reported(**URGENT)
    people.change_policy(policy_id=made.pk, steps=[], by="system:tests")

    at(clock, 5)
    assert called() == ["Ana", "Bo"]


def test_what_fell_due_too_long_ago_calls_nobody_and_is_said_instead(clock, ana, bo):
    policy((0, ana), (5, bo))
    incident = reported(**URGENT)

    at(clock, 60 * 24 * 40)

    assert called() == ["Ana"]
    assert said(incident)[-1] == "stale"
    assert set(Message.objects.filter(kind="incident.unanswered").values_list("urgency", flat=True)) == {"normal"}


def test_the_next_step_is_taken_when_somebody_asks(clock, ana, bo):
    policy((0, ana), (60, bo))
    incident = reported(**URGENT)

    services.escalate_now(incident_id=incident.pk, by=ana)

    assert called() == ["Ana", "Bo"]
    assert incident.events.filter(kind=EventKind.ESCALATED, by=ana).count() == 1


def test_help_is_asked_for_whatever_the_severity(clock, ana, bo):
    policy((0, bo))
    incident = reported()
    services.acknowledge(incident_id=incident.pk, by=ana)

    services.escalate_now(incident_id=incident.pk, by=ana)
    services.note(incident_id=incident.pk, by=ana, text="I cannot do it alone.")
    assert called() == ["Bo"]

    clock.move_to(NOW + MINUTE, tick=False)
    services.still_on_it(incident_id=incident.pk, by=bo)
    assert EscalationRun.objects.get().end == CallEnd.ANSWERED


def test_nobody_is_called_about_what_is_over_or_has_no_policy(clock, ana):
    incident = reported()
    with pytest.raises(NobodyToCall):
        services.escalate_now(incident_id=incident.pk, by=ana)
    services.cancel(incident_id=incident.pk, by=ana, reason="x")
    with pytest.raises(NotToEscalate):
        services.escalate_now(incident_id=incident.pk, by=ana)
    with pytest.raises(NotToEscalate):
        services.still_on_it(incident_id=incident.pk, by=ana)


def test_the_acknowledged_and_forgotten_comes_back(clock, ana, bo):
    policy((0, bo), patience={1: (30 * MINUTE, 15 * MINUTE)})
    incident = reported(**URGENT)
    people.add_contact(person=ana, kind="app", address="ntfy://topic", by=ana)
    ana.contact_methods.update(verified_at=NOW)
    services.acknowledge(incident_id=incident.pk, by=ana)

    assert at(clock, 29) == 0
    assert at(clock, 30) == 1
    [told] = Message.objects.filter(kind="incident.forgotten")
    assert {row.way for row in told.deliveries.all()} == {"in_app", "email", "contact"}

    assert at(clock, 44) == 0
    assert at(clock, 45) == 1
    assert called() == ["Bo", "Bo"]
    assert sorted(said(incident)) == ["again", "called", "called", "reminded"]


def test_a_sign_of_life_puts_it_off(clock, ana, bo):
    policy((0, bo), patience={1: (30 * MINUTE, 15 * MINUTE)})
    incident = reported(**URGENT)
    services.acknowledge(incident_id=incident.pk, by=ana)
    clock.move_to(NOW + 20 * MINUTE, tick=False)
    services.note(incident_id=incident.pk, by=bo, text="Looking.")

    assert at(clock, 30) == 0
    assert at(clock, 50) == 1
    clock.move_to(NOW + 51 * MINUTE, tick=False)
    services.note(incident_id=incident.pk, by=ana, text="Still looking.")
    assert at(clock, 65) == 0
    assert called() == ["Bo"]
    assert at(clock, 81) == 1


def test_a_sign_of_life_ends_the_calls_about_what_was_forgotten(clock, ana, bo):
    policy((0, bo), (10, bo), patience={1: (30 * MINUTE, 15 * MINUTE)})
    incident = reported(**URGENT)
    services.acknowledge(incident_id=incident.pk, by=ana)
    at(clock, 30)
    at(clock, 45)
    clock.move_to(NOW + 50 * MINUTE, tick=False)
    services.note(incident_id=incident.pk, by=ana, text="Sorry, I am on it.")

    at(clock, 60)
    assert called() == ["Bo", "Bo"]
    assert EscalationRun.objects.first().end == CallEnd.ANSWERED


def test_nothing_comes_back_after_months(clock, ana):
    policy((0, ana), patience={1: (30 * MINUTE, 15 * MINUTE)})
    incident = reported(**URGENT)
    services.acknowledge(incident_id=incident.pk, by=ana)

    assert at(clock, 60 * 24 * 90) == 0
    assert not Message.objects.filter(kind="incident.forgotten").exists()
    assert not SilenceWatch.objects.exists()


def test_the_forgotten_of_the_absent_asks_whoever_acts_for_them(clock, ana, bo):
    policy((0, bo), patience={1: (30 * MINUTE, 15 * MINUTE)})
    incident = reported(**URGENT)
    services.acknowledge(incident_id=incident.pk, by=ana)
    people.plan_absence(person=ana, substitute=bo, starts_at=NOW, ends_at=NOW + timedelta(days=1), by=ana)

    at(clock, 30)
    assert set(Message.objects.filter(kind="incident.forgotten").values_list("to__name", flat=True)) == {"Ana", "Bo"}


def test_of_a_restricted_incident_hear_only_those_who_may_see_it(clock, ana):
    boss = person(Role.ADMINISTRATOR, name="Boss")
    policy((0, ana), (5, boss))
    incident = reported(**URGENT)
    services.describe(incident_id=incident.pk, by=boss, changes={"is_restricted": True})
    Message.objects.all().delete()
    EscalationRun.objects.all().delete()
    incident.refresh_from_db()

    services.begin_escalation(incident, reason=CallReason.OPENED, now=NOW)

    assert called() == ["Boss"]


def test_opened_again_from_cancelled_calls_again(clock, ana):
    policy((0, ana))
    incident = reported(**URGENT)
    services.cancel(incident_id=incident.pk, by=ana, reason="x")
    services.reopen(incident_id=incident.pk, by=ana, reason="x")

    assert Incident.objects.get().state == State.TRIAGE
    assert called() == ["Ana", "Ana"]


def test_nothing_is_called_while_the_house_is_held(clock, ana, bo):
    policy((0, ana), (5, bo))
    reported(**URGENT)
    people.hold(copy_taken_at=NOW, by="system:tests")

    assert at(clock, 5) == 0


def test_the_database_knows_one_run_an_incident_and_one_step_a_round(clock, ana):
    policy((0, ana))
    incident = reported(**URGENT)
    run = EscalationRun.objects.get()
    with pytest.raises(IntegrityError, match="escalation_step_is_one_a_round"):
        EscalationStepTaken.objects.create(run=run, position=1, due_at=NOW, fence=run.fence)
    assert incident.pk


@pytest.fixture
def shop():
    """A service that is worked on from two in the afternoon, on Saturdays too."""
    calendar = people.add_calendar(
        name="Shop", hours=dict.fromkeys(range(6), (Window(time(14), time(22)),)), by="system:tests"
    )
    made = ServiceFactory(criticality=Criticality.CRITICAL)
    for severity in (1, 3):
        services.promise(
            severity=severity, service=made, calendar=calendar, resolve_within=timedelta(hours=8), by="system:tests"
        )
    return made


def test_what_waits_for_working_hours_waits_for_those_of_its_service(clock, ana, bo, shop):
    policy((0, ana), (60, bo), beyond="working_hours")
    friday = datetime(2026, 6, 5, 21, 30, tzinfo=UTC)
    clock.move_to(friday - timedelta(hours=9), tick=False)
    reported(services=[ServiceFactory(), shop])
    assert called() == []
    assert EscalationStepTaken.objects.get().due_at == friday.replace(hour=14, minute=0)

    services.take_due_steps(now=friday)
    assert called() == ["Ana"]
    assert EscalationStepTaken.objects.get(state=CallState.DUE).due_at == datetime(2026, 6, 6, 14, tzinfo=UTC)


def test_what_becomes_less_severe_waits_for_the_hours_of_its_service(clock, ana, bo, shop):
    policy((0, ana), (5, bo), beyond="working_hours")
    incident = reported(services=[shop], **URGENT)

    services.change_severity(incident_id=incident.pk, by=ana, reason="x", severity=3)

    assert EscalationStepTaken.objects.get(state=CallState.DUE).due_at == NOW.replace(hour=14)


def test_what_calls_nobody_at_midnight_reminds_nobody_at_midnight(clock, ana, bo, shop):
    policy((0, bo), patience={3: (30 * MINUTE, 15 * MINUTE)})
    clock.move_to(datetime(2026, 6, 6, 21, 50, tzinfo=UTC), tick=False)
    incident = reported(services=[shop])
    services.acknowledge(incident_id=incident.pk, by=ana)

    midnight, monday = datetime(2026, 6, 7, 0, tzinfo=UTC), datetime(2026, 6, 8, 14, tzinfo=UTC)
    assert services.watch_silence(now=midnight) == 0
    assert SilenceWatch.objects.get().due_at == monday
    assert services.watch_silence(now=monday) == 1
    assert services.watch_silence(now=monday + 15 * MINUTE) == 1
    assert called() == ["Bo"]


def test_taking_it_over_and_the_end_of_the_calls_are_one_transaction(clock, ana, bo):
    policy((0, ana), (5, bo))
    incident = reported(**URGENT)
    with connection.cursor() as cursor:
        cursor.execute(
            """CREATE FUNCTION pg_temp.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN RAISE EXCEPTION 'nothing is cancelled' USING ERRCODE = 'integrity_constraint_violation'; END $$;
            CREATE TRIGGER refuse BEFORE UPDATE OF state ON notify_delivery
            FOR EACH ROW WHEN (NEW.state = 'cancelled') EXECUTE FUNCTION pg_temp.refuse()"""
        )

    with pytest.raises(IntegrityError, match="nothing is cancelled"):
        services.acknowledge(incident_id=incident.pk, by=ana)

    incident.refresh_from_db()
    assert incident.state == State.TRIAGE
    assert EscalationRun.objects.get().ended_at is None
    assert at(clock, 5) == 1
    assert called() == ["Ana", "Bo"]
