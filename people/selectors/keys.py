"""Keys, and how they are used."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from people.choices import Role
from people.models import ApiKey, User
from people.selectors.persons import Anyone, has_role

#: A key that is this old and was never used is one that nobody needs.
UNUSED_AFTER = timedelta(days=30)
#: A key that was not used for so long is worth a question.
IDLE_AFTER = timedelta(days=90)
#: So long before its end a key is about to end.
ENDS_SOON = timedelta(days=14)


def visible_keys(user: Anyone) -> QuerySet[ApiKey]:
    """Keys that the user may see: all for administrators and auditors."""
    if has_role(user, Role.ADMINISTRATOR, Role.AUDITOR):
        return ApiKey.objects.all()
    return ApiKey.objects.none()


def own_keys(person: User) -> QuerySet[ApiKey]:
    """The person's own keys, those that work first."""
    return ApiKey.objects.filter(owner=person).order_by("revoked_at", "-created_at")


def working_keys(now: datetime) -> QuerySet[ApiKey]:
    """Keys with which somebody could call at this moment."""
    return ApiKey.objects.filter(
        Q(expires_at__isnull=True) | Q(expires_at__gt=now), revoked_at__isnull=True, user__is_active=True
    )


def never_used(now: datetime) -> QuerySet[ApiKey]:
    """Working keys that nobody has used since they were made, a while ago."""
    return working_keys(now).filter(last_used_at__isnull=True, created_at__lt=now - UNUSED_AFTER)


def idle(now: datetime) -> QuerySet[ApiKey]:
    """Working keys that were used once, but not for a long time."""
    return working_keys(now).filter(last_used_at__lt=now - IDLE_AFTER)


def about_to_end(now: datetime) -> QuerySet[ApiKey]:
    """Working keys that end soon."""
    return working_keys(now).filter(expires_at__lte=now + ENDS_SOON)


def same_hands(user: Anyone) -> set[UUID]:
    """The ids of all who are this person: a program with somebody's own key does what that one does, and nobody else.

    Of a person the programs that hold or held own keys of theirs, of such a program its person; the user among them.
    """
    if not isinstance(user, User):
        return set()
    keys = ApiKey.objects.filter(Q(user=user) | Q(owner=user), owner__isnull=False)
    return {user.pk}.union(*keys.values_list("user", "owner"))
