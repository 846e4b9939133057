"""How long it takes, and what comes back: figures over a span of time, computed by the database when asked for.

A time that is unknown is counted as unknown, never as nothing. Exercises, cancelled and merged incidents are no part.
Where there are very many they are computed once in a while, and say of when they are.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Self

from dateutil.relativedelta import relativedelta
from django.core.cache import cache
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Count, Max, QuerySet
from django.http import QueryDict
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalog.models import System
from incidents.choices import SCALES_OF_SEVERITY, Category, State
from incidents.models import Incident
from incidents.selectors.seeing import visible_to
from people.selectors import Anyone, reads_all, roles_of

MONTH, QUARTER = "month", "quarter"
#: unit → (months in one, how many are shown)
UNITS = {MONTH: (1, 12), QUARTER: (3, 8)}
#: What is measured, from the report on: name → words.
MEASURES: dict[str, str | Promise] = {
    "acknowledge": _("Taken over"),
    "mitigate": _("The worst over"),
    "resolve": _("Working again"),
}
NO_FAILURES = (State.CANCELLED, State.MERGED)
#: What happened once did not come back.
TWICE = 2
CAUSES_SHOWN = 10
#: Figures of so many incidents take a while: they are kept for so long, and say of when they are.
MANY, KEPT_SECONDS = 5_000, 300


@dataclass(frozen=True)
class FiguresWanted:
    """Which figures are wanted. What an address says wrongly is as if it were not said."""

    unit: str = MONTH

    @classmethod
    def read(cls, query: QueryDict) -> Self:
        unit = query.get("unit", MONTH)
        return cls(unit if unit in UNITS else MONTH)


@dataclass(frozen=True)
class Time:
    """One measure over several incidents. known: how many of them have it; the others are unknown, or not yet there."""

    known: int
    median: timedelta | None
    p90: timedelta | None


@dataclass(frozen=True)
class Figure:
    """One row of figures. period: when it begins, None for the whole span.  severity: None for all.

    times: by name of `MEASURES`.
    """

    period: datetime | None
    severity: int | None
    count: int
    reopened: int
    times: dict[str, Time]


@dataclass(frozen=True)
class Recurring:
    """One cause that came back. label: as the reader calls it.  url: where it is read about; empty for none."""

    label: str | Promise
    count: int
    last_at: datetime
    url: str = ""


@dataclass(frozen=True)
class Figures:
    """Everything, from `since` to `as_of`. rows: by period and severity, sums included."""

    unit: str
    as_of: datetime
    since: datetime
    periods: list[datetime]
    rows: list[Figure]
    categories: list[Recurring]
    causes: list[Recurring]
    systems: list[Recurring]

    @property
    def whole(self) -> Figure:
        """All of the span."""
        return self._row(None, None)

    @property
    def by_severity(self) -> list[Figure]:
        """The whole span, the worst severity first."""
        return [self._row(None, severity) for severity in SCALES_OF_SEVERITY]

    @property
    def by_period(self) -> list[Figure]:
        """All severities, the first period first."""
        return [self._row(period, None) for period in self.periods]

    def _row(self, period: datetime | None, severity: int | None) -> Figure:
        found = (row for row in self.rows if (row.period, row.severity) == (period, severity))
        return next(found, Figure(period, severity, 0, 0, dict.fromkeys(MEASURES, Time(0, None, None))))


def sees_figures(user: Anyone) -> bool:
    """Whether the user reads figures of incidents at all."""
    return reads_all(user)


def recent_figures(user: Anyone, wanted: FiguresWanted, now: datetime) -> Figures:
    """The same, where there are very many as they were at most five minutes ago: `as_of` says when."""
    roles = ",".join(sorted(roles_of(user)))
    here = (user.pk, roles, wanted.unit, translation.get_language(), timezone.get_current_timezone_name())
    key = "incidents:figures:" + ":".join(str(part).replace(" ", "_") for part in here)
    found: Figures | None = cache.get(key)
    if found is None:
        found = figures(user, wanted, now)
        if found.whole.count >= MANY:
            cache.set(key, found, KEPT_SECONDS)
    return found


def figures(user: Anyone, wanted: FiguresWanted, now: datetime) -> Figures:
    """The figures of what the user may see. Four queries, however much there is."""
    periods = _periods(wanted.unit, now)
    counted = visible_to(user).filter(reported_at__gte=periods[0]).exclude(state__in=NO_FAILURES)
    counted = counted.exclude(cause_key__startswith="exercise:").order_by()
    return Figures(
        unit=wanted.unit,
        as_of=now,
        since=periods[0],
        periods=periods,
        rows=_rows(counted, wanted.unit),
        categories=_categories(counted),
        causes=_causes(counted),
        systems=_systems(counted),
    )


def _periods(unit: str, now: datetime) -> list[datetime]:
    """When each period begins, in the reader's zone; the present one is the last."""
    months, shown = UNITS[unit]
    here = timezone.localtime(now)
    first = here.replace(
        month=(here.month - 1) // months * months + 1, day=1, hour=0, minute=0, second=0, microsecond=0
    )
    days = [(first - relativedelta(months=months * back)).replace(tzinfo=None) for back in range(shown - 1, -1, -1)]
    return [timezone.make_aware(day) for day in days]


#: What stands at the place of {rows} is a statement of Django's own, with its arguments.
_STATEMENT = """
    SELECT date_trunc(%s, reported AT TIME ZONE %s) AS period, severity, count(*), count(*) FILTER (WHERE reopened > 0),
        count(*) FILTER (WHERE acknowledged >= reported), {acknowledged},
        count(*) FILTER (WHERE mitigated >= reported), {mitigated},
        count(*) FILTER (WHERE resolved >= reported), {resolved}
    FROM ({rows}) AS counted(severity, reopened, reported, acknowledged, mitigated, resolved)
    GROUP BY GROUPING SETS ((1, 2), (1), (2), ())
"""
_PERCENTILES = (
    "percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY extract(epoch FROM {name} - reported)::float) "
    "FILTER (WHERE {name} >= reported)"
)


def _rows(counted: QuerySet[Incident], unit: str) -> list[Figure]:
    columns = ("severity", "reopen_count", "reported_at", "acknowledged_at", "mitigated_at", "resolved_at")
    try:
        inner, arguments = counted.values_list(*columns).query.sql_with_params()
    except EmptyResultSet:
        return []
    parts = {name: _PERCENTILES.format(name=name) for name in ("acknowledged", "mitigated", "resolved")}
    with connection.cursor() as cursor:
        statement = _STATEMENT.format(rows=inner, **parts)
        cursor.execute(statement, [unit, timezone.get_current_timezone_name(), *arguments])
        return [_figure(row) for row in cursor.fetchall()]


def _figure(row: Sequence[Any]) -> Figure:
    period, severity, count, reopened = row[:4]
    times = {name: _time(*row[4 + 2 * place : 6 + 2 * place]) for place, name in enumerate(MEASURES)}
    return Figure(timezone.make_aware(period) if period else None, severity, count, reopened, times)


def _time(known: int, percentiles: Sequence[float] | None) -> Time:
    if not percentiles:
        return Time(known, None, None)
    median, p90 = (timedelta(seconds=round(seconds)) for seconds in percentiles)
    return Time(known, median, p90)


def _categories(counted: QuerySet[Incident]) -> list[Recurring]:
    """Kinds of causes; what nobody named is unknown, and said so."""
    rows = counted.values_list("category").annotate(count=Count("pk"), last=Max("reported_at")).order_by("-count")
    return [Recurring(Category(name).label if name else _("unknown"), count, last) for name, count, last in rows]


def _causes(counted: QuerySet[Incident]) -> list[Recurring]:
    """What Holdfast found more than once, by the words of the newest."""
    rows = (
        counted.exclude(cause_key="")
        .values("cause_key")
        .annotate(count=Count("pk"), last=Max("reported_at"), newest=Max("number"))
        .filter(count__gte=TWICE)
        .order_by("-count", "-last")[:CAUSES_SHOWN]
    )
    found = list(rows)
    newest = {row.number: row for row in Incident.objects.filter(number__in=[each["newest"] for each in found])}
    return [
        Recurring(
            newest[each["newest"]].shown_title, each["count"], each["last"], newest[each["newest"]].get_absolute_url()
        )
        for each in found
    ]


def _systems(counted: QuerySet[Incident]) -> list[Recurring]:
    rows = (
        System.objects.filter(incidents__in=counted.values("pk"))
        .annotate(count=Count("incidents"), last=Max("incidents__reported_at"))
        .filter(count__gte=TWICE)
        .order_by("-count", "name")[:CAUSES_SHOWN]
    )
    return [Recurring(row.name, row.count, row.last) for row in rows]


def table_of(found: Figures) -> Iterator[list[Any]]:
    """The figures as rows for a spreadsheet: one for each period, severity and measure. Unknown is empty."""
    for row in sorted(
        found.rows, key=lambda each: (each.period is None, each.period or found.since, each.severity or 0)
    ):
        for name in MEASURES:
            time = row.times[name]
            yield [
                row.period.date() if row.period else "all",
                row.severity or "all",
                name,
                row.count,
                time.known,
                row.count - time.known,
                int(time.median.total_seconds()) if time.median is not None else None,
                int(time.p90.total_seconds()) if time.p90 is not None else None,
                row.reopened,
            ]


#: The columns of `table_of`.
COLUMNS = (
    "period", "severity", "measure", "incidents", "known", "unknown", "median_seconds", "p90_seconds", "opened_again",
)  # fmt: skip
