"""What programs can set up, ask for and read; who may; and what is never read back."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from backups.choices import Outcome, RunKind
from backups.models import BackupPolicy, Repository, Run, Schedule
from people.choices import Role
from tests.backups import rows
from tests.backups.conftest import carried_out, source
from tests.catalog.factories import SystemFactory
from tests.support.people import signed_in, with_key

pytestmark = pytest.mark.django_db

READERS = [Role.RESPONDER, Role.MANAGER, Role.REVIEWER, Role.AUDITOR, Role.ADMINISTRATOR]
WORKERS = [Role.RESPONDER, Role.MANAGER, Role.ADMINISTRATOR]
ADDRESSES = ["repositories", "backup-policies", "copies", "backup-runs", "checks", "restore-tests"]


def post(client: Client, path: str, body: Any = None, **headers: str) -> Any:
    return client.post(f"/api/v1/{path}", json.dumps(body or {}), content_type="application/json", headers=headers)


def patch(client: Client, path: str, body: Any, **headers: str) -> Any:
    return client.patch(f"/api/v1/{path}", json.dumps(body), content_type="application/json", headers=headers)


def results(client: Client, path: str) -> list[dict[str, Any]]:
    return client.get(f"/api/v1/{path}/").json()["results"]


@pytest.fixture
def policy() -> BackupPolicy:
    """A policy that nothing is carried out for here."""
    source = {"host": "db.example", "database": "shop", "user": "backup"}
    return rows.policy("shop", source=source, keep_copies=14)


@pytest.fixture
def admin() -> Client:
    return with_key(Role.ADMINISTRATOR)


@pytest.mark.django_db(transaction=True)
def test_a_program_sets_up_a_policy_and_has_it_proven(
    admin: Client, make_database: Callable[[str], str], tmp_path: Path
):
    place = post(admin, "repositories/", {"name": "Vault", "location": str(tmp_path / "vault")})
    assert place.status_code == 201
    made = post(
        admin,
        "backup-policies/",
        {
            "name": "Shop",
            "slug": "shop",
            "system": str(SystemFactory().pk),
            "repository": place.json()["id"],
            "source": source(make_database("shop")),
            "password": settings.DATABASES["default"]["PASSWORD"],
            "schedules": [{"kind": "backup", "rule": "30 2 * * *", "time_zone": "Europe/Berlin"}],
        },
    )
    assert made.status_code == 201, made.content
    assert (made.json()["sources"][0]["has_password"], "password" in made.json()["sources"][0]) == (True, False)
    assert settings.DATABASES["default"]["PASSWORD"] not in made.content.decode()
    policy = BackupPolicy.objects.get()
    assert Schedule.objects.get().time_zone == "Europe/Berlin"
    for kind, outcome in (("backup", "pass"), ("check", "pass"), ("restore_test", "pass")):
        assert carried_out(policy, kind).outcome == outcome
    [test] = results(admin, "restore-tests")
    assert (test["outcome"], test["recovery_seconds"] > 0) == ("pass", True)


@pytest.mark.parametrize(
    ("action", "address"), [("run", "backup-runs"), ("check", "checks"), ("test-restore", "restore-tests")]
)
def test_work_is_queued_and_its_address_answers(policy: BackupPolicy, action: str, address: str):
    client = with_key(Role.RESPONDER)
    asked = post(client, f"backup-policies/{policy.pk}/{action}/")
    assert asked.status_code == 202
    assert asked.headers["Location"] == asked.json()["url"]
    assert asked.json()["url"].startswith(f"/api/v1/{address}/")
    found = client.get(asked.json()["url"])
    assert (found.status_code, found.json()["state"]) == (200, "queued")
    assert client.get(f"/api/v1/{address}/{asked.json()['reference']}/").json()["id"] == asked.json()["id"]
    again = post(client, f"backup-policies/{policy.pk}/{action}/")
    assert (again.status_code, again.json()["id"]) == (202, asked.json()["id"])


def test_a_check_goes_as_far_as_it_is_told(policy: BackupPolicy):
    client = with_key(Role.RESPONDER)
    assert post(client, f"backup-policies/{policy.pk}/check/", {"level": 7}).status_code == 400
    assert post(client, f"backup-policies/{policy.pk}/check/", {"level": 1}).status_code == 202
    assert Run.objects.get().wanted_level == 1


@pytest.mark.parametrize("role", Role.values)
@pytest.mark.parametrize("address", ADDRESSES)
def test_who_reads(policy: BackupPolicy, role: str, address: str):
    rows.copy_of(policy)
    for kind in RunKind:
        rows.ended(policy, kind, Outcome.PASS)
    assert len(results(with_key(role), address)) == (1 if role in READERS else 0)


@pytest.mark.parametrize("role", Role.values)
def test_who_asks_for_work(policy: BackupPolicy, role: str):
    answer = post(with_key(role), f"backup-policies/{policy.pk}/run/")
    assert answer.status_code == (202 if role in WORKERS else 403 if role in READERS else 404)
    assert Run.objects.count() == (1 if role in WORKERS else 0)


@pytest.mark.parametrize("role", Role.values)
def test_who_sets_up(policy: BackupPolicy, tmp_path: Path, role: str):
    client = with_key(role)
    is_admin = role == Role.ADMINISTRATOR
    made = post(client, "repositories/", {"name": "Other", "location": str(tmp_path / "other")})
    assert made.status_code == (201 if is_admin else 403)
    changed = patch(client, f"backup-policies/{policy.pk}/", {"keep_copies": 3}, if_match='"1"')
    assert changed.status_code == (200 if is_admin else 403 if role in READERS else 404)
    policy.refresh_from_db()
    assert policy.keep_copies == (3 if is_admin else 14)


@pytest.mark.parametrize("role", READERS)
def test_what_tools_printed_is_not_for_reviewers(policy: BackupPolicy, role: str):
    run = rows.ended(policy, RunKind.BACKUP, Outcome.PASS)
    rows.step(run, "dump", command=["pg_dump", "--file=x"], tail="reading table customers")
    [dump] = with_key(role).get(f"/api/v1/backup-runs/{run.reference}/").json()["steps"]
    printed = (["pg_dump", "--file=x"], "reading table customers")
    assert (dump["command"], dump["tail"]) == (([], "") if role == Role.REVIEWER else printed)


def test_nobody_without_a_key_reads(policy: BackupPolicy):
    assert Client().get("/api/v1/backup-policies/").status_code in {401, 403}


def test_an_owner_who_is_a_manager_changes_his_policy(policy: BackupPolicy):
    client = signed_in(Role.MANAGER)
    BackupPolicy.objects.update(owner=client.person)
    assert patch(client, f"backup-policies/{policy.pk}/", {"keep_copies": 3}, if_match='"1"').status_code == 200


def test_two_who_change_the_same_policy_do_not_overwrite_each_other(admin: Client, policy: BackupPolicy):
    address = f"backup-policies/{policy.pk}/"
    assert patch(admin, address, {"keep_copies": 3}).status_code == 428
    assert patch(admin, address, {"keep_copies": 3}, if_match='"1"').headers["ETag"].startswith('"2-')
    assert patch(admin, address, {"keep_copies": 4}, if_match='"1"').status_code == 412
    policy.refresh_from_db()
    assert policy.keep_copies == 3


def test_pausing_twice_is_pausing_once(admin: Client, policy: BackupPolicy):
    for _time in range(2):
        assert post(admin, f"backup-policies/{policy.pk}/pause/").json()["is_paused"] is True
    assert post(admin, f"backup-policies/{policy.pk}/resume/").json()["is_paused"] is False


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"slug": "../etc"}, "slug"),
        ({"slug": "Shop"}, "slug"),
        ({"name": "\u202eevil"}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"source": {}}, "source"),
        ({"source": {"own": True}}, "source"),
        ({"source": {"host": "169.254.169.254", "database": "d", "user": "u"}}, "source"),
        ({"source": {"host": "h", "database": "d", "user": "u", "port": 70000}}, "source"),
        ({"source": {"host": "h", "database": "d", "user": "u", "options": "-c x"}}, "source"),
        ({"source": "host=h"}, "source"),
        ({"assertions": [{"label": "x"}]}, "assertions"),
        ({"assertions": [{"label": "x", "query": "SELECT 1", "compare": "~", "value": 1}]}, "assertions"),
        ({"fresh_for_seconds": 0}, None),
        ({"wall_clock_seconds": 1e300}, "wall_clock_seconds"),
        ({"keep_copies": 0}, "keep_copies"),
        ({"schedules": [{"kind": "backup", "rule": "never"}]}, None),
        ({"schedules": [{"kind": "everything", "rule": "30 2 * * *"}]}, None),
        ({"system": "00000000-0000-0000-0000-000000000000"}, "system"),
        ({"is_own": True}, "is_own"),
        ({"source_secret": "x"}, "source_secret"),
    ],
)
def test_what_is_wrong_is_refused_by_field_and_changes_nothing(
    admin: Client, policy: BackupPolicy, changes: dict[str, Any], field: str | None
):
    before = BackupPolicy.objects.filter(pk=policy.pk).values().get()
    answer = patch(admin, f"backup-policies/{policy.pk}/", changes, if_match='"1"')
    assert answer.status_code == 400, answer.content
    if field:
        assert field in answer.json()["fields"]
    assert BackupPolicy.objects.filter(pk=policy.pk).values().get() == before


@pytest.mark.parametrize("location", ["relative", "/", "/srv/../etc", "DATA_DIR", "DATA_DIR/keys", "/x\x00y"])
def test_a_repository_never_lies_on_what_it_copies(admin: Client, location: str):
    location = location.replace("DATA_DIR", str(settings.DATA_DIR))
    answer = post(admin, "repositories/", {"name": "Vault", "location": location})
    assert answer.status_code == 400
    assert not Repository.objects.exists()


def test_a_repository_with_copies_stays_where_it_is(admin: Client, policy: BackupPolicy, tmp_path: Path):
    rows.copy_of(policy)
    address = f"repositories/{policy.repository_id}/"
    moved = patch(admin, address, {"location": str(tmp_path / "other")}, if_match='"1"')
    assert (moved.status_code, moved.json()["code"]) == (409, "repository_in_use")
    assert patch(admin, address, {"name": "Renamed"}, if_match='"1"').status_code == 200


@pytest.mark.parametrize("reference", ["RT-0", "B-1", "RT-99999999999999999999", "x", "-1", "RT-0001%0A"])
def test_an_unknown_run_is_404(reference: str):
    assert with_key(Role.AUDITOR).get(f"/api/v1/restore-tests/{reference}/").status_code == 404


def test_the_list_of_contents_comes_with_one_copy_and_not_with_many(policy: BackupPolicy):
    copy = rows.copy_of(policy)
    client = with_key(Role.AUDITOR)
    assert "manifest" not in results(client, "copies")[0]
    assert client.get(f"/api/v1/copies/{copy.pk}/").json()["manifest"] == copy.manifest


@pytest.mark.parametrize("role", READERS)
def test_what_was_found_in_restored_data_is_not_for_reviewers(policy: BackupPolicy, role: str):
    run = rows.ended(policy, RunKind.RESTORE_TEST, Outcome.PASS)
    rows.asserted(run, "Customer", found="Ada Lovelace")
    [asked] = with_key(role).get(f"/api/v1/restore-tests/{run.pk}/").json()["assertions"]
    assert asked["found"] == ("" if role == Role.REVIEWER else "Ada Lovelace")
