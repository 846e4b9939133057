"""States and events of actions as pages show them."""

from datetime import date

from django import template
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from actions import looks
from actions.choices import EventKind, State
from actions.models import Action, ActionEvent
from common import marks

register = template.Library()


@register.simple_tag
def action_tag(action: Action, wash: str = "") -> str:
    """Where it stands."""
    state = State(action.state)
    return marks.tag(*looks.OF_STATE[state], state.label, wash)


@register.simple_tag
def look_of_event(event: ActionEvent) -> dict[str, str]:
    """The colour and the drawing of an event."""
    family, shape = looks.OF_EVENT[EventKind(event.kind)]
    return {"family": family, "shape": shape}


@register.filter
def due_in(days: int | None) -> str:
    """How far a day is: "3 days late", "due today", "due in 5 days". Empty for None."""
    if days is None:
        return ""
    if days < 0:
        return ngettext("%(days)s day late", "%(days)s days late", -days) % {"days": -days}
    if days == 0:
        return _("due today")
    return ngettext("due in %(days)s day", "due in %(days)s days", days) % {"days": days}


@register.filter
def happened(event: ActionEvent) -> str:
    """What an event changed, where its values say so; the names are those of that time."""
    values = event.values
    if event.kind == EventKind.REASSIGNED:
        return _("to %(name)s") % {"name": values.get("after", "")}
    if event.kind == EventKind.POSTPONED:
        return _("from %(before)s to %(after)s") % {"before": _day(values["before"]), "after": _day(values["after"])}
    if event.kind == EventKind.ACCEPTED:
        said = {"day": _day(values["until"]), "names": values.get("acting_for", "")}
        return (_("until %(day)s, signed for %(names)s") if said["names"] else _("until %(day)s")) % said
    if event.kind == EventKind.PLANNED:
        return str(values.get("plan") or _("taken out of its plan"))
    return str(values.get("reference", "")) if event.kind == EventKind.VERIFIED else ""


def _day(text: str) -> str:
    return formats.date_format(date.fromisoformat(text), pgettext("date format", "j F Y"))
