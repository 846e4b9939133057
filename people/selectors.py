"""Who is who, and what their roles let them do."""

from collections.abc import Iterable

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from people.choices import READING, WORKING, Role
from people.models import User

Anyone = User | AnonymousUser


def roles_of(user: Anyone) -> frozenset[str]:
    """The names of the user's roles, read once a request. A superuser is an Administrator."""
    if not user.is_authenticated or not user.is_active:
        return frozenset()
    cached: frozenset[str] | None = getattr(user, "_roles", None)
    if cached is None:
        cached = frozenset(user.groups.values_list("name", flat=True)) & frozenset(Role.values)
        if user.is_superuser:
            cached |= {Role.ADMINISTRATOR.value}
        user._roles = cached  # type: ignore[union-attr]
    return cached


def has_role(user: Anyone, *roles: str) -> bool:
    """Whether the user holds one of the roles."""
    return not roles_of(user).isdisjoint(roles)


def works(user: Anyone) -> bool:
    """Whether the user works on incidents, plans and backups."""
    return has_role(user, *WORKING)


def reads_all(user: Anyone) -> bool:
    """Whether the user sees backups, catalog and every incident that is not restricted."""
    return has_role(user, *READING)


def with_role(*roles: str) -> QuerySet[User]:
    """People (not programs) who may sign in and hold one of the roles."""
    return User.objects.filter(is_active=True, is_machine=False, groups__name__in=roles).distinct()


def reachable(users: Iterable[User | None]) -> list[User]:
    """The people among them whom a message can reach, each once."""
    found = {user.pk: user for user in users if user is not None and user.is_active and not user.is_machine}
    return list(found.values())
