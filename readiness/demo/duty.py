"""Who of the demo's people is on call, and who is called when nobody answers: a plan, by which real calls are made."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from people.choices import Period, Role, Whom
from people.models import Roster
from people.selectors import organisation
from people.services import add_policy, add_roster, add_rotation
from readiness.demo.organisation import ACTOR, Organisation

HAND_OVER = time(9)
WEEK = timedelta(weeks=1)


def set_up_duty(house: Organisation, now: datetime) -> None:
    """A roster of weeks, and a policy that calls by it. Whom nothing can be sent to is said to be so, as anywhere."""
    people = house.people
    if not {Role.RESPONDER, Role.ADMINISTRATOR, Role.MANAGER} <= people.keys():
        return
    zone = organisation().time_zone
    roster = add_roster(
        name=_("IT on call"),
        description=_("Takes over what is urgent, at night too."),
        time_zone=zone,
        manager=people[Role.MANAGER],
        tells_hand_over=True,
        by=ACTOR,
    )
    _take_turns(roster, house, now.astimezone(ZoneInfo(zone)))
    add_policy(
        name=_("Everything urgent"),
        description=_("Whoever is on call first, then the manager, and both once more."),
        is_default=True,
        steps=[
            {"whom": Whom.ROSTER, "roster": roster},
            {"whom": Whom.PERSON, "person": people[Role.MANAGER], "after": timedelta(minutes=15)},
        ],
        by=ACTOR,
    )


def _take_turns(roster: Roster, house: Organisation, now: datetime) -> None:
    """From the last Monday at nine on, so that somebody has the duty at once."""
    monday = now.date() - timedelta(days=now.weekday())
    if now.replace(tzinfo=None) < datetime.combine(monday, HAND_OVER):
        monday -= WEEK
    add_rotation(
        roster_id=roster.pk,
        name=_("Week by week"),
        period=Period.WEEKS,
        starts_on=monday,
        hand_over_at=HAND_OVER,
        people=[house.people[Role.RESPONDER], house.people[Role.ADMINISTRATOR]],
        by=ACTOR,
    )
