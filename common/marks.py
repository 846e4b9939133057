"""The smallest pieces of a page, written out here: a list holds hundreds, and a template each would cost most of it."""

from datetime import datetime
from functools import lru_cache
from typing import Any

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString


@lru_cache(maxsize=1000)
def icon(name: str, extra: str = "") -> SafeString:
    """One drawing of the sprite: `{% icon "i-backup" %}`, `{% icon "s-proven" "small" %}`.

    extra: more classes, as small or spin.
    """
    classes = f"icon {extra}" if extra else "icon"
    return format_html('<svg class="{}" aria-hidden="true"><use href="#{}"/></svg>', classes, name)


def tag(family: str, shape: str, label: Any, wash: str = "") -> SafeString:
    """Shape, word and colour of a state: `{% tag "ok" "s-proven" run.get_outcome_display %}`.

    family: ok, warn, bad, info, hold or mute.  label: translated.  wash: wash or solid.
    """
    classes = f"tag is-{family} {wash}" if wash else f"tag is-{family}"
    drawing = icon(shape, "spin" if shape == "s-running" else "")
    return format_html('<span class="{}">{}{}</span>', classes, drawing, label)


def time(at: datetime, *, exact: str, shown: str) -> SafeString:
    """A moment as it is shown, with the exact one on hover; the page keeps the shown one up to date."""
    machine = timezone.localtime(at).isoformat()
    return format_html('<time datetime="{}" title="{}" data-live>{}</time>', machine, exact, shown)
