"""The status page: states and days as it draws them."""

from typing import Any

from django import template

from common import marks
from incidents.models import PlannedWork
from incidents.status.history import DISRUPTED, Day
from incidents.status.snapshot import words_of_work
from incidents.telling.choices import Effect, PublicState

register = template.Library()

#: effect → (family, shape)
LOOKS = {
    Effect.OPERATIONAL: ("ok", "s-proven"),
    Effect.DEGRADED: ("warn", "s-stale"),
    Effect.PARTIAL: ("warn", "s-warn"),
    Effect.MAJOR: ("bad", "s-fail"),
    Effect.MAINTENANCE: ("info", "s-hold"),
    Effect.UNKNOWN: ("mute", "s-unproven"),
}
#: effect → (class, height) of its bar; higher is worse, so that colour is not all that tells.
BARS = {
    Effect.OPERATIONAL: ("bar-ok", 16),
    Effect.DEGRADED: ("bar-warn", 20),
    Effect.PARTIAL: ("bar-warn", 24),
    Effect.MAJOR: ("bar-bad", 28),
    Effect.MAINTENANCE: ("bar-plan", 16),
    Effect.UNKNOWN: ("bar-mute", 6),
}
HEIGHT, STEP = 28, 4
#: public state → drawing
DRAWINGS = {
    PublicState.INVESTIGATING: "i-search",
    PublicState.IDENTIFIED: "i-mail",
    PublicState.MONITORING: "s-review",
    PublicState.RESOLVED: "i-check",
}


@register.simple_tag
def effect_tag(effect: str, wash: str = "") -> str:
    """What a service is like."""
    return marks.tag(*LOOKS[Effect(effect)], Effect(effect).label, wash)


@register.filter
def family(effect: str) -> str:
    """Its colour."""
    return LOOKS[Effect(effect)][0]


@register.filter
def shape(effect: str) -> str:
    """Its drawing."""
    return LOOKS[Effect(effect)][1]


@register.filter
def drawing(public_state: str) -> str:
    """What stands beside news of this state."""
    return DRAWINGS[PublicState(public_state)]


@register.filter
def bars(days: list[Day]) -> list[dict[str, Any]]:
    """A rectangle a day."""
    found = []
    for place, each in enumerate(days):
        colour, height = BARS[Effect(each.effect)]
        found.append({"x": place * STEP, "y": HEIGHT - height, "height": height, "colour": colour})
    return found


@register.filter
def disrupted_days(days: list[Day]) -> int:
    """On how many days something was published as disrupted."""
    return sum(each.effect in DISRUPTED for each in days)


@register.simple_tag
def words_of(work: PlannedWork) -> dict[str, Any]:
    """Title and text of planned maintenance in the reader's language."""
    return words_of_work(work)
