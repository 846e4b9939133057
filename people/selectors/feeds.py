"""What a calendar reads at an address that only its owner knows."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from common.icalendar import Happening
from people.models import DutyFeed, User
from people.selectors.duty import visible_rosters
from people.selectors.rota import FEED_AHEAD, FEED_BACK, calendar_of, calendar_of_roster


@dataclass(frozen=True)
class Feed:
    """What stands at the address."""

    row: DutyFeed
    name: str
    happenings: list[Happening]


def feeds_of(person: User) -> QuerySet[DutyFeed]:
    """The person's own addresses that still show something."""
    return DutyFeed.objects.filter(person=person, revoked_at=None).select_related("roster")


def feed_at(token: str) -> DutyFeed | None:
    """The row behind an address, while its owner may sign in, and may see what it shows. None: nothing is there."""
    row = (
        DutyFeed.objects.filter(digest=sha256(token.encode()).hexdigest(), revoked_at=None, person__is_active=True)
        .select_related("person", "roster")
        .first()
    )
    if row is None:
        return None
    if row.roster is not None and not visible_rosters(row.person).filter(pk=row.roster.pk).exists():
        return None
    return row


def read_feed(row: DutyFeed, now: datetime) -> Feed:
    """The duties of the owner, or of the roster."""
    since, until = now - FEED_BACK, now + FEED_AHEAD
    if row.roster is not None:
        return Feed(row, row.roster.name, calendar_of_roster(row.roster, since, until))
    return Feed(row, _("On duty: %(roster)s") % {"roster": row.person}, calendar_of(row.person, since, until))
