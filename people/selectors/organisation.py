"""Whose house this is, and by which clock it lives."""

from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError

from people.models import Organisation

CACHED = "people.organisation"
CACHED_SECONDS = 60


@dataclass(frozen=True)
class House:
    """What is said of the organisation. is_set_up: somebody went through the first steps."""

    name: str
    time_zone: str
    is_set_up: bool


def organisation() -> House:
    """The organisation as somebody named it, else as the settings do.

    Asked for on every page, so it is kept for a minute, and forgotten when it changes. Where the database is away the
    settings answer: the page that says so is drawn with a name, too.
    """
    row = cache.get(CACHED)
    if row is None:
        try:
            row = Organisation.objects.values_list("name", "time_zone", "set_up_at").first() or ()
        except DatabaseError:
            return House(settings.ORGANISATION, settings.ORGANISATION_TIME_ZONE, is_set_up=False)
        cache.set(CACHED, row, CACHED_SECONDS)
    if not row:
        return House(settings.ORGANISATION, settings.ORGANISATION_TIME_ZONE, is_set_up=False)
    name, time_zone, set_up_at = row
    return House(name, time_zone, is_set_up=set_up_at is not None)
