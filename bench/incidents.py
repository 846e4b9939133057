"""Pages over many incidents: each against the statements that it sends, sent by psycopg2 alone.

    python -m bench.incidents [MOST]      (1,000,000 incidents unless said otherwise)

The list as people narrow it down, the board, the first page and what waits for a person. The number of queries of
each must not depend on how many incidents there are: tests/incidents hold it.
"""

import sys
from collections.abc import Iterator

from bench.figure import Figure, at_most, duration, note, say, told, within
from bench.house import house
from bench.many import fill
from bench.search import measured

SLOWEST_MS = 100.0


def asked() -> dict[str, str]:
    """What is asked for → its address."""
    from catalog.models import Service
    from people.models import Team

    service = Service.objects.get(name="Service 3").pk
    team = Team.objects.get(name="Team 3").pk
    return {
        "the list of what is open": "/incidents/?state=live",
        "the list of all": "/incidents/?state=all",
        "the list of all, the worst first": "/incidents/?state=all&sort=worst",
        "the list: severity 1 and 2, over": "/incidents/?state=over&severity=1&severity=2",
        "the list: of one service": f"/incidents/?state=all&service={service}",
        "the list: of one team, resolved": f"/incidents/?state=resolved&team={team}",
        "the list: in my charge, all": "/incidents/?state=all&owner=me",
        "the list: of my teams, all": "/incidents/?state=all&owner=teams",
        "the list: attacks by phone": "/incidents/?state=all&category=attack&source=phone",
        "the list: major ones": "/incidents/?state=all&major=yes",
        "the list: of three days long ago": "/incidents/?state=all&since={day}&until={day}",
        "the list: two Chinese characters": "/incidents/?state=all&q=%E5%8F%91%E7%A5%A8",
        "the board": "/incidents/board/",
        "the board of one service": f"/incidents/board/?service={service}",
        "the first page": "/",
        "what waits for a person": "/my-work/",
    }


def figures(most: int) -> Iterator[Figure]:
    from datetime import timedelta

    from django.conf import settings
    from django.test import Client
    from django.utils import timezone

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
    day = (timezone.now() - timedelta(minutes=5 * most // 2)).date()
    for what, address in asked().items():
        page, bare, work = measured(client, address.format(day=day))
        yield at_most(
            f"{what}, of {most:,}",
            seconds=page,
            reference=bare,
            against="its statements by psycopg2 (p95)",
            times=3,
            plus=0.02,
        )
        yield within(f"{what}: the page", value=page * 1000, limit=SLOWEST_MS, unit="ms")
        yield told(f"{what}: CPU of the page, without the database", duration(work))


def main() -> int:
    with house():
        return say(figures(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000))


if __name__ == "__main__":
    sys.exit(main())
