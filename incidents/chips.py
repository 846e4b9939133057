"""The filters above the list of incidents: each an address, so that it can be kept and sent on."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from incidents.choices import SCALES_OF_SEVERITY, State
from incidents.forms.filtering import FilterForm
from incidents.selectors import Wanted
from incidents.selectors.wanted import ALL, LIVE_ONES, ME, NOBODY, OVER

#: Filters that a list says in words of its own, each with the value that lets it go.
SAID = {"service": "", "system": "", "team": "", "owner": "", "category": "", "source": "", "age": "", "sort": ""}


@dataclass(frozen=True)
class Chip:
    """One filter; chosen again, a severity or "mine" is let go."""

    label: str | Promise
    url: str
    is_current: bool


def chips(wanted: Wanted, page: str = "incidents") -> list[Chip]:
    """Those that are chosen most: groups of states, states in which an incident waits, severities, whose.

    page: the board has no states to choose, its columns are states.
    """
    states: list[tuple[str, Any]] = [
        (LIVE_ONES, _("Open")),
        (State.TRIAGE, State.TRIAGE.label),
        (State.ON_HOLD, State.ON_HOLD.label),
        (OVER, _("Over")),
        (ALL, _("All")),
    ]
    found = [Chip(label, _url(page, wanted, state=state), wanted.state == state) for state, label in states]
    found = found if page == "incidents" else []
    for severity in SCALES_OF_SEVERITY:
        is_current = severity in wanted.severities
        kept = set(wanted.severities) ^ {severity}
        label = _("Severity %(severity)s") % {"severity": severity}
        found.append(Chip(label, _url(page, wanted, severities=tuple(sorted(kept))), is_current))
    for owner, label in ((ME, _("In my charge")), (NOBODY, _("In nobody’s charge"))):
        is_current = wanted.owner == owner
        found.append(Chip(label, _url(page, wanted, owner="" if is_current else owner), is_current))
    return found


def chosen(wanted: Wanted, form: FilterForm, page: str = "incidents") -> list[Chip]:
    """What else narrows the list down, each with the address of the list without it."""
    shown = {LIVE_ONES, OVER, ALL, State.TRIAGE, State.ON_HOLD}
    is_other = page == "incidents" and wanted.state not in shown
    said: list[tuple[str, dict[str, Any]]] = []
    if is_other:
        said.append((f"{form.fields['state'].label}: {form.words('state', wanted.state)}", {"state": LIVE_ONES}))
    said += [
        (f"{form.fields[name].label}: {form.words(name, getattr(wanted, name))}", {name: nothing})
        for name, nothing in SAID.items()
        if getattr(wanted, name) not in ("", ME, NOBODY)
    ]
    for name in ("since", "until"):
        if day := getattr(wanted, name):
            said.append((f"{form.fields[name].label}: {date_format(day, 'DATE_FORMAT')}", {name: None}))
    said += [(_("Only major ones"), {"is_major": False})] if wanted.is_major else []
    said += [(f"“{wanted.search}”", {"search": ""})] if wanted.search else []
    return [Chip(label, _url(page, wanted, **changes), True) for label, changes in said]


def _url(page: str, wanted: Wanted, **changes: Any) -> str:
    return f"{reverse(page)}?{wanted.but(**changes).address}"
