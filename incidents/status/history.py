"""What a service was like, day by day, from what was published. Pure: no row is read here."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from incidents.telling.choices import WORSE, Effect

DAYS = 90
#: What counts as a disruption. Maintenance was announced.
DISRUPTED = (Effect.DEGRADED, Effect.PARTIAL, Effect.MAJOR)


@dataclass(frozen=True)
class Said:
    """One published update: at which moment, what of which services; is_over: it is resolved."""

    at: datetime
    effects: dict[str, str]
    is_over: bool = False


@dataclass(frozen=True)
class Span:
    """One service was like this for so long. `ends_at` None: it still is."""

    entry: str
    effect: str
    starts_at: datetime
    ends_at: datetime | None


@dataclass(frozen=True)
class Day:
    """The worst that was published of one day."""

    day: date
    effect: str


def spans_of(began_at: datetime, said: Sequence[Said]) -> list[Span]:
    """What one incident did to the services. What the first update says holds from when it began.

    said: the earliest first. A service that a later update does not name stays as it was.
    """
    spans: list[Span] = []
    now: dict[str, tuple[str, datetime]] = {}
    for number, update in enumerate(said):
        at = min(began_at, update.at) if number == 0 else update.at
        named = dict.fromkeys(now, Effect.OPERATIONAL.value) if update.is_over else update.effects
        for entry, effect in named.items():
            if entry in now and now[entry][0] != effect:
                before, since = now.pop(entry)
                spans.append(Span(entry, before, since, at))
            if effect != Effect.OPERATIONAL:
                now.setdefault(entry, (effect, at))
    return [*spans, *(Span(entry, effect, since, None) for entry, (effect, since) in now.items())]


def state_now(spans: Iterable[Span], now: datetime) -> str:
    """The worst of what holds at this moment; working when nothing else was published."""
    return worst(
        each.effect for each in spans if each.starts_at <= now and (each.ends_at is None or each.ends_at > now)
    )


def worst(effects: Iterable[str]) -> str:
    """The worst of them; working for none."""
    return max([Effect.OPERATIONAL, *map(Effect, effects)], key=WORSE.index).value


def days_of(spans: Sequence[Span], *, since: datetime, now: datetime, zone: tzinfo) -> list[Day]:
    """The last ninety days, the oldest first. Before `since` nobody kept it: unknown, but for what was published."""
    today = now.astimezone(zone).date()
    return [_day(today - timedelta(days=back), spans, since, now, zone) for back in range(DAYS - 1, -1, -1)]


def disrupted(spans: Iterable[Span], *, since: datetime, now: datetime) -> timedelta:
    """For how long something was published as disrupted, of the time since then; what overlaps counts once."""
    cut = sorted(
        (max(each.starts_at, since), min(each.ends_at or now, now)) for each in spans if each.effect in DISRUPTED
    )
    whole, end = timedelta(0), since
    for starts_at, ends_at in cut:
        whole += max(timedelta(0), ends_at - max(starts_at, end))
        end = max(end, ends_at)
    return whole


def _day(day: date, spans: Sequence[Span], since: datetime, now: datetime, zone: tzinfo) -> Day:
    begins = datetime.combine(day, time.min, tzinfo=zone)
    ends = datetime.combine(day + timedelta(days=1), time.min, tzinfo=zone)
    found = [each.effect for each in spans if each.starts_at < min(ends, now) and (each.ends_at or now) > begins]
    if not found and ends <= since:
        return Day(day, Effect.UNKNOWN.value)
    return Day(day, worst(found))
