"""The filters above the list of incidents: each an address, so that it can be kept and sent on."""

from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from incidents.choices import SCALES_OF_SEVERITY, State
from incidents.selectors import Wanted
from incidents.selectors.listing import LIVE_ONES, OVER


@dataclass(frozen=True)
class Chip:
    """One filter; chosen again, a severity or "mine" is let go."""

    label: str | Promise
    url: str
    is_current: bool


def chips(wanted: Wanted) -> list[Chip]:
    """Groups of states, those states in which an incident waits, severities, and mine."""
    states: list[tuple[str, Any]] = [
        (LIVE_ONES, _("Open")),
        (State.TRIAGE, State.TRIAGE.label),
        (State.ON_HOLD, State.ON_HOLD.label),
        (OVER, _("Over")),
        ("all", _("All")),
    ]
    found = [Chip(label, _url(wanted, state=state), wanted.state == state) for state, label in states]
    for severity in SCALES_OF_SEVERITY:
        is_current = wanted.severity == severity
        label = _("Severity %(severity)s") % {"severity": severity}
        found.append(Chip(label, _url(wanted, severity=None if is_current else severity), is_current))
    return [*found, Chip(_("Mine"), _url(wanted, is_mine=not wanted.is_mine), wanted.is_mine)]


def _url(wanted: Wanted, **changes: Any) -> str:
    query = replace(wanted, **changes).query.removesuffix("&")
    return reverse("incidents") + (f"?{query}" if query else "")
