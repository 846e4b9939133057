"""The end of the calls, in the transaction of what makes them needless."""

import uuid
from datetime import datetime

from incidents.choices import CallEnd, CallState, State
from incidents.models import EscalationRun, Incident, SilenceWatch
from incidents.services.escalation.choosing import calls_from, in_working_hours, patience_for, policy_for
from notify.services import cancel

#: Messages by which people are called.
CALLED, REMINDED = "incident.escalated", "incident.forgotten"


def end_escalation(incident: Incident, *, now: datetime) -> None:
    """The incident moved to another state: nobody is called any more, and what is still queued is not sent.

    Where it is being worked on now, it is looked after for signs of life. To be called with the incident locked, in
    the transaction of each move; in triage it does nothing.
    """
    if incident.state == State.TRIAGE:
        return
    why = {State.ACTIVE: CallEnd.ANSWERED, State.ON_HOLD: CallEnd.HELD}.get(State(incident.state), CallEnd.OVER)
    end_runs(incident, why, now)
    if incident.state == State.ACTIVE:
        look_after(incident, now)
    else:
        SilenceWatch.objects.filter(incident=incident).delete()


def lower_escalation(incident: Incident, *, now: datetime) -> None:
    """It is less severe now: where its policy calls nobody for that, the calls end, or wait for working hours."""
    policy = policy_for(incident)
    if policy is None or calls_from(policy, incident, now) is None:
        end_runs(incident, CallEnd.LOWERED, now)
    elif incident.severity > policy.calls_up_to:
        for run in EscalationRun.objects.select_for_update().filter(incident=incident, ended_at=None, is_held=False):
            run.is_held = True
            run.save(update_fields=["is_held"])
            for step in run.steps.filter(state=CallState.DUE):
                step.due_at = in_working_hours(incident, step.due_at)
                step.save(update_fields=["due_at"])


def end_runs(incident: Incident, why: CallEnd, now: datetime) -> None:
    """End the calls that go on, and what of them is still to be sent."""
    running = EscalationRun.objects.select_for_update(of=["self"]).filter(incident=incident, ended_at=None).first()
    if running is not None:
        finish(running, why, now)
        cancel(about=incident, now=now, kind=CALLED)
        cancel(about=incident, now=now, kind=REMINDED)


def finish(run: EscalationRun, why: CallEnd, now: datetime) -> None:
    """End one run. A step that somebody is about to take finds another fence, and is not taken."""
    run.steps.filter(state=CallState.DUE).update(state=CallState.CANCELLED)
    run.fence, run.ended_at, run.end = uuid.uuid4(), now, why
    run.save(update_fields=["fence", "ended_at", "end"])


def look_after(incident: Incident, now: datetime) -> None:
    """From now on it is looked at for signs of life, where its policy minds silence."""
    patience = patience_for(incident)
    if patience is None:
        SilenceWatch.objects.filter(incident=incident).delete()
        return
    fresh = {"stage": "remind", "due_at": now + patience.remind_after, "reminded_at": None}
    SilenceWatch.objects.update_or_create(incident=incident, defaults=fresh)
