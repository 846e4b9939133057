"""The beginning of the calls, in the transaction of what makes them needed."""

from datetime import datetime, timedelta

from incidents.choices import URGENT_SEVERITY, CallEnd, CallReason, State
from incidents.models import EscalationRun, EscalationStepTaken, Incident
from incidents.services.audience import tell_channels_only, tell_workers
from incidents.services.escalation.choosing import calls_from, in_working_hours, plan_of, policy_for
from incidents.services.escalation.ending import finish, look_after, lower_escalation
from incidents.services.escalation.taking import take_what_is_due
from people.models import EscalationPolicy, User


def begin_escalation(
    incident: Incident, *, reason: CallReason, now: datetime, by: User | None = None
) -> list[User] | None:
    """Call people about it from now on, as its policy says. The caller's transaction holds the incident, or made it.

    by: whose doing it is; their own doings are no answer. Calls that go on already go on, unless they wait for
    working hours and it has become urgent. Returns whom it called at once; None: no policy calls anybody, so the
    caller tells people otherwise.
    """
    running = EscalationRun.objects.filter(incident=incident, ended_at=None).first()
    if running is not None and not (running.is_held and reason in {CallReason.URGENT, CallReason.ASKED}):
        return []
    policy = policy_for(incident)
    plan = plan_of(policy) if policy else {}
    begins = _begins(policy, incident, reason, now) if policy else None
    if policy is None or not plan or begins is None:
        return None
    if running is not None:
        finish(running, CallEnd.REPLACED, now)
    is_held = incident.severity > policy.calls_up_to and reason != CallReason.ASKED
    run = EscalationRun.objects.create(
        incident=incident,
        policy=policy,
        policy_name=policy.name,
        reason=reason,
        plan=plan,
        is_held=is_held,
        was_taken_over=incident.state != State.TRIAGE,
        begun_by=by,
        started_at=now,
    )
    due_at = begins + timedelta(seconds=plan["steps"][0]["after"])
    due_at = in_working_hours(incident, due_at) if is_held else due_at
    EscalationStepTaken.objects.create(run=run, position=1, due_at=due_at, fence=run.fence)
    return take_what_is_due(run, incident, now)


def _begins(policy: EscalationPolicy, incident: Incident, reason: CallReason, now: datetime) -> datetime | None:
    """When the calls may begin. None: its policy calls nobody about what is no more severe.

    Whoever asks is heard at once; what was forgotten comes back whatever the severity, in working hours at least.
    """
    if reason == CallReason.ASKED:
        return now
    found = calls_from(policy, incident, now)
    return in_working_hours(incident, now) if found is None and reason == CallReason.FORGOTTEN else found


def call_or_tell(incident: Incident, kind: str, *, reason: CallReason, now: datetime, by: User | None = None) -> None:
    """Call people where a policy says so; else those who work on incidents are told. Channels hear it either way.

    kind: of the message to those who are told.  by: whose doing it is, who is not told of it.
    """
    if begin_escalation(incident, reason=reason, now=now, by=by) is None:
        tell_workers(incident, kind, but=by)
    else:
        tell_channels_only(incident, kind)


def follow_severity(incident: Incident, *, before: int, by: User, now: datetime) -> None:
    """It has another severity than before: whoever is called about that is called, or is not any more.

    What became urgent is told to those who work on incidents where nobody is called, and to channels either way.
    """
    is_called = False
    if incident.state == State.TRIAGE and incident.severity < before:
        is_called = begin_escalation(incident, reason=CallReason.URGENT, now=now, by=by) is not None
    elif incident.severity > before:
        lower_escalation(incident, now=now)
    if incident.state == State.ACTIVE:
        look_after(incident, now)
    if not incident.is_urgent or before <= URGENT_SEVERITY:
        return
    if is_called:
        tell_channels_only(incident, "incident.urgent")
    else:
        tell_workers(incident, "incident.urgent", but=by)
