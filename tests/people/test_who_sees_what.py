"""The matrix of roles: every address of the resolver × every role, for reading and for changing.

It checks what an answer holds and that a refused change left every table as it was, not only statuses.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client, override_settings
from django.urls import URLPattern, URLResolver, get_resolver

from ledger.admin.sheets import SheetAdmin
from people import services
from people.choices import Role
from tests.people.url_changes import CHANGES as OWN_CHANGES
from tests.people.url_changes import PAPER, TESTED_ELSEWHERE, Change
from tests.people.url_table import EVERYBODY
from tests.people.url_table import READS as OWN_READS
from tests.people.urls_of_telling import TELLING_CHANGES, TELLING_READS
from tests.people.world import SOURCE_PASSWORD, make_things, seen_by
from tests.support.people import PASSWORD, person, with_key

pytestmark = pytest.mark.django_db

READS, CHANGES = [*OWN_READS, *TELLING_READS], [*OWN_CHANGES, *TELLING_CHANGES]
#: Nothing but these: others write more where there is one.
NEEDS_A_MAIL_SERVER = {"api-authority-reports-mail"}
#: Forms of a change: who sees the thing and may not change it is refused. What one may not see is not there: 404.
DOING = {
    *("new_action", "action_act", "incident_act", "incident_action", "new_improvement_plan", "report", "report_known"),
    "my_news",
    # Of administrators and auditors alone: a program is told that its role is too low.
    *("api-keys-list", "api-keys-detail"),
}
ROLES = [str(role) for role in Role]
#: role, way: how each of the actors comes in.
ACTORS = [
    *[(role, "session") for role in ROLES],
    *[(role, "key") for role in ROLES],
    ("no role", "session"),
    ("anonymous", "nothing"),
]
#: Who asks the API from a browser too; of the others it is their keys that ask.
BOTH_WAYS = {Role.REPORTER, Role.RESPONDER, "no role"}
#: Tables in which an answer may leave traces that change nothing for anybody.
TRACES = {
    "django_session",
    "people_apikey",
    "people_browsersession",
    "people_keyuse",
    "axes_accessattempt",
    "axes_accesslog",
}


def patterns(found: list[URLPattern | URLResolver], before: str = "") -> Iterator[tuple[str, URLPattern]]:
    for one in found:
        route = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from patterns(one.url_patterns, route)
        else:
            yield route, one


def ours() -> list[tuple[str, URLPattern]]:
    """All addresses but the admin's, which has one rule of its own."""
    return [(route, one) for route, one in patterns(get_resolver().url_patterns) if not route.startswith("admin/")]


@pytest.fixture(scope="module")
def things(django_db_setup, django_db_blocker) -> Iterator[dict[str, Any]]:
    """The rows that all look at, made once; whatever happens to them afterwards is undone."""
    hashers = override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"])
    with django_db_blocker.unblock(), hashers, undone():
        yield make_things()


@pytest.fixture(scope="module", params=ACTORS, ids="-".join)
def looking(request, things) -> Iterator[Any]:
    """The world, and somebody who looks at it: (world, client, role, way)."""
    role, way = request.param
    client = Client()
    with undone():
        if way == "key":
            new = services.create_api_key(name=f"Program of a {role}", role=role, by="system:tests")
            client, actor = Client(headers={"Authorization": f"Bearer {new.text}"}), new.row.user
        else:
            actor = person(*([role] if role in EVERYBODY else []), password=PASSWORD)
        if way == "session":
            client.force_login(actor)
        client.raise_request_exception = False
        yield seen_by(actor, things), client, role, way


@contextmanager
def undone(client: Client | None = None) -> Iterator[None]:
    """What happens inside leaves no trace: not in the database, nor in the cookies of the browser."""
    cookies = client.cookies.copy() if client else None
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    if client:
        client.cookies = cookies


def filled(text: str, world: Any) -> str:
    return text.format(**vars(world))


def rows_for(role: str, way: str, rows: list[Any]) -> list[Any]:
    """A key opens the API only; `test_a_key_opens_no_page` shows it. The same rules answer whoever is signed in."""
    if way == "session" and role not in BOTH_WAYS:
        return [row for row in rows if not row.path.startswith("/api/")]
    return [row for row in rows if way != "key" or row.path.startswith("/api/")]


def test_every_address_is_in_the_table_and_every_row_has_an_address():
    known = {one.name for _route, one in ours()}
    listed = {row.name for row in (*READS, *CHANGES)} | TESTED_ELSEWHERE

    assert known - listed == set()
    assert listed - known == set()


def test_every_method_of_the_api_is_in_the_table():
    reads, changes = {row.name for row in READS}, {(row.name, row.method) for row in CHANGES}
    missing = []
    for _route, one in ours():
        for method in getattr(one.callback, "actions", None) or {}:
            if method == "get" and one.name not in reads:
                missing.append((one.name, method))
            if method not in {"get", "head"} and (one.name, method) not in changes:
                missing.append((one.name, method))

    assert missing == []


def test_each_reads_what_the_matrix_says_and_nothing_else(looking):
    world, client, role, way = looking
    wrong, answers = [], {}
    for row in rows_for(role, way, READS):
        path, marker = filled(row.path, world), filled(row.marker, world)
        answer = answers[path] = answers.get(path) or looked_at(client, path)
        # Forms repeat the address they stand at; that shows nothing.
        text = answer.getvalue().decode(errors="replace").replace(path, "")
        shown = answer.status_code in row.statuses and marker in text and not _is_sign_in(answer)
        leaked = bool(marker) and marker in text
        if role in row.sees:
            if not shown:
                wrong.append(f"{path} hides {marker!r} ({answer.status_code})")
        elif leaked or (not marker and shown):
            wrong.append(f"{path} shows {marker!r} ({answer.status_code})")
        if role not in row.sees and answer.status_code == 403 and row.name not in DOING and way == "session":
            wrong.append(f"{path} is refused, and should not be there (403)")
        if answer.status_code >= 500 and answer.status_code not in row.statuses:
            wrong.append(f"{path} broke ({answer.status_code})")
        if SOURCE_PASSWORD in text:
            wrong.append(f"{path} shows the password of a source")
    assert not wrong, "\n".join(wrong)


def test_each_changes_what_the_matrix_says_and_a_refused_change_leaves_every_table_as_it_was(looking, settings):
    world, client, role, way = looking
    wrong, before = [], digest_of_tables()
    for row in rows_for(role, way, CHANGES):
        settings.EMAIL_CONFIGURED = row.name in NEEDS_A_MAIL_SERVER
        path, may = filled(row.path, world), role in row.may
        with undone(client):
            written = rows_written()
            answer = send(client, row, path, world)
            is_unchanged = may or rows_written() == written or digest_of_tables() == before
        done = answer.status_code < 400 and not _is_sign_in(answer)
        if may:
            if not done:
                wrong.append(f"{row.method} {path} refused ({answer.status_code}) {answer.content[:200]!r}")
        elif done or not is_unchanged or answer.status_code not in {302, 401, 403, 404}:
            wrong.append(f"{row.method} {path} not refused ({answer.status_code}, changed: {not is_unchanged})")
    assert not wrong, "\n".join(wrong)


def looked_at(client: Client, path: str) -> Any:
    """What a GET answers."""
    with undone(client):
        return client.get(path)


def send(client: Client, row: Change, path: str, world: Any) -> Any:
    body = {name: _for_world(value, world) for name, value in row.body.items()}
    headers = {"If-Match": row.if_match} if row.if_match else {}
    if path.startswith("/api/") and PAPER not in row.body.values():
        return getattr(client, row.method)(path, body, "application/json", headers=headers)
    return client.post(path, body)


def _for_world(value: Any, world: Any) -> Any:
    if isinstance(value, list):
        return [_for_world(each, world) for each in value]
    if isinstance(value, dict):
        return {name: _for_world(each, world) for name, each in value.items()}
    if value == PAPER:
        return SimpleUploadedFile("zulu-newer.txt", PAPER)
    return filled(value, world) if isinstance(value, str) else value


def _is_sign_in(answer: Any) -> bool:
    return answer.status_code == 302 and answer["Location"].startswith("/accounts/login/?next=")


def rows_written() -> int:
    """How many rows this transaction wrote so far, undone ones too: where it is none, all tables are as they were."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0) FROM pg_stat_xact_user_tables"
            " WHERE relname <> ALL(%s)",
            [sorted(TRACES)],
        )
        return int(cursor.fetchone()[0])


def digest_of_tables() -> list[tuple[str, str]]:
    """What every table of ours holds, by table."""
    tables = sorted({model._meta.db_table for model in apps.get_models(include_auto_created=True)} - TRACES)
    one = "SELECT '{0}', md5(coalesce(string_agg(t::text, ',' ORDER BY t::text), '')) FROM \"{0}\" t"
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(one.format(table) for table in tables))
        return sorted(cursor.fetchall())


@pytest.mark.parametrize(
    ("role", "way"),
    [(Role.ADMINISTRATOR, "session"), (Role.AUDITOR, "session"), ("no role", "session"), ("anonymous", "nothing")],
)
def test_the_admin_is_for_administrators_only(role, way, admin_paths):
    client = Client()
    if way == "session":
        client.force_login(person(*([role] if role in EVERYBODY else [])))

    found = {}
    for path in admin_paths:
        answer = client.get(path, follow=True)
        found[path] = (answer.status_code, answer.request["PATH_INFO"])

    wanted = {
        Role.ADMINISTRATOR.value: {path: (200, path) for path in admin_paths},
        "anonymous": dict.fromkeys(admin_paths, (200, "/accounts/login/")),
    }.get(role, dict.fromkeys(admin_paths, (403, "/admin/login/")))
    assert found == wanted


@pytest.fixture
def admin_paths() -> list[str]:
    lists = [f"/admin/{model._meta.app_label}/{model._meta.model_name}/" for model in admin.site._registry]
    files = [
        f"/admin/{model._meta.app_label}/{model._meta.model_name}/{page}/"
        for model, room in admin.site._registry.items()
        if isinstance(room, SheetAdmin)
        for page in ("export", "import")
    ]
    return ["/admin/", *lists, *files]


#: Programs read it, and it is no page.
FOR_KEYS = {"/metrics"}


def test_a_key_opens_no_page(things):
    client = with_key(Role.ADMINISTRATOR)
    world = seen_by(client.key.user, things)
    stranger = Client()

    for row in READS:
        path = filled(row.path, world)
        if not path.startswith("/api/") and path not in FOR_KEYS:
            assert client.get(path).status_code == stranger.get(path).status_code, path
    assert client.get("/admin/").status_code == 302
