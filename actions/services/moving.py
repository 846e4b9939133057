"""Where an action stands: begun, done, accepted as a risk, cancelled, opened again."""

import uuid
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from actions.choices import EventKind, Kind, State
from actions.errors import Unfit
from actions.models import Action
from actions.services.checking import check_day, check_words
from actions.services.reminding import follow, who_proves
from actions.services.rows import Who, day_of, lock, save, write_down
from common.errors import NotAllowed
from notify.services import tell
from people.choices import Role
from people.models import User
from people.selectors import for_whom, has_role, may_as

#: Who may sign that a risk is accepted.
SIGNING = (Role.MANAGER, Role.ADMINISTRATOR)
#: A risk that is accepted for longer is looked at again meanwhile.
LONGEST_ACCEPTED = timedelta(days=731)
#: How many run-out acceptances one beat takes up.
BATCH = 100


@transaction.atomic
def start(*, action_id: uuid.UUID, by: Who, version: int | None = None) -> Action:
    """Begin with it. Raises CannotMove, Stale."""
    action, now = lock(action_id, version), timezone.now()
    return _move(action, State.IN_PROGRESS, EventKind.STARTED, by=by, now=now)


@transaction.atomic
def finish(*, action_id: uuid.UUID, by: Who, text: str = "", version: int | None = None) -> Action:
    """Say that it is done. It counts once it is proven; until then it is shown as done, not proven.

    Whoever sees to the proof hears of it where that is a person. Raises CannotMove, Unfit, Stale.
    """
    action, now = lock(action_id, version), timezone.now()
    text = check_words("text", text) if text.strip() else ""
    action.check_can_become(State.DONE)
    action.done_at, action.done_by = now, by if isinstance(by, User) else None
    _move(action, State.DONE, EventKind.DONE, "done_at", "done_by", by=by, now=now, text=text)
    if action.kind == Kind.OTHER:
        tell(
            kind="action.to_verify",
            about=action,
            to=who_proves(action),
            context={"action": action, "by": by},
            asks=True,
            but=[action.owner, action.done_by],
        )
    return action


@transaction.atomic
def accept_risk(*, action_id: uuid.UUID, by: User, reason: str, until: date, version: int | None = None) -> Action:
    """A manager signs that it is not done before a day, and why. After that day it is open again by itself.

    Whoever acts for an absent one signs too. Raises NotAllowed for all others, CannotMove, Unfit, Stale.
    """
    if not may_as(by, *SIGNING):
        raise NotAllowed
    action, now = lock(action_id, version), timezone.now()
    action.check_can_become(State.RISK_ACCEPTED)
    action.reason = check_words("reason", reason)
    if check_day("until", until, after=day_of(now)) > day_of(now) + LONGEST_ACCEPTED:
        raise Unfit(fields={"until": [_("Accept a risk for two years at most, then look at it again.")]})
    action.accepted_by, action.accepted_until = by, until
    fields, values = ("reason", "accepted_by", "accepted_until"), {"until": until.isoformat()}
    if not has_role(by, *SIGNING):
        values["acting_for"] = ", ".join(str(each) for each in for_whom(by, *SIGNING))
    return _move(
        action, State.RISK_ACCEPTED, EventKind.ACCEPTED, *fields, by=by, now=now, text=action.reason, values=values
    )


@transaction.atomic
def cancel(*, action_id: uuid.UUID, by: Who, reason: str, version: int | None = None) -> Action:
    """It need not be done, and why. Raises CannotMove, Unfit, Stale."""
    action, now = lock(action_id, version), timezone.now()
    action.check_can_become(State.CANCELLED)
    action.reason = check_words("reason", reason)
    return _move(action, State.CANCELLED, EventKind.CANCELLED, "reason", by=by, now=now, text=action.reason)


@transaction.atomic
def reopen(*, action_id: uuid.UUID, by: Who, reason: str, version: int | None = None) -> Action:
    """It was not done after all, or has to be done now. What proved it before stays in its history.

    Raises CannotMove, Unfit, Stale.
    """
    action = lock(action_id, version)
    action.check_can_become(State.OPEN)
    return _reopen(action, by=by, now=timezone.now(), text=check_words("reason", reason))


def reopen_run_out(*, now: datetime) -> int:
    """Open again what was accepted as a risk until a day that is over. Returns how many. Safe at any time."""
    count = 0
    with transaction.atomic():
        over = Action.objects.filter(state=State.RISK_ACCEPTED, accepted_until__lt=day_of(now))
        for action in over.select_for_update(of=["self"], skip_locked=True).order_by("accepted_until")[:BATCH]:
            people = [action.owner, action.accepted_by]
            _reopen(action, by="system:actions", now=now, text="")
            tell(kind="action.risk_over", about=action, to=people, context={"action": action}, asks=True)
            count += 1
    return count


def _reopen(action: Action, *, by: Who, now: datetime, text: str) -> Action:
    values = {"proof": action.proof_reference, "until": action.accepted_until and action.accepted_until.isoformat()}
    action.reason = action.proof_kind = action.proof_reference = action.proof_url = action.proof_note = ""
    action.done_at = action.done_by = action.verified_at = action.verified_by = action.proof_at = None
    action.accepted_by = action.accepted_until = None
    action.due_on, action.open_since = max(action.due_on, day_of(now)), now
    fields = (
        *("reason", "proof_kind", "proof_reference", "proof_url", "proof_note", "proof_at", "due_on", "open_since"),
        *("done_at", "done_by", "verified_at", "verified_by", "accepted_by", "accepted_until"),
    )
    return _move(action, State.OPEN, EventKind.REOPENED, *fields, by=by, now=now, text=text, values=values)


def _move(
    action: Action,
    wanted: State,
    kind: EventKind,
    *fields: str,
    by: Who,
    now: datetime,
    text: str = "",
    values: dict[str, Any] | None = None,
) -> Action:
    action.check_can_become(wanted)
    before, action.state = action.state, wanted
    save(action, "state", *fields)
    write_down(action, kind, by=by, now=now, text=text, values={"from": before, **(values or {})})
    follow(action, now)
    return action
