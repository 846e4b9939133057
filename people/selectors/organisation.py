"""Whose house this is, by which clock it lives, and whether anything is held in it."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError
from django.db.models import Exists, Q

from people.models import Organisation

CACHED = "people.organisation"
CACHED_SECONDS = 60
COLUMNS = ("name", "time_zone", "set_up_at", "held_since", "copy_taken_at", "anyone_may_report")


@dataclass(frozen=True)
class House:
    """What is said of the organisation. is_set_up: somebody went through the first steps.

    held_since and copy_taken_at: see Organisation.
    """

    name: str
    time_zone: str
    is_set_up: bool
    held_since: datetime | None = None
    copy_taken_at: datetime | None = None
    anyone_may_report: bool = False


def organisation() -> House:
    """The organisation as somebody named it, else as the settings do.

    Asked for on every page, so it is kept for a minute, and forgotten when it changes. Where the database is away the
    settings answer: the page that says so is drawn with a name, too.
    """
    row = cache.get(CACHED)
    if row is None or len(row) not in {0, len(COLUMNS)}:  # of another release
        try:
            row = Organisation.objects.values_list(*COLUMNS).first() or ()
        except DatabaseError:
            return House(settings.ORGANISATION, settings.ORGANISATION_TIME_ZONE, is_set_up=False)
        cache.set(CACHED, row, CACHED_SECONDS)
    if not row:
        return House(settings.ORGANISATION, settings.ORGANISATION_TIME_ZONE, is_set_up=False)
    name, time_zone, set_up_at, held_since, copy_taken_at, anyone_may_report = row
    return House(name, time_zone, set_up_at is not None, held_since, copy_taken_at, anyone_may_report)


def goes_on() -> Q:
    """For queries of what goes out or begins by itself: nothing is found while it is held.

    Part of the query and never cached, so that not one message leaves a house that was just brought back.
    """
    return Q(~Exists(Organisation.objects.filter(held_since__isnull=False)))
