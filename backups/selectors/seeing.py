"""Who sees backups, who works with them, and who sets them up."""

from typing import TypeVar

from django.db.models import Model, QuerySet

from backups.models import BackupPolicy
from people.choices import READING, WORKING, Role
from people.selectors import Anyone, has_role, may_as, whose_duties

READERS = (*READING, Role.REVIEWER)

Seen = TypeVar("Seen", bound=Model)


def sees_backups(user: Anyone) -> bool:
    """Everybody but reporters."""
    return has_role(user, *READERS)


def sees_output(user: Anyone) -> bool:
    """What tools and sandboxes printed may hold names from the data: not for reviewers."""
    return has_role(user, *READING)


def may_run(user: Anyone) -> bool:
    """Whether the user may ask for a backup, check or restore test."""
    return has_role(user, *WORKING)


def may_set_up(user: Anyone, policy: BackupPolicy | None = None) -> bool:
    """Administrators set up everything; a manager changes the policies that he owns, or a substitute meanwhile."""
    if has_role(user, Role.ADMINISTRATOR):
        return True
    return policy is not None and policy.owner_id in whose_duties(user) and may_as(user, Role.MANAGER)


def visible_to(user: Anyone, model: type[Seen]) -> QuerySet[Seen]:
    """The rows of a model of this app that the user may see: all of them, or none."""
    rows: QuerySet[Seen] = model._default_manager.all()
    return rows if sees_backups(user) else rows.none()
