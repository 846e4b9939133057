"""Find anything among many incidents: the page against the statements that it sends, sent by psycopg2 alone.

    python -m bench.search [MOST]      (1,000,000 incidents unless said otherwise)

A word that stands in few incidents, one that stands in half of them, two Chinese characters, a misspelt word, and
the list of incidents with the same words.
"""

import statistics
import sys
import time
from collections.abc import Iterator

from bench.figure import Figure, at_most, duration, note, say, told, within
from bench.house import house

ROUNDS = 40
SLOWEST_MS = 100.0
ASKED = {
    "a rare word": "/search/?q=kestrel",
    "a word in half of them": "/search/?q=archive",
    "two Chinese characters": "/search/?q=%E5%8F%91%E7%A5%A8",
    "a misspelt word": "/search/?q=kestral",
    "the list of incidents, a rare word": "/incidents/?state=all&q=kestrel",
}
FILL = """
INSERT INTO incidents_incident ({columns}) SELECT {values}
FROM incidents_incident sample, generate_series(1, %s) at WHERE sample.id = %s
"""
NEW = {
    "id": "gen_random_uuid()",
    "number": "nextval('incidents_incident_number')",
    "tracking_token": "md5(random()::text || at)",
    "title": """
        CASE WHEN at %% 500 = 0 THEN '供应商发票丢失 ' || at
             WHEN at %% 700 = 0 THEN 'The kestrel does not answer ' || at
             ELSE (ARRAY['Mail', 'Printer', 'Payroll', 'Network'])[1 + at %% 4] || ' is slow today ' || at END""",
    "description": """
        CASE WHEN at %% 2 = 0 THEN 'The archive host said nothing for ' || at || ' minutes, then came back'
             ELSE 'People in hall ' || at %% 40 || ' cannot work; error E-' || at %% 9000 END""",
    "reported_at": "now() - at * interval '5 minutes'",
    "state": "'closed'",
    "acknowledged_at": "now()",
    "resolved_at": "now()",
}


def figures(most: int) -> Iterator[Figure]:
    from django.conf import settings
    from django.test import Client

    from people.choices import Role
    from people.services import create_person

    # Nothing is collected for a benchmark, so static files go by their plain names.
    plain = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    settings.STORAGES = settings.STORAGES | plain
    settings.ALLOWED_HOSTS = ["testserver"]
    person = create_person(username="bench", name="Bench", roles=[Role.RESPONDER], by="system:bench")
    fill(most, person)
    note(f"{most} incidents")
    client = Client()
    client.force_login(person)
    for what, address in ASKED.items():
        page, bare, work = measured(client, address)
        yield at_most(
            f"{what} among {most:,}",
            seconds=page,
            reference=bare,
            against="its statements by psycopg2 (p95)",
            times=3,
            plus=0.02,
        )
        yield within(f"{what}: the page", value=page * 1000, limit=SLOWEST_MS, unit="ms")
        yield told(f"{what}: CPU of the page, without the database", duration(work))


def fill(count: int, person: object) -> None:
    """So many closed incidents, made from one that the product made."""
    from django.db import connection

    from incidents.models import Incident
    from incidents.services import report

    sample = report(by=person, description="The first")
    columns = [field.column for field in Incident._meta.concrete_fields]
    values = ", ".join(NEW.get(column, f"sample.{column}") for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(FILL.format(columns=", ".join(columns), values=values), [count, sample.pk])
        cursor.execute("VACUUM ANALYZE")


def measured(client: object, address: str) -> tuple[float, float, float]:
    """Seconds of the page and of its statements alone, the 95th of a hundred each; and of the page's own work."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        answer = client.get(address)
    if answer.status_code != 200 or b"Nothing found" in answer.content:
        raise AssertionError(f"{address} found nothing ({answer.status_code})")
    statements = [each["sql"] for each in captured.captured_queries if each["sql"].startswith(("SELECT", "SET", "("))]
    pages, bare, began = [], [], time.process_time()
    for _ in range(ROUNDS):
        pages.append(timed(lambda: client.get(address)))
        bare.append(timed(lambda: run(statements)))
    return p95(pages), p95(bare), (time.process_time() - began) / ROUNDS


def run(statements: list[str]) -> None:
    from django.db import connection

    with connection.connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
            if cursor.description:
                cursor.fetchall()


def timed(work) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def p95(seconds: list[float]) -> float:
    return statistics.quantiles(seconds, n=20)[-1]


def main() -> int:
    with house():
        return say(figures(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000))


if __name__ == "__main__":
    sys.exit(main())
