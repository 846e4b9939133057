"""Whom a call can reach, and whether that was ever proven."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings

from people.choices import SENDABLE, ContactKind
from people.models import ContactMethod, User


@dataclass(frozen=True)
class Reach:
    """How somebody can be called. can: something can be sent at all.  is_proven: a code that was sent came back.

    reached_at: when a message was last known to arrive.
    """

    can: bool = False
    is_proven: bool = False
    reached_at: datetime | None = None


def reach_of(people: Iterable[User]) -> dict[UUID, Reach]:
    """The same of several, in one query. Who may not sign in any more is reached by nothing."""
    here = {person.pk: person for person in people if person.is_active and not person.is_machine}
    rows = ContactMethod.objects.filter(person__in=here, kind__in=SENDABLE, verified_at__isnull=False)
    proven: dict[UUID, list[ContactMethod]] = {}
    for row in rows:
        if settings.EMAIL_CONFIGURED or row.kind != ContactKind.EMAIL:
            proven.setdefault(row.person_id, []).append(row)
    return {pk: _reach(person, proven.get(pk, [])) for pk, person in here.items()}


def can_be_called(people: Iterable[User]) -> list[User]:
    """Those among them to whom something can be sent beside the list of their messages."""
    people = list(people)
    reach = reach_of(people)
    return [person for person in people if reach.get(person.pk, Reach()).can]


def _reach(person: User, proven: list[ContactMethod]) -> Reach:
    has_mail = bool(person.email and settings.EMAIL_CONFIGURED)
    reached = [row.last_reached_at for row in proven if row.last_reached_at]
    return Reach(bool(proven) or has_mail, bool(proven), max(reached, default=None))
