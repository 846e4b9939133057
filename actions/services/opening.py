"""An action is opened, handed over, put off, described."""

import uuid
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from actions.choices import UNFINISHED, EventKind, State
from actions.errors import CannotMove
from actions.links import About, Source
from actions.models import Action, Phase
from actions.services.checking import check_day, check_details, check_owner, check_words
from actions.services.reminding import follow
from actions.services.rows import Who, day_of, lock, save, write_down
from notify.services import tell
from people.models import User

SHORT, LONG = 60, 200


@transaction.atomic
def open_action(
    *,
    title: str,
    kind: str,
    owner: User,
    due_on: date,
    by: Who,
    description: str = "",
    source: Source | None = None,
    about: About | None = None,
    phase: Phase | None = None,
    is_restricted: bool = False,
    now: datetime | None = None,
) -> Action:
    """Decide that somebody does something by a day. The owner hears of it, and is reminded until it is proven.

    about: what a proof has to be about; needed where the kind is proven for one thing.
    is_restricted: only those who have a part in it may see it, as with the incident it came from.
    Raises Unfit with `fields`.
    """
    now = now or timezone.now()
    words = check_details(title=title, description=description, kind=kind, about=about, source=source)
    source, about = source or Source("", ""), about or About("", "")
    action = Action.objects.create(
        **words,
        kind=kind,
        owner=check_owner(owner),
        due_on=check_day("due_on", due_on, after=day_of(now)),
        opened_by=by if isinstance(by, User) else None,
        phase=phase,
        is_restricted=is_restricted,
        source_kind=source.kind,
        source_reference=source.reference[:SHORT],
        source_label=source.label[:LONG],
        source_url=source.url,
        source_key=source.key,
        about=about.key,
        about_label=about.label[:LONG],
        about_url=about.url,
        created_at=now,
        open_since=now,
    )
    action.refresh_from_db(fields=["number"])
    values = {"kind": kind, "owner": owner.pk.hex, "due_on": due_on.isoformat(), "source": source.reference}
    write_down(action, EventKind.OPENED, by=by, now=now, values=values)
    _tell_owner(action, by)
    follow(action, now)
    return action


@transaction.atomic
def reassign(*, action_id: uuid.UUID, to: User, by: Who, version: int | None = None) -> Action:
    """Hand it over to somebody else, who hears of it. The same person again changes nothing. Raises Unfit, Stale."""
    action, now = lock(action_id, version), timezone.now()
    _check_unfinished(action)
    if action.owner_id == check_owner(to).pk:
        return action
    before, action.owner = action.owner, to
    save(action, "owner")
    values = {"before": str(before or ""), "after": str(to), "owner": to.pk.hex}
    write_down(action, EventKind.REASSIGNED, by=by, now=now, values=values)
    _tell_owner(action, by)
    follow(action, now)
    return action


@transaction.atomic
def postpone(*, action_id: uuid.UUID, due_on: date, reason: str, by: Who, version: int | None = None) -> Action:
    """Set another day, with the reason. How often that happened is counted and shown. Raises Unfit, Stale."""
    action, now = lock(action_id, version), timezone.now()
    _check_unfinished(action)
    reason = check_words("reason", reason)
    if check_day("due_on", due_on, after=day_of(now)) == action.due_on:
        return action
    before, action.due_on = action.due_on, due_on
    action.postponed_count += due_on > before
    save(action, "due_on", "postponed_count")
    values = {"before": before.isoformat(), "after": due_on.isoformat()}
    write_down(action, EventKind.POSTPONED, by=by, now=now, text=reason, values=values)
    follow(action, now)
    return action


@transaction.atomic
def describe(
    *,
    action_id: uuid.UUID,
    by: Who,
    title: str | None = None,
    description: str | None = None,
    version: int | None = None,
) -> Action:
    """Say more clearly what has to be done. Kind and source stay: they decide what proves it. Raises Unfit, Stale."""
    action, now = lock(action_id, version), timezone.now()
    wanted = {
        "title": action.title if title is None else title,
        "description": action.description if description is None else description,
    }
    about = About(action.about, action.about_label) if action.about else None
    words = check_details(**wanted, kind=action.kind, about=about, source=None)
    changed = [name for name, text in words.items() if getattr(action, name) != text]
    if changed:
        for name in changed:
            setattr(action, name, words[name])
        save(action, *changed)
        write_down(action, EventKind.CHANGED, by=by, now=now, values={"changed": changed})
        follow(action, now)
    return action


@transaction.atomic
def set_restricted(*, source_key: str, is_restricted: bool, by: Who) -> int:
    """What an action came from was restricted, or opened to all: its actions follow. Returns how many changed."""
    now, count = timezone.now(), 0
    found = Action.objects.filter(source_key=source_key).exclude(is_restricted=is_restricted)
    for action in found.select_for_update(of=["self"]).order_by("pk") if source_key else []:
        action.is_restricted = is_restricted
        save(action, "is_restricted")
        write_down(action, EventKind.CHANGED, by=by, now=now, values={"changed": ["is_restricted"]})
        count += 1
    return count


def _check_unfinished(action: Action) -> None:
    if action.state not in UNFINISHED:
        raise CannotMove(now=State(action.state).label, wanted=State.IN_PROGRESS.label)


def _tell_owner(action: Action, by: Who) -> None:
    if action.owner is not None and action.owner != by:
        context = {"action": action, "by": by if isinstance(by, User) else None}
        tell(kind="action.assigned", about=action, to=[action.owner], context=context, asks=True, but=[by])
