"""The policy by which Holdfast saves itself: what it saves can be changed by nobody."""

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from backups.models import BackupPolicy
from people.choices import Role
from tests.backups import rows
from tests.support.people import signed_in, with_key

pytestmark = pytest.mark.django_db

ELSEWHERE = {"host": "db.example", "database": "shop", "user": "backup"}


@pytest.fixture
def own(db: None) -> BackupPolicy:
    return rows.policy("holdfast", is_own=True, source={"own": True})


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("source", {"source": ELSEWHERE}),
        ("password", {"password": "another"}),
        ("password", {"password": ""}),
        ("password", {"password": "another", "keep_copies": 3}),
        ("slug", {"slug": "other"}),
    ],
)
def test_a_program_cannot_change_what_holdfast_saves_of_itself(own: BackupPolicy, field: str, change: dict[str, Any]):
    answer = with_key(Role.ADMINISTRATOR).patch(
        f"/api/v1/backup-policies/{own.pk}/",
        json.dumps(change),
        content_type="application/json",
        headers={"If-Match": f'"{own.version}"'},
    )
    assert answer.status_code == 400
    assert answer.json()["fields"] == {field: ["By this policy Holdfast saves itself, so this cannot be changed."]}
    own.refresh_from_db()
    assert (own.slug, own.keep_copies) == ("holdfast", 14)
    assert own.sources.values_list("settings", "secret").get() == ({"own": True}, "")


def test_a_program_cannot_make_another_policy_of_our_own_database(own: BackupPolicy):
    answer = with_key(Role.ADMINISTRATOR).post(
        "/api/v1/backup-policies/",
        json.dumps(
            {
                "name": "Second",
                "slug": "second",
                "system": str(own.system_id),
                "repository": str(own.repository_id),
                "source": {"own": True},
            }
        ),
        content_type="application/json",
    )
    assert answer.status_code == 400
    assert "source" in answer.json()["fields"]


def desk() -> Client:
    return signed_in(Role.ADMINISTRATOR)


def test_the_admin_shows_it_and_offers_no_input_for_it(own: BackupPolicy):
    page = desk().get(reverse("admin:backups_backuppolicy_change", args=[own.pk])).content.decode()
    for name in ("sources-0-host", "sources-0-path", "sources-0-password", "sources-0-engine", "slug"):
        assert f'name="{name}"' not in page
    assert 'name="keep_copies"' in page


def test_of_other_policies_the_admin_offers_all():
    other = rows.policy("shop", source=ELSEWHERE)
    page = desk().get(reverse("admin:backups_backuppolicy_change", args=[other.pk])).content.decode()
    for name in ("sources-0-host", "sources-0-path", "sources-0-password", "sources-0-engine", "slug"):
        assert f'name="{name}"' in page
