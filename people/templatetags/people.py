"""People on pages: whose something is, and who acts for them while they are away."""

from typing import Any

from django import template
from django.template import loader
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from people.models import User
from people.selectors import Away, who_is_away

register = template.Library()


@register.simple_tag(takes_context=True)
def owner(context: template.Context, person: User | None, nobody: Any = "") -> SafeString:
    """Somebody's name, and beside it how they are away: `{% owner service.owner %}`.

    nobody: what stands there where it is nobody's.  Asked once a page, however many names it shows.
    """
    if person is None:
        return format_html('<span class="quiet">{}</span>', nobody) if nobody else SafeString("")
    away = _away(context).get(person.pk)
    if away is None:
        return format_html("{}", person)
    return loader.render_to_string("components/owner.html", {"person": person, "away": away})


def _away(context: template.Context) -> dict[Any, Away]:
    """Who is away, read once a request."""
    request = getattr(context, "request", None)
    found: dict[Any, Away] | None = getattr(request, "who_is_away", None)
    if found is None:
        found = who_is_away(timezone.now())
        if request is not None:
            request.who_is_away = found
    return found
