"""The filters above the list of actions: each an address, so that it can be kept and sent on."""

from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from actions.choices import State
from actions.selectors import Wanted
from actions.selectors.listing import ENDED, MINE, OVERDUE, UNFINISHED_ONES


@dataclass(frozen=True)
class Chip:
    """One filter."""

    label: str | Promise
    url: str
    is_current: bool


def chips(wanted: Wanted) -> list[Chip]:
    """What is missing, mine, late, done without proof, accepted, over."""
    shows: list[tuple[str, Any]] = [
        (UNFINISHED_ONES, _("Unfinished")),
        (MINE, _("Mine")),
        (OVERDUE, _("Overdue")),
        (State.DONE, State.DONE.label),
        (State.RISK_ACCEPTED, State.RISK_ACCEPTED.label),
        (ENDED, _("Over")),
        ("all", _("All")),
    ]
    found = [Chip(label, _url(replace(wanted, show=show)), wanted.show == show) for show, label in shows]
    if wanted.plan:
        label = _("Plan %(reference)s") % {"reference": wanted.plan}
        found.append(Chip(label, _url(replace(wanted, plan="")), is_current=True))
    return found


def _url(wanted: Wanted) -> str:
    return reverse("actions") + (f"?{wanted.query}" if wanted.query else "")
