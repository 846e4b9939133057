"""Who sees which actions and plans, and who may do what with them. Everything else is not there for them."""

from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from actions.models import Action, ImprovementPlan
from actions.services.moving import SIGNING
from people.choices import READING, Role
from people.models import User
from people.selectors import Anyone, has_role, roles_of, working_for, works

#: Everybody but reporters, who see what they have to do themselves.
READERS = (*READING, Role.REVIEWER)
#: Restricted ones too.
SEES_RESTRICTED = (Role.AUDITOR, Role.ADMINISTRATOR)


def visible_to(user: Anyone) -> QuerySet[Action]:
    """Actions that the user reads: all but restricted ones in which the user has no part; reporters: their own."""
    if has_role(user, *SEES_RESTRICTED):
        return Action.objects.all()
    if has_role(user, *READERS):
        return Action.objects.filter(Q(is_restricted=False) | Q(owner=user.pk) | Q(opened_by=user.pk))
    return Action.objects.filter(owner=user.pk) if roles_of(user) else Action.objects.none()


def actionable_by(user: Anyone, now: datetime | None = None) -> QuerySet[Action]:
    """Actions that the user may work on: workers all that they see, others their own, and those of the absent."""
    if works(user):
        return visible_to(user)
    if not isinstance(user, User) or not roles_of(user) or has_role(user, Role.AUDITOR):
        return Action.objects.none()
    return visible_to(user).filter(owner__in=[*working_for(user, now or timezone.now())])


def may_open(user: Anyone) -> bool:
    """Whether the user may decide that somebody does something."""
    return works(user)


def may_sign(user: Anyone) -> bool:
    """Whether the user may accept a risk in writing, cancel an action, and keep improvement plans."""
    return has_role(user, *SIGNING)


def sees_actions(user: Anyone) -> bool:
    """Whether the user has a list of all actions, and not only of the own ones."""
    return has_role(user, *READERS)


def visible_plans(user: Anyone) -> QuerySet[ImprovementPlan]:
    """Improvement plans that the user reads: all, or none for reporters."""
    return ImprovementPlan.objects.all() if sees_actions(user) else ImprovementPlan.objects.none()


def of_source(user: Anyone, source_key: str) -> list[Action]:
    """What was decided because of one thing, `incidents.incident:<uuid>`, what is due first first."""
    return list(visible_to(user).filter(source_key=source_key).select_related("owner").order_by("due_on", "number"))
