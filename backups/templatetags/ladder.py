"""The ladder of checks, drawn."""

from typing import Any

from django import template

from backups.choices import Level

register = template.Library()


@register.inclusion_tag("backups/ladder.html")
def ladder(level: int | None, family: str = "info") -> dict[str, Any]:
    """How far a copy was tried, with its word. level: 0 to 6; None: not at all."""
    rungs = [{"x": 12 * at, "y": 8 - at, "height": 4 + at, "is_on": level is not None and at <= level} for at in Level]
    return {"level": level, "family": family, "rungs": rungs, "name": "" if level is None else Level(level).label}
