"""Taking steps: the step, its messages and the next step are stored together, so none is lost and none comes twice."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F, QuerySet

from common.rounds import each_apart
from incidents.choices import CallEnd, CallState, EventKind, State
from incidents.models import EscalationRun, EscalationStepTaken, Incident, TimelineEvent
from incidents.services.audience import tell_workers
from incidents.services.escalation.choosing import in_working_hours
from incidents.services.escalation.ending import CALLED, finish
from incidents.services.escalation.people_called import Called, called
from incidents.services.rows import Who, write_down
from notify.choices import Urgency
from notify.services import tell
from people.models import User
from people.selectors import goes_on

BY = "system:escalation"
#: What fell due longer ago is not called any more: it is said instead, to those who work, in their list.
STALE_AFTER = timedelta(hours=12)
AT_ONCE = 100
#: What those do who do not work on it.
OF_REPORTERS = (
    *(EventKind.REPORTED, EventKind.REPLY, EventKind.MAIL, EventKind.CORRECTED, EventKind.RATED),
    *(EventKind.JOINED, EventKind.ATTACHED),
)
NAMES_LENGTH = 500


def take_due_steps(*, now: datetime) -> int:
    """Take every step that is due. Several at once are harmless. Returns how many were taken."""
    due = _due(now).order_by("due_at").values_list("pk", flat=True)[:AT_ONCE]
    return each_apart(due, lambda pk: _take_up(pk, now), what="step of an escalation")


def take_what_is_due(run: EscalationRun, incident: Incident, now: datetime, by: Who = BY) -> list[User]:
    """Take the run's steps that are due, one after the other, with the incident locked. Returns who was called."""
    told: list[User] = []
    while run.ended_at is None:
        step = run.steps.filter(state=CallState.DUE, due_at__lte=now).first()
        if step is None:
            break
        told += _take(step, run, incident, now, by)
    return told


def _due(now: datetime) -> QuerySet[EscalationStepTaken]:
    return EscalationStepTaken.objects.filter(
        goes_on(), state=CallState.DUE, due_at__lte=now, run__ended_at=None, fence=F("run__fence")
    )


def _take_up(pk: UUID, now: datetime) -> int:
    """The incident first, then the step, as whoever moves the incident does: so two never wait for each other."""
    locked = Incident.objects.select_for_update(skip_locked=True, of=["self"])
    incident = locked.filter(pk__in=EscalationStepTaken.objects.filter(pk=pk).values("run__incident")).first()
    if incident is None:
        return 0  # somebody moves it at this moment; the next tick looks again
    step = _due(now).filter(pk=pk).select_related("run").select_for_update(skip_locked=True, of=["self", "run"]).first()
    if step is None:
        return 0
    run = step.run
    if over := _is_over(run, incident):
        finish(run, over, now)
        return 0
    if now - step.due_at > STALE_AFTER:
        _give_up(run, incident, CallEnd.STALE, now)
        return 0
    before = run.steps.exclude(state=CallState.DUE).count()
    take_what_is_due(run, incident, now)
    return run.steps.exclude(state=CallState.DUE).count() - before


def _is_over(run: EscalationRun, incident: Incident) -> CallEnd | None:
    """Why nobody needs to be called any more. Moves end their calls themselves; this is for what they leave."""
    if incident.state == State.TRIAGE:
        return None
    if incident.state != State.ACTIVE:
        return CallEnd.HELD if incident.state == State.ON_HOLD else CallEnd.OVER
    if not run.was_taken_over:
        return CallEnd.ANSWERED
    signs = signs_of_life(incident).filter(at__gt=run.started_at)
    if run.begun_by_id:
        signs = signs.exclude(by=run.begun_by_id)
    return CallEnd.ANSWERED if signs.exists() else None


def signs_of_life(incident: Incident) -> QuerySet[TimelineEvent]:
    """What people did who work on it. What its reporter says is no sign that somebody is on it."""
    return incident.events.filter(by__isnull=False).exclude(kind__in=OF_REPORTERS)


def _take(step: EscalationStepTaken, run: EscalationRun, incident: Incident, now: datetime, by: Who) -> list[User]:
    steps = run.plan["steps"]
    if step.position > len(steps):
        _close(step, CallState.TAKEN, "", now)
        _give_up(run, incident, CallEnd.RAN_OUT, now)
        return []
    found = called(steps[step.position - 1], incident, now)
    state = CallState.TAKEN if found.reached else CallState.UNREACHED
    _close(step, state, found.names, now)
    _plan_next(step, run, incident, now, is_at_once=not found.reached)
    said = "called" if found.reached else "unreached" if found.people else "nobody"
    values = {"said": said, "name": found.names, "step": step.position, "round": step.round + 1, "what": found.whom}
    write_down(incident, EventKind.ESCALATED, verb=CALLED, by=by, now=now, values=values)
    _tell(step, run, incident, found, steps[step.position - 1]["urgency"])
    return found.people


def _tell(step: EscalationStepTaken, run: EscalationRun, incident: Incident, found: Called, urgency: str) -> None:
    context = {"incident": incident, "reason": run.reason, "step": step.position, "round": step.round + 1}
    tell(
        kind=CALLED,
        about=incident,
        to=found.people,
        context=context,
        urgency=urgency,
        asks=True,
        dedupe_key=f"{CALLED}:{run.pk}:{step.round}:{step.position}",
    )


def _plan_next(
    step: EscalationStepTaken, run: EscalationRun, incident: Incident, now: datetime, *, is_at_once: bool
) -> None:
    """The step after this one. Nobody could be called: at once. After the last: the next round, or the end."""
    steps, position, turn = run.plan["steps"], step.position + 1, step.round
    if position <= len(steps):
        wait = 0 if is_at_once else steps[position - 1]["after"]
    elif not run.steps.filter(round=turn, state=CallState.TAKEN).exists():
        wait = 0  # nobody at all can be reached by it: another round would reach nobody either
    elif turn < run.plan["repeat_count"]:
        position, turn = 1, turn + 1
        wait = run.plan["pause"] + steps[0]["after"]
    else:
        wait = run.plan["pause"]
    due_at = now + timedelta(seconds=wait)
    due_at = in_working_hours(incident, due_at) if run.is_held else due_at
    EscalationStepTaken.objects.create(run=run, position=position, round=turn, due_at=due_at, fence=run.fence)


def _close(step: EscalationStepTaken, state: CallState, names: str, now: datetime) -> None:
    step.state, step.taken_at, step.names = state, now, names[:NAMES_LENGTH]
    step.save(update_fields=["state", "taken_at", "names"])


def _give_up(run: EscalationRun, incident: Incident, why: CallEnd, now: datetime) -> None:
    """Nobody answered, or it is too late to call: everybody who works on incidents hears of it."""
    finish(run, why, now)
    values = {"said": why.value}
    write_down(incident, EventKind.ESCALATED, verb="incident.escalation_ended", by=BY, now=now, values=values)
    urgency = Urgency.NORMAL if why == CallEnd.STALE or run.is_held else None
    was_called = run.steps.filter(state=CallState.TAKEN, position__lte=len(run.plan["steps"])).exists()
    tell_workers(incident, "incident.unanswered", urgency=urgency, is_stale=why == CallEnd.STALE, was_called=was_called)
