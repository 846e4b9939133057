"""Who is reminded of an action, and of what, as long as something of it is missing."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from actions.choices import TO_DO, Kind, State
from actions.models import Action
from actions.services.rows import day_of
from notify.services import cancel_reminders, remind
from people.choices import Role
from people.models import User
from people.selectors import with_role

DUE, UNPROVEN, RISK_ENDS = "action.due", "action.unproven", "action.risk_ends"
#: How long a proof may take after somebody said that it is done, before people hear of it.
PROVE_WITHIN = timedelta(days=14)


def follow(action: Action, now: datetime) -> None:
    """Set the reminder that suits where the action stands, and take back the others. Safe to call again."""
    wanted = _wanted(action)
    for kind in {DUE, UNPROVEN, RISK_ENDS} - {wanted}:
        cancel_reminders(subject=action, kind=kind)
    context = {"title": action.title}
    if wanted == DUE:
        remind(subject=action, kind=DUE, due_at=action.due_on, to=[action.owner], context=context)
    elif wanted == UNPROVEN:
        day = max(action.due_on, day_of(now)) + PROVE_WITHIN
        remind(subject=action, kind=UNPROVEN, due_at=day, to=who_proves(action), context=context)
    elif wanted == RISK_ENDS and action.accepted_until:
        people = [action.owner, action.accepted_by]
        remind(subject=action, kind=RISK_ENDS, due_at=action.accepted_until, to=people, context=context)


def who_proves(action: Action) -> Iterable[User | None]:
    """Who sees to the proof: the owner; of what a second person verifies, whoever opened it, else the managers."""
    if action.kind != Kind.OTHER:
        return [action.owner]
    if action.opened_by is not None and action.opened_by_id not in {action.owner_id, action.done_by_id}:
        return [action.opened_by]
    return with_role(Role.MANAGER).exclude(pk__in=[pk for pk in (action.owner_id, action.done_by_id) if pk])


def _wanted(action: Action) -> str:
    if action.state in TO_DO:
        return DUE
    return {State.DONE: UNPROVEN, State.RISK_ACCEPTED: RISK_ENDS}.get(State(action.state), "")
