"""What was agreed otherwise: overrides, swaps, and the addresses at which calendars read it."""

import secrets
import uuid
from datetime import datetime, timedelta
from hashlib import sha256
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from common.errors import NotAllowed
from ledger.services import Actor, record
from people.errors import TooManyFeeds, WrongDuty
from people.models import DutyFeed, Override, Roster, User
from people.selectors import visible_rosters
from people.services.rosters import check_can_be_on_duty, check_columns, lock_roster

LONGEST = timedelta(days=366)
MOST_OVERRIDES = 500
MOST_FEEDS = 10


@transaction.atomic
def add_override(
    *, roster_id: uuid.UUID | str, person: User, starts_at: datetime, ends_at: datetime, by: Actor, reason: str = ""
) -> Override:
    """Let somebody have the duty instead, from one moment to another; a swap is two of these. What has passed stays.

    Of several at a time the newest counts. Raises WrongDuty, NotAPerson or CannotBeOnDuty.
    """
    now = timezone.now()
    roster = lock_roster(roster_id)
    check_can_be_on_duty(person)
    begins = max(starts_at, now)
    if begins > now + LONGEST or not begins < ends_at <= begins + LONGEST:
        sentence = _("This time is not possible. It ends in the future, after it begins, and lasts at most a year.")
        raise WrongDuty(fields={"ends_at": [sentence]})
    if roster.overrides.filter(removed_at=None, ends_at__gt=now).count() >= MOST_OVERRIDES:
        raise WrongDuty(fields={"roster": [_("There are too many overrides already. Take one back first.")]})
    override = Override(
        roster=roster,
        person=person,
        starts_at=begins,
        ends_at=ends_at,
        reason=reason.strip(),
        added_by=by if isinstance(by, User) else None,
    )
    check_columns(override)
    override.save(force_insert=True)
    data = {"roster": str(roster.pk), "person": str(person.pk), "from": begins, "until": ends_at}
    record(verb="override.added", subject=override, actor=by, data=data)
    return override


@transaction.atomic
def remove_override(*, override_id: uuid.UUID | str, by: Actor) -> Override:
    """The rotations count again. One that has begun ends now. Of one that is over nothing changes."""
    override = Override.objects.select_for_update(of=["self"]).select_related("roster", "person").get(pk=override_id)
    now = timezone.now()
    if override.removed_at is not None or override.ends_at <= now:
        return override
    if override.starts_at < now:
        override.ends_at = now
    else:
        override.removed_at = now
    override.save(update_fields=["ends_at", "removed_at"])
    record(verb="override.removed", subject=override, actor=by, data={"person": str(override.person_id)})
    return override


class NewFeed(NamedTuple):
    """A feed's row, and the word in its address, which is shown this once."""

    row: DutyFeed
    token: str


@transaction.atomic
def make_feed(*, person: User, roster: Roster | None = None) -> NewFeed:
    """An address at which a calendar reads the person's own duty, or a whole roster that the person may see.

    Raises TooManyFeeds or NotAllowed.
    """
    User.objects.select_for_update().get(pk=person.pk)
    if person.duty_feeds.filter(revoked_at=None).count() >= MOST_FEEDS:
        raise TooManyFeeds(limit=MOST_FEEDS)
    if roster is not None and not visible_rosters(person).filter(pk=roster.pk).exists():
        raise NotAllowed
    token = secrets.token_urlsafe(32)
    row = DutyFeed.objects.create(person=person, roster=roster, digest=digest_of(token))
    record(verb="duty_feed.made", subject=row, actor=person, data={"roster": str(roster.pk) if roster else None})
    return NewFeed(row, token)


@transaction.atomic
def revoke_feed(*, feed_id: uuid.UUID | str, by: Actor) -> DutyFeed:
    """The address shows nothing any more. The second call does nothing."""
    feed = DutyFeed.objects.select_for_update().get(pk=feed_id)
    if feed.revoked_at is None:
        feed.revoked_at = timezone.now()
        feed.save(update_fields=["revoked_at"])
        record(verb="duty_feed.revoked", subject=feed, actor=by)
    return feed


def note_feed_read(*, feed: DutyFeed, now: datetime) -> None:
    """When a calendar last read it, to the hour: calendars read often, and not every reading is worth a write."""
    stale = Q(last_read_at=None) | Q(last_read_at__lt=now - timedelta(hours=1))
    DutyFeed.objects.filter(stale, pk=feed.pk).update(last_read_at=now)


def digest_of(token: str) -> str:
    """What is kept of the word in an address."""
    return sha256(token.encode()).hexdigest()
