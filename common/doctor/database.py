"""The database: reachable, new enough, of the right locale and release, and of the same time as we are."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import OperationalError, connection
from django.utils import timezone

from common.doctor.findings import Finding, broken, ok, warn
from common.doctor.rounds import examines
from common.embedded.places import Places
from common.embedded.postgres import Postgres
from common.schema import fit

OLDEST_MAJOR = 17
EXTENSIONS = ("pg_trgm",)
#: How far apart the clocks may be before times on pages mislead, and before leases and proofs go wrong.
NOTICEABLE, HARMFUL = timedelta(seconds=2), timedelta(seconds=30)


@examines("database")
def database() -> Iterator[Finding]:
    """Whether it answers, and is what we need."""
    try:
        connection.ensure_connection()
    except OperationalError as problem:
        said = str(problem).strip().splitlines()[0]
        way = "Start Holdfast (manage.py up)." if settings.OWN_DATABASE else "Check DATABASE_URL and the server."
        yield broken(f"does not let us in: {said}", way)
        return
    yield _version()
    yield _locale()
    yield from _extensions()
    wrong = fit().sentence
    yield broken(wrong, "") if wrong else ok("made by this release")
    yield _clock()


@examines("demo")
def demo() -> Iterator[Finding]:
    """Whether the demo's own databases answer, where it was loaded."""
    places = Places(settings.DATA_DIR)
    if not places.demo_postgres.is_dir():
        return
    if Postgres.of_demo(places).answers():
        yield ok("its database server answers")
    else:
        advice = "Keep manage.py demo_server up, as manage.py up does by itself."
        yield warn("its database server does not answer: what is saved from it cannot be saved", advice)


def _version() -> Finding:
    [(number, name, used, most)] = _ask(
        "SELECT current_setting('server_version_num')::int, current_setting('server_version'),"
        " (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'),"
        " current_setting('max_connections')::int"
    )
    if number // 10000 < OLDEST_MAJOR:
        return broken(f"PostgreSQL {name}", f"Holdfast needs PostgreSQL {OLDEST_MAJOR} or newer.")
    if used > 0.8 * most:
        return warn(f"PostgreSQL {name}, {used} of {most} connections are in use", "Raise max_connections.")
    return ok(f"PostgreSQL {name}, {used} of {most} connections in use")


def _locale() -> Finding:
    """What the locale is asked for is tried, not read from its name: in plain C a Chinese character is no letter."""
    [(encoding, name, letters, lower)] = _ask(
        "SELECT pg_encoding_to_char(encoding), coalesce(datlocale, datctype),"
        " '\u4e2d' ~ '^\\w$', lower('\u00c4') = '\u00e4'"
        " FROM pg_database WHERE datname = current_database()"
    )
    if encoding == "UTF8" and letters and lower:
        return ok(f"locale {name}, Chinese is searched")
    return broken(
        f"encoding {encoding}, locale {name}: searching loses characters",
        "Make the database anew with --encoding=UTF8 --locale-provider=builtin --builtin-locale=C.UTF-8.",
    )


def _extensions() -> Iterator[Finding]:
    there = {name for (name,) in _ask("SELECT extname FROM pg_extension")}
    for name in EXTENSIONS:
        if name not in there:
            yield broken(f"extension {name} is missing", f"Install postgresql-contrib, then CREATE EXTENSION {name}.")


def _clock() -> Finding:
    before = timezone.now()
    [(at,)] = _ask("SELECT clock_timestamp()")
    apart = max(before - at, at - timezone.now(), timedelta(0))
    if apart < NOTICEABLE:
        return ok("its clock agrees with this host's")
    told = f"its clock is {apart.total_seconds():.0f} s from this host's"
    advice = "Let both hosts keep time by NTP."
    return broken(told, advice) if apart > HARMFUL else warn(told, advice)


def _ask(query: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = '5s'")
        cursor.execute(query)
        return list(cursor.fetchall())
