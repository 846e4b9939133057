"""Who is who, and what their roles let them do."""

from collections.abc import Iterable
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from people.choices import READING, WORKING, Role
from people.models import User
from people.selectors.accounts import has_ended
from people.selectors.organisation import organisation

Anyone = User | AnonymousUser


def roles_of(user: Anyone) -> frozenset[str]:
    """The names of the user's roles, read once a request. A superuser is an Administrator.

    Nobody holds one whose account has ended, also before the sweep has closed it.
    """
    if not user.is_authenticated or not user.is_active or has_ended(user):
        return frozenset()
    cached: frozenset[str] | None = getattr(user, "_roles", None)
    if cached is None:
        cached = frozenset(user.groups.values_list("name", flat=True)) & frozenset(Role.values)
        if user.is_superuser:
            cached |= {Role.ADMINISTRATOR.value}
        user._roles = cached
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


def person_named(given: str) -> User | None:
    """The person with this sign-in name or e-mail, in any case of letters."""
    given = given.strip()
    if not given or "\0" in given:
        return None
    return User.objects.filter(Q(username__iexact=given) | Q(email__iexact=given)).order_by("created_at").first()


def needs_second_factor(user: Anyone) -> bool:
    """Whether a second factor is required of this person: of administrators, unless only this machine is served."""
    return bool(settings.TWO_FACTOR_REQUIRED) and has_role(user, Role.ADMINISTRATOR)


def second_factors(user: Anyone) -> QuerySet[Authenticator]:
    """What the person holds beside a password: the authenticator app, passkeys and security keys."""
    kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    return Authenticator.objects.filter(user_id=user.pk, type__in=kinds)


def lacks_second_factor(user: Anyone) -> bool:
    """Whether a required second factor is not set up yet."""
    return needs_second_factor(user) and not second_factors(user).exists()


def visible_people(user: Anyone) -> QuerySet[User]:
    """People that the user may see: everybody who is here; those who left, and programs, for administrators."""
    if has_role(user, Role.ADMINISTRATOR, Role.AUDITOR):
        return User.objects.all()
    if not roles_of(user):
        return User.objects.filter(pk__in=[user.pk])
    return User.objects.filter(is_active=True, is_machine=False)


def email_of(person: User, *, to: Anyone) -> str:
    """The person's address as the reader may see it: whole for those who work, masked for auditors, else nothing."""
    if works(to) or person.pk == to.pk:
        return person.email
    if has_role(to, Role.AUDITOR) and person.email:
        return f"{person.email[0]}•••@{person.email.rpartition('@')[2]}"
    return ""


def language_of(person: User) -> str:
    """The language to write to somebody in: the chosen one, else that of their pages, else the organisation's."""
    spoken = (each for each in (person.language, person.last_language) if each in dict(settings.LANGUAGES))
    return next(spoken, settings.LANGUAGE_CODE)


def zone_of(person: User | None) -> ZoneInfo:
    """The person's time zone; the organisation's for everybody else, and for one that this machine does not know."""
    try:
        return ZoneInfo((person and person.time_zone) or organisation().time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo(organisation().time_zone)
