"""What a policy saves is set as one list, by programs and by people; what is wrong with it is told by field."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from backups import services
from backups.errors import WrongPolicy
from backups.models import BackupPolicy, PolicySource, Repository
from backups.parts import parts_of
from catalog.choices import Part
from catalog.selectors import basis_of
from common.secrets import unseal
from ledger.models import Entry
from people.choices import Role
from tests.backups import rows
from tests.backups.test_api import patch, post
from tests.catalog.factories import SystemFactory
from tests.support.people import signed_in, with_key

pytestmark = pytest.mark.django_db

DATABASE = {"host": "db.example", "database": "shop", "user": "backup"}
FOLDER = {"engine": "folder", "settings": {"path": "/srv/shop/files"}}
BOTH = [{"settings": DATABASE, "password": "s3cret!word"}, FOLDER]


def made(**given: Any) -> BackupPolicy:
    place = Repository.objects.get_or_create(location="/copies", defaults={"name": "Copies"})[0]
    given = {"name": "Shop", "slug": "shop", "system": SystemFactory(), "repository": place} | given
    return services.create_policy(by="system:tests", **given)


def changed(policy: BackupPolicy, **given: Any) -> BackupPolicy:
    return services.change_policy(policy_id=policy.pk, by="system:tests", version=None, **given)


def told(policy: BackupPolicy) -> list[tuple[str, str]]:
    return list(policy.sources.order_by("position").values_list("name", "engine"))


def refused(call: Any, *args: Any, **given: Any) -> set[str]:
    with pytest.raises(WrongPolicy) as error:
        call(*args, **given)
    return set(error.value.fields)


def test_sources_have_names_places_and_secrets_of_their_own():
    policy = made(sources=BOTH)
    assert told(policy) == [("database", "postgresql"), ("files", "folder")]
    assert [unseal(row.secret) if row.secret else "" for row in policy.sources.order_by("position")] == [
        "s3cret!word",
        "",
    ]
    assert "s3cret!word" not in str(list(Entry.objects.values_list("data")))


def test_one_source_can_be_told_alone_and_changed_alone():
    policy = made(source=DATABASE, password="first")
    changed(policy, source=DATABASE | {"host": "other.example"})
    assert unseal(policy.sources.get().secret) == "first"
    changed(policy, password="second")
    assert unseal(policy.sources.get().secret) == "second"
    changed(policy, password="")
    assert policy.sources.get().secret == ""
    assert policy.sources.get().settings["host"] == "other.example"


def test_a_password_that_is_not_told_again_is_kept_wherever_the_source_moves():
    policy = made(sources=BOTH)
    changed(policy, sources=[FOLDER, {"settings": DATABASE}])
    assert told(policy) == [("files", "folder"), ("database", "postgresql")]
    assert unseal(policy.sources.get(name="database").secret) == "s3cret!word"


def test_a_source_that_is_not_named_any_more_is_gone_with_its_secret():
    policy = made(sources=BOTH)
    assert changed(policy, sources=[FOLDER]).version == 2
    assert told(policy) == [("files", "folder")]


def test_the_same_again_changes_nothing():
    policy = made(sources=BOTH)
    entries = Entry.objects.count()
    changed(policy, sources=[{"settings": DATABASE}, FOLDER])
    assert (BackupPolicy.objects.get().version, Entry.objects.count()) == (1, entries)


def test_another_source_is_another_method_and_proof_has_to_come_anew():
    policy = made(sources=[FOLDER])
    before = basis_of(policy.system)[Part.BACKUP_METHOD]
    changed(policy, sources=BOTH)
    assert basis_of(policy.system)[Part.BACKUP_METHOD] != before


@pytest.mark.parametrize(
    "sources",
    [
        [],
        [FOLDER] * 2,
        [FOLDER | {"name": f"f{number}"} for number in range(21)],
        [FOLDER | {"name": "../etc"}],
        [FOLDER | {"name": "Files"}],
        [FOLDER | {"name": "x" * 41}],
        [FOLDER | {"engine": "mysql"}],
        [{"settings": None}],
        [{"settings": DATABASE}, {"engine": "folder", "settings": DATABASE}],
        [{"settings": {"own": True}}],
        [{"engine": "folder", "settings": {"own": True}}],
    ],
)
def test_sources_that_are_wrong_are_refused_together(sources: list[dict[str, Any]]):
    assert refused(made, sources=sources) == {"sources"}
    assert not BackupPolicy.objects.exists()


def test_one_of_several_cannot_be_changed_as_if_it_were_the_only_one():
    policy = made(sources=BOTH)
    assert refused(changed, policy, source=DATABASE) == {"source"}
    assert refused(changed, policy, password="x") == {"password"}
    assert refused(changed, policy, sources=BOTH, password="x") == {"sources"}


def test_an_assertion_needs_a_source_that_can_be_asked():
    count = {"label": "x", "path": "*", "ask": "count", "compare": ">=", "value": 1}
    assert refused(made, sources=[{"settings": DATABASE}], assertions=[count]) == {"assertions"}
    policy = made(sources=BOTH, assertions=[count])
    assert refused(changed, policy, sources=[{"settings": DATABASE}]) == {"assertions"}


def test_the_engine_of_a_source_is_fixed_once_copies_depend_on_it():
    policy = made(sources=BOTH)
    rows.copy_of(policy)
    assert refused(changed, policy, sources=[FOLDER | {"name": "database"}]) == {"engine"}
    changed(policy, sources=[*BOTH, FOLDER | {"name": "more"}])
    assert len(told(policy)) == 3


@pytest.mark.parametrize(
    "wrong", [{"name": "files", "position": 9}, {"name": "x", "engine": "mysql"}, {"name": ""}, {"name": "../x"}]
)
def test_the_database_refuses_what_is_no_source(wrong: dict[str, Any]):
    policy = made(sources=[FOLDER])
    with pytest.raises(IntegrityError), transaction.atomic():
        PolicySource.objects.create(**{"policy": policy, "position": 9} | wrong)


def test_a_program_sets_and_reads_them_and_never_a_secret():
    policy = made(sources=BOTH)
    client = with_key(Role.ADMINISTRATOR)
    answer = client.get(f"/api/v1/backup-policies/{policy.pk}/")
    assert [(source["name"], source["engine"], source["has_password"]) for source in answer.json()["sources"]] == [
        ("database", "postgresql", True),
        ("files", "folder", False),
    ]
    assert "s3cret" not in answer.content.decode()
    body = {"sources": [FOLDER, {"name": "database", "settings": DATABASE}]}
    assert patch(client, f"backup-policies/{policy.pk}/", body, if_match='"1"').status_code == 200
    assert told(policy) == [("files", "folder"), ("database", "postgresql")]


@pytest.mark.parametrize(
    "sources", ["x", [5], [{}], [{"settings": 5}], [{"settings": {}, "secret": "x"}], [FOLDER | {"name": "a/b"}]]
)
def test_a_program_that_tells_nonsense_is_told_which_field(sources: Any):
    policy = made(sources=[FOLDER])
    answer = patch(with_key(Role.ADMINISTRATOR), f"backup-policies/{policy.pk}/", {"sources": sources}, if_match='"1"')
    assert (answer.status_code, {name.partition(".")[0] for name in answer.json()["fields"]}) == (400, {"sources"})
    assert told(policy) == [("files", "folder")]


def test_a_policy_without_a_source_is_refused_to_a_program():
    policy = rows.policy("old")
    body = {"name": "n", "slug": "n", "system": str(policy.system_id), "repository": str(policy.repository_id)}
    answer = post(with_key(Role.ADMINISTRATOR), "backup-policies/", body)
    assert (answer.status_code, set(answer.json()["fields"])) == (400, {"source"})


def test_the_page_of_a_policy_names_what_it_saves():
    policy = made(sources=BOTH)
    page = signed_in(Role.MANAGER).get(policy.get_absolute_url()).content.decode()
    assert "/srv/shop/files" in page
    assert "db.example" in page
    assert "saved, and restored, as one" in page


def test_a_copy_of_the_first_form_is_one_database():
    [part] = parts_of({"files": [{"name": "database.dump"}], "rows": {"t": 1}, "canary": None})
    assert (part.source, part.engine, part.files, part.facts["rows"]) == (
        "database", "postgresql", ("database.dump",), {"t": 1},
    )  # fmt: skip
