"""What the page of a roster shows, and what calendars read of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from common.icalendar import Happening
from people import duty
from people.duty import Gap, Shift
from people.models import Absence, DutyFeed, Override, Roster, Rotation, User
from people.selectors.duty import (
    AHEAD,
    FURTHEST,
    OnDuty,
    duties_of,
    may_change_duty,
    may_keep_rosters,
    on_duty,
    on_duty_of,
    plan_of,
    plans_of,
)
from people.selectors.persons import Anyone, reads_all
from people.selectors.reach import Reach, reach_of

#: So far calendars look back and ahead.
FEED_BACK, FEED_AHEAD = timedelta(days=28), timedelta(days=183)
OWN_AHEAD = timedelta(days=56)
#: A page that is red from top to bottom says less than ten lines and a number.
SHOWN_GAPS = 10


@dataclass(frozen=True)
class Next:
    """Whose turn comes next, as planned, and from when on."""

    person: User
    since: datetime


@dataclass(frozen=True)
class Line:
    """One roster in the list. is_heard: whether a call would be; horizon: what ends there may go on."""

    roster: Roster
    on_duty: OnDuty | None
    is_heard: bool
    gap: Gap | None
    next: Next | None
    horizon: datetime


@dataclass(frozen=True)
class Turn:
    """One shift on the page. is_left: who has it may not sign in any more.  absence: the first within it.

    reach: None where the reader may not know how others are reached.
    """

    shift: Shift
    person: User
    is_left: bool
    absence: Absence | None
    reach: Reach | None

    @property
    def is_empty(self) -> bool:
        """Whether nobody would hear a call."""
        alone = self.absence is not None and self.absence.substitute is None
        return self.is_left or alone or (self.reach is not None and not self.reach.can)


@dataclass(frozen=True)
class Rota:
    """One roster as one person sees it, for the next two weeks. horizon: what ends there may go on."""

    roster: Roster
    on_duty: OnDuty | None
    next: Next | None
    turns: list[Turn]
    gaps: list[Gap]
    rotations: list[Rotation]
    overrides: list[Override]
    unproven: list[User]
    may_change: bool
    may_keep: bool
    until: datetime
    horizon: datetime
    feeds: list[DutyFeed] = field(default_factory=list)

    @property
    def is_heard(self) -> bool:
        """Whether a call would be heard now, as far as the reader may know."""
        here = self.on_duty
        if here is None or not here.is_there:
            return False
        return here.instead_of is not None or not self.turns or not self.turns[0].is_empty

    @property
    def more_gaps(self) -> int:
        """How many gaps the page does not list one by one."""
        return max(len(self.gaps) - SHOWN_GAPS, 0)


def lines_of(rosters: Iterable[Roster], user: User, now: datetime) -> list[Line]:
    """Who has each duty now, and the first gap ahead."""
    rosters = list(rosters)
    current = on_duty_of(rosters, now)
    until, horizon = now + AHEAD, now + AHEAD + FURTHEST
    planned = {pk: _begun_before(until, *duty.shifts(plan, now, horizon)) for pk, plan in plans_of(rosters).items()}
    coming = {pk: next((each for each in found if each.since > now), None) for pk, (found, _gaps) in planned.items()}
    people = User.objects.in_bulk({shift.person for shift in coming.values() if shift})
    gaps = {pk: next(iter(gaps), None) for pk, (_found, gaps) in planned.items()}
    reach = reach_of(each.person for each in current.values() if each) if reads_all(user) else None
    return [
        Line(each, here, _hears(here, reach), gaps[each.pk], _next(coming[each.pk], people), horizon)
        for each in rosters
        for here in (current[each.pk],)
    ]


def rota_of(roster: Roster, user: User, now: datetime) -> Rota:
    """What the page shows. The roster must be visible to the user."""
    until, horizon = now + AHEAD, now + AHEAD + FURTHEST
    found, gaps = _begun_before(until, *duty.shifts(plan_of(roster), now, horizon))
    people = User.objects.in_bulk({shift.person for shift in found})
    reach = reach_of(people.values()) if reads_all(user) else None
    absences = _absences(people, now, until)
    turns = [_turn(shift, people[shift.person], absences, reach) for shift in found]
    unproven = [] if reach is None else [each for pk, each in people.items() if pk in reach and not reach[pk].is_proven]
    return Rota(
        roster=roster,
        on_duty=on_duty(roster, now),
        next=_next(next((shift for shift in found if shift.since > now), None), people),
        turns=turns,
        gaps=gaps,
        rotations=list(roster.rotations.prefetch_related("participants__person").order_by("position", "created_at")),
        overrides=list(_coming(roster, now)),
        unproven=sorted(unproven, key=str),
        may_change=roster.is_active and may_change_duty(user, roster),
        may_keep=may_keep_rosters(user),
        until=until,
        horizon=horizon,
        feeds=list(roster.feeds.filter(person=user.pk, revoked_at=None)),
    )


def calendar_of(user: Anyone, since: datetime, until: datetime) -> list[Happening]:
    """The user's own duties, for calendars."""
    if not isinstance(user, User):
        return []
    return [
        Happening(
            uid=_uid(roster, shift),
            since=shift.since,
            until=shift.until,
            title=_("On duty: %(roster)s") % {"roster": roster.name},
            url=settings.BASE_URL + roster.get_absolute_url(),
        )
        for roster, shift in duties_of(user, since, until)
    ]


def calendar_of_roster(roster: Roster, since: datetime, until: datetime) -> list[Happening]:
    """Who has the duty when, and when nobody has: names and nothing else of anybody."""
    found, gaps = duty.shifts(plan_of(roster), since, until)
    people = User.objects.in_bulk({shift.person for shift in found})
    url = settings.BASE_URL + roster.get_absolute_url()
    named = [
        Happening(_uid(roster, shift), shift.since, shift.until, f"{roster.name}: {people[shift.person]}", url=url)
        for shift in found
    ]
    free = _("Nobody is on duty: %(roster)s") % {"roster": roster.name}
    empty = [
        Happening(f"{roster.pk}-{gap.since.timestamp():.0f}-gap@holdfast", gap.since, gap.until, free, url=url)
        for gap in gaps
    ]
    return sorted([*named, *empty], key=lambda each: each.since)


def _begun_before(until: datetime, found: list[Shift], gaps: list[Gap]) -> tuple[list[Shift], list[Gap]]:
    return [each for each in found if each.since < until], [each for each in gaps if each.since < until]


def _hears(here: OnDuty | None, reach: Mapping[UUID, Reach] | None) -> bool:
    """Whether whoever is on duty would hear a call, as far as the reader may know."""
    if here is None or not here.is_there:
        return False
    return reach is None or reach.get(here.person.pk, Reach()).can


def _next(shift: Shift | None, people: Mapping[UUID, User]) -> Next | None:
    return Next(people[shift.person], shift.since) if shift else None


def _uid(roster: Roster, shift: Shift) -> str:
    return f"{roster.pk}-{shift.since.timestamp():.0f}-{shift.person}@holdfast"


def _turn(shift: Shift, person: User, absences: dict[UUID, list[Absence]], reach: dict[UUID, Reach] | None) -> Turn:
    away = next(
        (each for each in absences.get(person.pk, []) if each.starts_at < shift.until and each.ends_at > shift.since),
        None,
    )
    known = None if reach is None else reach.get(person.pk, Reach())
    return Turn(shift, person, not person.is_active, away, known)


def _absences(people: Iterable[UUID], now: datetime, until: datetime) -> dict[UUID, list[Absence]]:
    found: dict[UUID, list[Absence]] = {}
    rows = Absence.objects.filter(person__in=people, ended_early_at=None, starts_at__lt=until, ends_at__gt=now)
    for row in rows.select_related("substitute").order_by("starts_at"):
        found.setdefault(row.person_id, []).append(row)
    return found


def _coming(roster: Roster, now: datetime) -> Iterable[Override]:
    rows = roster.overrides.filter(removed_at=None, ends_at__gt=now)
    return rows.select_related("person", "added_by").order_by("starts_at")[:100]
