"""Duties: gaps are told to whoever keeps the roster before they come, and hand-overs to both people."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from common.models import Heartbeat
from common.services import beat
from notify.ladders import Ladder
from notify.services.reminding import cancel_all_but, remind
from notify.services.telling import tell
from people.duty import Gap, Shift
from people.models import Roster, User
from people.selectors import goes_on, shifts
from people.services import hand_over_told

GAP = "people.roster_gap"
HAND_OVER = "people.hand_over"
FORESEEN = "notify.duties"
EVERY = timedelta(hours=1)
AHEAD = timedelta(days=15)
LADDER: Ladder = (-14, -7, -3, -1, 0)
#: Hand-overs are looked at so often, and told no later than that after them.
LOOKED_AT_EVERY = timedelta(minutes=1)
TOLD_WITHIN = timedelta(hours=1)


def foresee_gaps(*, now: datetime) -> bool:
    """Once an hour: the next gap of each roster, to its manager. Returns whether it was time."""
    with transaction.atomic():
        if Heartbeat.objects.filter(name=FORESEEN, at__gt=now - EVERY).exists():
            return False
        beat(FORESEEN, now=now)
        found = {roster: gap for roster in _rosters() if (gap := _next_gap(roster, now))}
        for roster, gap in found.items():
            context = {"gap_until": gap.until.isoformat()}
            due_at, to = gap.since, [roster.manager]
            remind(subject=roster, kind=GAP, due_at=due_at, to=to, ladder=LADDER, context=context)
        cancel_all_but(kind=GAP, subject_ids=[str(roster.pk) for roster in found])
    return True


def tell_hand_overs(*, now: datetime) -> int:
    """Once a minute: whoever handed over, and whoever took over, where the roster tells them. Returns how many."""
    told = 0
    for pk in Roster.objects.filter(goes_on(), is_active=True, tells_hand_over=True).values_list("pk", flat=True):
        with transaction.atomic():
            told += _tell_of(pk, now)
    return told


def _tell_of(pk: UUID, now: datetime) -> int:
    roster = Roster.objects.select_for_update(skip_locked=True).filter(pk=pk).first()
    if roster is None or (roster.told_until and now - roster.told_until < LOOKED_AT_EVERY):
        return 0
    since = max(roster.told_until or now, now - TOLD_WITHIN)
    hand_over_told(roster_id=pk, until=now)
    told = 0
    for before, after in _hand_overs(roster, since, now):
        people = User.objects.in_bulk([before.person, after.person])
        tell(
            kind=HAND_OVER,
            about=roster,
            to=[people[before.person], people[after.person]],
            context={"before": people[before.person], "after": people[after.person], "until": after.until},
            asks=True,
            dedupe_key=f"{HAND_OVER}:{pk}:{after.since.isoformat()}",
        )
        told += 1
    return told


def _hand_overs(roster: Roster, since: datetime, now: datetime) -> Iterator[tuple[Shift, Shift]]:
    """One person's turn that ended after `since`, and the turn of another that began at that moment."""
    found, _gaps = shifts(roster, since - timedelta(minutes=1), now + timedelta(days=31))
    for before, after in pairwise(found):
        if since < after.since <= now and before.until == after.since and before.person != after.person:
            yield before, after


def _rosters() -> list[Roster]:
    return list(Roster.objects.filter(goes_on(), is_active=True, rotations__isnull=False).distinct())


def _next_gap(roster: Roster, now: datetime) -> Gap | None:
    """One that goes on already counts from the beginning of the day, so that it is told once a day."""
    day = now.astimezone(ZoneInfo(roster.time_zone)).replace(hour=0, minute=0, second=0, microsecond=0)
    _found, gaps = shifts(roster, day, now + AHEAD)
    return next((gap for gap in gaps if gap.until > now), None)
