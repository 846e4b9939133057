"""Who sees which actions and plans, and who may do what with them. Everything else is not there for them."""

from django.db.models import Q, QuerySet

from actions.choices import Kind, State
from actions.models import Action, ImprovementPlan
from actions.services.moving import SIGNING
from people.choices import READING, Role
from people.models import User
from people.selectors import Anyone, has_role, may_as, roles_of, whose_duties, works

#: Everybody but reporters, who see what they have to do themselves.
READERS = (*READING, Role.REVIEWER)
#: Restricted ones too.
SEES_RESTRICTED = (Role.AUDITOR, Role.ADMINISTRATOR)


def visible_to(user: Anyone) -> QuerySet[Action]:
    """Actions that the user reads: all but restricted ones in which the user has no part; reporters: their own.

    A part in them has also who acts for somebody absent.
    """
    if has_role(user, *SEES_RESTRICTED):
        return Action.objects.all()
    if has_role(user, *READERS):
        people = whose_duties(user)
        return Action.objects.filter(Q(is_restricted=False) | Q(owner__in=people) | Q(opened_by__in=people))
    return Action.objects.filter(owner__in=whose_duties(user)) if roles_of(user) else Action.objects.none()


def actionable_by(user: Anyone) -> QuerySet[Action]:
    """Actions that the user may work on: workers all that they see, others their own, and those of the absent."""
    if works(user):
        return visible_to(user)
    if not isinstance(user, User) or not roles_of(user) or has_role(user, Role.AUDITOR):
        return Action.objects.none()
    people = whose_duties(user)
    to_confirm = Q(opened_by__in=people, state=State.DONE, kind=Kind.OTHER)
    return visible_to(user).filter(Q(owner__in=people) | to_confirm)


def may_open(user: Anyone) -> bool:
    """Whether the user may decide that somebody does something."""
    return works(user)


def may_sign(user: Anyone) -> bool:
    """Whether the user may accept a risk in writing, cancel an action, and keep improvement plans.

    Managers and administrators, and whoever acts for one of them who is away.
    """
    return may_as(user, *SIGNING)


def sees_actions(user: Anyone) -> bool:
    """Whether the user has a list of all actions, and not only of the own ones."""
    return has_role(user, *READERS)


def visible_plans(user: Anyone) -> QuerySet[ImprovementPlan]:
    """Improvement plans that the user reads: all, or none for reporters."""
    return ImprovementPlan.objects.all() if sees_actions(user) else ImprovementPlan.objects.none()


def of_source(user: Anyone, source_key: str) -> list[Action]:
    """What was decided because of one thing, `incidents.incident:<uuid>`, what is due first first."""
    return list(visible_to(user).filter(source_key=source_key).select_related("owner").order_by("due_on", "number"))
