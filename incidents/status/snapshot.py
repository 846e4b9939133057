"""What the status page says, read from the rows and put into words in every language."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import F, Prefetch, Q
from django.template.loader import render_to_string
from django.utils import timezone, translation

from incidents.models import PlannedWork, Publication, StatusEntry, StatusPage, Update
from incidents.status import history
from incidents.status.door import AGE, ROOT, STALE
from incidents.status.files import Snapshot
from incidents.status.formats import as_feed, as_json
from incidents.telling.choices import Effect, PublicState, Stage
from people.selectors import organisation

#: How far back incidents are shown, and how many at most.
KEPT, MOST = timedelta(days=366), 200
#: On the first page.
RECENT = 5


@dataclass(frozen=True)
class Line:
    """One service as the public sees it. names, groups: by language."""

    entry: StatusEntry
    names: Mapping[str, str]
    groups: Mapping[str, str]
    spans: list[history.Span]
    state: str
    days: list[history.Day]
    disrupted: timedelta
    known_days: int

    @property
    def name(self) -> str:
        """In the active language, else in the one it has."""
        return in_language(self.names)

    @property
    def group(self) -> str:
        """The same."""
        return in_language(self.groups)


@dataclass(frozen=True)
class News:
    """One published update. key: tells it from all others.  titles, texts: by language."""

    key: str
    at: datetime
    state: str
    titles: Mapping[str, str]
    texts: Mapping[str, str]
    next_at: datetime | None

    @property
    def title(self) -> str:
        """In the active language, else in the one it has."""
        return in_language(self.titles)

    @property
    def text(self) -> str:
        """The same."""
        return in_language(self.texts)

    @property
    def state_word(self) -> str:
        """The state in the active language."""
        return str(PublicState(self.state).label)


@dataclass(frozen=True)
class Case:
    """One published incident.  news: the newest first.  effect: the worst that it does now."""

    publication: Publication
    news: list[News]
    spans: list[history.Span]
    effect: str
    entries: list[Line] = field(default_factory=list)

    @property
    def title(self) -> str:
        """Of its newest update."""
        return self.news[0].title

    @property
    def is_over(self) -> bool:
        """Whether it is resolved."""
        return self.publication.resolved_at is not None

    @property
    def lasted(self) -> timedelta:
        """From its beginning to its end."""
        return (self.publication.resolved_at or self.publication.began_at) - self.publication.began_at

    @property
    def path(self) -> str:
        """Below the language."""
        return f"incidents/{self.publication.pk}/"


@dataclass(frozen=True)
class Board:
    """Everything on the page, in no language yet. works: planned and running maintenance, the next first."""

    page: StatusPage
    now: datetime
    zone: ZoneInfo
    organisation: str
    lines: list[Line]
    cases: list[Case]
    works: list[PlannedWork]

    @property
    def takes_subscribers(self) -> bool:
        """Whether news are sent by mail: without a mail server nobody is asked for an address."""
        return self.page.takes_subscribers and settings.EMAIL_CONFIGURED

    @property
    def live(self) -> list[Case]:
        """What is not over, the newest first."""
        return [case for case in self.cases if not case.is_over]

    @property
    def past(self) -> list[Case]:
        """What is over."""
        return [case for case in self.cases if case.is_over]

    @property
    def state(self) -> str:
        """The worst of all services."""
        return history.worst(line.state for line in self.lines)

    @property
    def disturbed(self) -> list[Line]:
        """Services that do not simply work."""
        return [line for line in self.lines if line.state != Effect.OPERATIONAL]

    @property
    def groups(self) -> list[tuple[str, list[Line]]]:
        """The services by their group in the active language, in their order."""
        return [(name, list(lines)) for name, lines in groupby(self.lines, key=lambda line: line.group)]

    @property
    def months(self) -> list[tuple[datetime, list[Case]]]:
        """All incidents by the month in which they began, the newest first."""
        by_month = groupby(
            self.cases, key=lambda case: case.publication.began_at.astimezone(self.zone).strftime("%Y%m")
        )
        found = [list(cases) for _month, cases in by_month]
        return [(cases[0].publication.began_at, cases) for cases in found]


def in_language(texts: Mapping[str, str]) -> str:
    """Of words by language those of the active one, else of the first that is there."""
    return texts.get(translation.get_language() or "") or next((each for each in texts.values() if each), "")


def board_of(page: StatusPage, now: datetime) -> Board:
    """Read everything, in a number of queries that does not grow."""
    house = organisation()
    zone = ZoneInfo(house.time_zone)
    works = _works(now)
    cases = [_case(each) for each in _publications(now)]
    spans = [span for case in cases for span in case.spans] + _spans_of_works(works, now)
    entries = StatusEntry.objects.filter(is_shown=True).prefetch_related("names")
    lines = [_line(entry, spans, max(entry.since, page.begun_at), now, zone) for entry in entries]
    by_entry = {str(line.entry.pk): line for line in lines}
    for case in cases:
        named = {span.entry for span in case.spans}
        case.entries.extend(line for key, line in by_entry.items() if key in named)
    shown = [work for work in works if work.ends_at > now]
    return Board(page, now, zone, house.name, lines, cases, shown)


def snapshot_of(board: Board, fingerprint: str) -> Snapshot:
    """Every page in every language."""
    pages: dict[str, tuple[str, str]] = {}
    stale: dict[str, str] = {}
    with timezone.override(board.zone):
        for language, _name in settings.LANGUAGES:
            with translation.override(language):
                pages |= {f"{language}/{path}": found for path, found in _pages(board, language)}
                stale[language] = render_to_string("incidents/status/_stale.html")
    pages["status.json"] = ("application/json", as_json(board))
    return Snapshot(str(board.page.audience), board.zone.key, fingerprint, pages, stale)


def _pages(board: Board, language: str) -> Iterable[tuple[str, tuple[str, str]]]:
    html = "text/html; charset=utf-8"
    common = {"board": board, "root": f"{ROOT}{language}/", "age": AGE, "stale": STALE, "languages": settings.LANGUAGES}
    first = {**common, "recent": board.past[:RECENT], "path": ""}
    yield "", (html, render_to_string("incidents/status/page.html", first))
    yield "history/", (html, render_to_string("incidents/status/history.html", {**common, "path": "history/"}))
    for case in board.cases:
        values = {**common, "case": case, "path": case.path}
        yield case.path, (html, render_to_string("incidents/status/incident.html", values))
    yield "feed.atom", ("application/atom+xml; charset=utf-8", as_feed(board, language))


def _publications(now: datetime) -> list[Publication]:
    sent = Update.objects.filter(audience="public", stage=Stage.SENT, at__gte=F("incident__publication__published_at"))
    sent = sent.order_by("at", "created_at")
    rows = Publication.objects.filter(withdrawn_at=None).filter(
        Q(resolved_at=None) | Q(began_at__gt=now - KEPT) | Q(resolved_at__gt=now - KEPT)
    )
    updates = Prefetch("incident__updates", sent.prefetch_related("texts", "effects"), to_attr="published")
    return list(rows.select_related("incident").prefetch_related(updates).order_by("-began_at")[:MOST])


def _case(publication: Publication) -> Case:
    updates: list[Update] = publication.incident.published  # type: ignore[attr-defined]  # prefetched
    said = [
        history.Said(
            each.at,
            {str(effect.entry_id): effect.effect for effect in each.effects.all()},
            is_over=each.public_state == PublicState.RESOLVED,
        )
        for each in updates
    ]
    spans = history.spans_of(publication.began_at, said)
    effect = history.worst(each.effect for each in spans if each.ends_at is None)
    return Case(publication, [_news(each) for each in reversed(updates)], spans, effect)


def _news(update: Update) -> News:
    texts = list(update.texts.all())
    return News(
        key=update.pk.hex,
        at=update.at,
        state=update.public_state,
        titles={each.language: each.title for each in texts},
        texts={each.language: each.text for each in texts},
        next_at=update.next_at,
    )


def _line(entry: StatusEntry, spans: list[history.Span], since: datetime, now: datetime, zone: ZoneInfo) -> Line:
    own = [span for span in spans if span.entry == str(entry.pk)]
    names = sorted(entry.names.all(), key=lambda each: each.language)
    days = history.days_of(own, since=since, now=now, zone=zone)
    begins = max(since, now - timedelta(days=history.DAYS))
    return Line(
        entry=entry,
        names={each.language: each.name for each in names},
        groups={each.language: each.group for each in names},
        spans=own,
        state=history.state_now(own, now),
        days=days,
        disrupted=history.disrupted(own, since=begins, now=now),
        known_days=sum(day.effect != Effect.UNKNOWN for day in days),
    )


def _works(now: datetime) -> list[PlannedWork]:
    rows = PlannedWork.objects.filter(is_called_off=False, ends_at__gt=now - timedelta(days=history.DAYS + 1))
    return list(rows.prefetch_related("texts", "entries").order_by("starts_at")[:MOST])


def _spans_of_works(works: Iterable[PlannedWork], now: datetime) -> list[history.Span]:
    return [
        history.Span(str(entry.pk), Effect.MAINTENANCE.value, work.starts_at, work.ends_at)
        for work in works
        if work.starts_at <= now
        for entry in work.entries.all()
    ]


def words_of_work(work: PlannedWork) -> dict[str, Any]:
    """Its title and text in the active language."""
    texts = sorted(work.texts.all(), key=lambda each: each.language)
    return {
        "title": in_language({each.language: each.title for each in texts}),
        "text": in_language({each.language: each.text for each in texts}),
    }
