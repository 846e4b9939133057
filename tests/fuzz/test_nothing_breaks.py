"""Whatever stands in one input while all others are right, the answer is never a 5xx."""

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from people.choices import Role
from tests.people.test_who_sees_what import filled, send, undone
from tests.people.url_changes import CHANGES
from tests.people.url_table import READS
from tests.people.world import World, make_world
from tests.support.people import PASSWORD, person

pytestmark = pytest.mark.django_db

#: Each input is given some of them in turn, so that together all inputs see all; HOSTILE_ALL=1 gives all to each.
IN_TURN = 10_000 if os.environ.get("HOSTILE_ALL") else 6

TEXTS = [
    "", " ", "\0", "a\0b", "\u202eevil", "two\nlines", "\r\nX-Evil: 1", "x" * 100_000, "-rf", "--help", "$(reboot)",
    "`id`", "'; DROP TABLE people_user; --", "%s%n", "{{ 7 * 7 }}", "<script>alert(1)</script>", "../../etc/passwd",
    "１２", "٣", "NaN", "inf", "-1", "99999999999999999999", "1e400", "0x10", "true", "null", "[]", "{}",
    "2026-13-45T99:99:99Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59+14:00",
    "00000000-0000-0000-0000-000000000000", "INC-99999999999999999999", "FREQ=SECONDLY", "* * * * *", "Mars/Olympus",
]  # fmt: skip
VALUES = [
    *TEXTS, None, True, -1, 0, 2**31, 2**63, 10**30, 1.5, 1e308, [], {}, [None], [[[]]], {"a": {"b": []}}, ["x"] * 500,
    [{}], {"host": 1, "port": "x"}, [{"kind": "rows", "table": "x; drop"}],
]  # fmt: skip
QUERIES = ["page=0", "page=-1", "page=x", "page=99999999999999999999", "state=x&severity=x&service=x&q=%F0%9F"]
NO_ROWS = ["x", "INC-0", "INC-99999999999999999999", "-1", "%F0%9F%98%80", "a" * 3000, "..%2f..", "%0a", "%27"]


@pytest.fixture
def asking() -> tuple[World, Client]:
    actor = person(Role.ADMINISTRATOR, password=PASSWORD)
    client = Client()
    client.force_login(actor)
    client.raise_request_exception = False
    return make_world(actor), client


def in_turn(values: list[Any], number: int) -> Iterator[Any]:
    """Some of the values, other ones for each number."""
    count = min(IN_TURN, len(values))
    for offset in range(count):
        yield values[(number * count + offset) % len(values)]


def broken(client: Client, what: Any, ask: Callable[[], Any]) -> list[str]:
    """Ask and undo; says what broke."""
    with undone(client):
        status = ask().status_code
    return [f"{what!r:.300} → {status}"] if status >= 500 else []


def schema_of(client: Client) -> dict[str, Any]:
    return client.get("/api/schema/", headers={"Accept": "application/vnd.oai.openapi+json"}).json()


def inputs_of(schema: dict[str, Any], path: str, method: str) -> set[str]:
    """The names that the body of a change may hold, by the schema."""
    wanted = re.sub(r"\{.*?\}", "{}", path)
    for address, methods in schema["paths"].items():
        if re.sub(r"\{.*?\}", "{}", address) == wanted and "requestBody" in methods.get(method, {}):
            [body, *_same] = methods[method]["requestBody"]["content"].values()
            reference = body["schema"].get("$ref", "")
            return set(schema["components"]["schemas"].get(reference.rpartition("/")[2], {}).get("properties", {}))
    return set()


def test_one_wrong_input_of_a_change_never_breaks_anything(asking):
    world, client = asking
    schema, found, number = schema_of(client), [], 0
    for row in CHANGES:
        path, values = filled(row.path, world), VALUES if row.path.startswith("/api/") else TEXTS
        for name in sorted({*row.body, *inputs_of(schema, row.path, row.method)}):
            number += 1
            for value in in_turn(values, number):
                twisted = replace(row, body={**row.body, name: _plain(value)})
                ask = lambda row=twisted, path=path: send(client, row, path, world)  # noqa: E731
                found += broken(client, (row.method, path, name, value), ask)
    assert number > 100
    assert not found, "\n".join(found)


def guarded() -> list[Any]:
    """Changes of a version that was read, and that whoever asks here may read."""
    return [row for row in CHANGES if row.if_match and Role.ADMINISTRATOR in row.may]


@pytest.mark.parametrize("tag", ['"1"', "1", 'W/"1"', '"99999999999999999999"', '"x"', '"1", "2"', "*", '""', "\xff"])
def test_an_etag_that_is_none_of_ours_never_breaks_anything(asking, tag):
    world, client = asking
    for row in guarded():
        twisted, path = replace(row, if_match=tag), filled(row.path, world)
        with undone(client):
            status = send(client, twisted, path, world).status_code
        assert status in {200, 412}, (row.path, status)


def test_a_change_without_its_version_is_428_and_one_on_an_old_version_412(asking):
    world, client = asking
    for row in guarded():
        for tag, status in [("", 428), ('"999"', 412)]:
            assert send(client, replace(row, if_match=tag), filled(row.path, world), world).status_code == status, row


def test_what_a_change_holds_inside_a_field_is_whole_and_has_its_defaults(asking):
    world, client = asking
    path = f"/api/v1/backup-policies/{world.policy.pk}/"

    def change(schedules: Any) -> Any:
        return client.patch(path, {"schedules": schedules}, "application/json", headers={"If-Match": "*"})

    refused, done = change([{}]), change([{"kind": "backup", "rule": "0 3 * * *"}])

    assert refused.status_code == 400
    assert set(refused.json()["fields"]) == {"schedules.0.kind", "schedules.0.rule"}
    assert [one["time_zone"] for one in done.json()["schedules"]] == ["UTC"]


def test_filters_ordering_and_search_never_break_a_list(asking):
    _world, client = asking
    found, number = [], 0
    for address, methods in schema_of(client)["paths"].items():
        for one in methods.get("get", {}).get("parameters", []):
            number += one["in"] == "query"
            for value in in_turn(TEXTS, number) if one["in"] == "query" else []:
                ask = lambda value=value[:5000], name=one["name"], at=address: client.get(at, {name: value})  # noqa: E731
                found += broken(client, (address, one["name"], value), ask)
    assert number > 50
    assert not found, "\n".join(found)


def test_queries_and_rows_that_do_not_exist_never_break_a_page(asking):
    world, client = asking
    found = []
    for number, row in enumerate(READS):
        path = filled(row.path, world).partition("?")[0]
        for query in [] if row.name == "readyz" else in_turn(QUERIES, number):
            found += broken(client, (path, query), lambda at=f"{path}?{query}": client.get(at))
        for value in in_turn(NO_ROWS, number) if "{" in row.path else []:
            odd = row.path[: row.path.index("{")] + value + row.path[row.path.rindex("}") + 1 :]
            found += broken(client, odd, lambda odd=odd: client.get(odd))
    assert not found, "\n".join(found)


def _plain(value: Any) -> Any:
    """Braces doubled, because the table's texts name rows of the world in braces."""
    return value.replace("{", "{{").replace("}", "}}") if isinstance(value, str) else value
