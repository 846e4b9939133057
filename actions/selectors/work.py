"""What waits for a person in actions."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from actions.choices import TO_DO, Kind, State
from actions.models import Action
from actions.selectors.seeing import may_sign, visible_to
from common.work import MOST, Urgency, Words, WorkItem
from notify.ladders import end_of
from people.selectors import Anyone, working_for, zone_of

#: What the owner does next, the move that one button makes, and what the button says.
OWN: Mapping[str, tuple[Words, str, Words]] = {
    State.OPEN: (_("Begin with the action"), "start", _("Begin")),
    State.IN_PROGRESS: (_("Finish the action"), "finish", ""),
    State.DONE: (_("Bring the proof of what is done"), "", ""),
}
CHECK: tuple[Words, str, Words] = (_("Look whether it was done"), "confirm", "")


def work_of(user: Anyone, now: datetime) -> list[WorkItem]:
    """What the user has to do, for whom the user stands in too; and what a second person has to verify."""
    people = working_for(user, now)
    mine = Q(owner__in=people) & (Q(state__in=TO_DO) | (Q(state=State.DONE) & ~Q(kind=Kind.OTHER)))
    own_work = Q(owner=user.pk) | Q(done_by=user.pk)
    to_check = Q() if may_sign(user) else Q(opened_by__in=people)
    check = Q(state=State.DONE, kind=Kind.OTHER) & to_check & ~own_work
    actions = visible_to(user).filter(mine | check).select_related("owner").order_by("due_on", "number")[:MOST]
    return [_item(action, people, user) for action in actions]


def _item(action: Action, people: Mapping[UUID, str], user: Anyone) -> WorkItem:
    is_check = action.state == State.DONE and action.kind == Kind.OTHER
    title, move, button = CHECK if is_check else OWN[action.state]
    asked = action.opened_by_id if is_check else action.owner_id
    for_whom = people.get(asked, "") if asked else ""
    return WorkItem(
        kind=f"actions.{move or action.state}",
        title=title,
        about=f"{action.reference} {action.title}",
        url=action.get_absolute_url(),
        since=action.done_at or action.created_at,
        due_at=end_of(action.due_on, zone_of(action.owner)),
        state_word=action.get_state_display(),
        urgency=Urgency.NORMAL,
        action=button,
        action_url=reverse("action_act", args=[action.reference, move]) if button else "",
        fields=(("version", str(action.version)),) if button else (),
        acting_for=for_whom,
    )
