"""Reads of the ledger, in the order of time and never by a count: the thousandth page costs what the first did."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Lower
from django.db.models.lookups import StartsWith

from ledger.models import Entry, Seal

PAGE = 50
LONGEST = 200

#: Every verb there is, found along its index by skipping: the ledger may hold millions of each.
_VERBS = """
    WITH RECURSIVE verbs AS (
        (SELECT verb FROM ledger_entry ORDER BY verb LIMIT 1)
        UNION ALL
        SELECT (SELECT verb FROM ledger_entry WHERE verb > verbs.verb ORDER BY verb LIMIT 1)
        FROM verbs WHERE verbs.verb IS NOT NULL
    ) SELECT verb FROM verbs WHERE verb IS NOT NULL
"""


@dataclass(frozen=True)
class Asked:
    """What is looked for. Empty parts ask for nothing.

    subject: the beginning of what it is called.  actor: the beginning of a name.  verb: whole, or its beginning.
    subject_type and subject_id: one subject's thread.  since, until: aware, until is not included.
    """

    subject: str = ""
    actor: str = ""
    verb: str = ""
    subject_type: str = ""
    subject_id: str = ""
    since: datetime | None = None
    until: datetime | None = None

    @property
    def is_thread(self) -> bool:
        """Whether the entries of one subject are asked for."""
        return bool(self.subject_type and self.subject_id)


@dataclass(frozen=True)
class Place:
    """Where a page ends: time and id of one entry."""

    at: datetime
    id: int


@dataclass(frozen=True)
class Page:
    """Entries, the newest first, and where the pages beside it begin. None: there is none."""

    entries: list[Entry]
    newer: Place | None
    older: Place | None


def asked_for(entries: QuerySet[Entry], asked: Asked) -> QuerySet[Entry]:
    """Those of the entries that are looked for."""
    wanted = Q()
    if asked.is_thread:
        wanted &= Q(subject_type=asked.subject_type, subject_id=asked.subject_id)
    if asked.subject:
        wanted &= Q(StartsWith(Lower("subject_label"), asked.subject.lower()))
    if asked.actor:
        wanted &= Q(StartsWith(Lower("actor_label"), asked.actor.lower()))
    if asked.verb:
        wanted &= Q(verb__in=_verbs_like(asked.verb))
    if asked.since:
        wanted &= Q(at__gte=asked.since)
    if asked.until:
        wanted &= Q(at__lt=asked.until)
    return entries.filter(wanted)


def by_people(ids: Iterable[Any]) -> Q:
    """What these people did."""
    return Q(actor_kind="user", actor_id__in=[str(each) for each in ids])


def about_any(ids: Mapping[str, Iterable[str]]) -> Q:
    """What was done to any of these subjects: {type: ids}."""
    wanted = Q(pk__in=[])
    for subject_type, of_type in ids.items():
        wanted |= Q(subject_type=subject_type, subject_id__in=list(of_type))
    return wanted


def page_of(entries: QuerySet[Entry], *, older_than: Place | None = None, newer_than: Place | None = None) -> Page:
    """One page, beginning beside a place; the newest entries without one. One query."""
    place, is_back = newer_than or older_than, newer_than is not None
    rows = entries.select_related("sealed")
    if place is not None:
        beside = "gt" if is_back else "lt"
        # The first condition follows from the second: it lets the database begin in the index.
        rows = rows.filter(
            Q(**{f"at__{beside}e": place.at}),
            Q(**{f"at__{beside}": place.at}) | Q(at=place.at, **{f"id__{beside}": place.id}),
        )
    order = [F("at").asc(), F("id").asc()] if is_back else [F("at").desc(), F("id").desc()]
    found = list(rows.order_by(*order)[: PAGE + 1])
    has_more, shown = len(found) > PAGE, found[:PAGE]
    if is_back:
        shown.reverse()
    has_newer = has_more if is_back else place is not None
    has_older = True if is_back else has_more
    return Page(
        shown,
        newer=Place(shown[0].at, shown[0].pk) if shown and has_newer else None,
        older=Place(shown[-1].at, shown[-1].pk) if shown and has_older else None,
    )


def verbs() -> list[str]:
    """Every verb that was ever written, in alphabetical order, in the time that their number takes."""
    with connection.cursor() as cursor:
        cursor.execute(_VERBS)
        return [row[0] for row in cursor.fetchall()]


def _verbs_like(text: str) -> list[str]:
    """The verb that was named, else those that begin so: "incident" stands for all that happens to incidents."""
    known = verbs()
    return [text] if text in known else [verb for verb in known if verb.startswith(text.lower())]


def newest_seal() -> Seal | None:
    """The seal whose head stands for everything sealed so far."""
    return Seal.objects.order_by("-number").first()
