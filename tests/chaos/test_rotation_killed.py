"""`rotate_secrets` is killed in the middle: every secret can be read, and the next run finishes what was begun."""

from collections.abc import Iterator
from contextlib import closing, contextmanager

import psycopg2

from tests.chaos.house import House, label
from tests.support.product import wait_until

MANY = 300
MAKE = """
from common.models import KeptAnswer
from common.secrets import seal
from django.utils import timezone
rows = [KeptAnswer(name="{label}-%03d" % n, question=seal("q"), answer=seal("secret %d" % n), created_at=timezone.now())
        for n in range({many})]
KeptAnswer.objects.bulk_create(rows)
"""
#: Opens everything that is sealed, wherever it lies; the number of what cannot be opened.
READ = """
import json
from common import sealed, secrets
bad = 0
def look(value):
    global bad
    if isinstance(value, dict): [look(each) for each in value.values()]
    elif isinstance(value, list): [look(each) for each in value]
    elif isinstance(value, str) and secrets.key_of(value):
        try: secrets.unseal(value)
        except Exception: bad += 1
for column in sealed.columns():
    for value in column.model._base_manager.values_list(column.name, flat=True): look(value)
print(bad)
"""


def keys_in_use(house: House) -> int:
    return house.count("SELECT count(DISTINCT split_part(question, ':', 1)) FROM common_keptanswer")


@contextmanager
def row_in_the_middle_held(house: House) -> Iterator[None]:
    """Whoever changes it waits."""
    with closing(psycopg2.connect(**house.inside.keywords)) as own, own.cursor() as cursor:
        cursor.execute("SELECT 1 FROM common_keptanswer ORDER BY id OFFSET %s LIMIT 1 FOR UPDATE", [MANY // 2])
        yield


def test_every_secret_is_readable_after_it_was_killed_and_the_next_run_finishes(house: House):
    title = label()
    first = house.ask("POST", "incidents/", {"title": title}, key=title)
    house.run(MAKE.format(label=label(), many=MANY))
    with row_in_the_middle_held(house):
        rotating = house.product.begin("rotate_secrets")
        waits = (
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE 'UPDATE%%keptanswer%%'"
        )
        wait_until(lambda: house.count(waits) == 1, 60)
        rotating.kill()
        rotating.wait(10)
    assert keys_in_use(house) == 2
    assert house.run(READ) == "0"
    assert house.ask("POST", "incidents/", {"title": title}, key=title).data == first.data, (
        "the running pages read it too"
    )

    done = house.product.command("rotate_secrets")

    assert done.returncode == 0, done.stdout
    assert keys_in_use(house) == 1
    assert house.run(READ) == "0"
    assert house.ask("POST", "incidents/", {"title": title}, key=title).data == first.data
    assert house.count("SELECT count(*) FROM ledger_entry WHERE verb = 'secrets.rotated'") == 1
