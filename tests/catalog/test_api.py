"""The catalog over HTTP: who reads, who changes, what is refused."""

import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from catalog.models import Dependency, Service, System
from catalog.selectors import basis_of
from people.choices import Role
from tests.catalog.factories import DependencyFactory, MeasurementFactory, ServiceFactory, SiteFactory, SystemFactory
from tests.support.people import signed_in

pytestmark = pytest.mark.django_db

HOUR = 3600
LISTS = ["services", "systems", "sites", "providers", "documents", "dependencies", "recovery-measurements"]


@pytest.fixture
def editor() -> Client:
    return signed_in(Role.ADMINISTRATOR)


def post(client, path, body):
    return client.post(f"/api/v1/{path}", body, content_type="application/json")


def patch(client, path, body, version=None):
    headers = {} if version is None else {"If-Match": f'"{version}"'}
    return client.patch(f"/api/v1/{path}", body, content_type="application/json", headers=headers)


def test_a_service_is_set_up_with_targets_in_seconds(editor):
    answer = post(editor, "services/", {"name": "Payments", "recovery_time_objective_seconds": 4 * HOUR})
    assert answer.status_code == 201
    assert answer["ETag"].startswith('"1-')
    assert answer.json()["recovery_time_objective_seconds"] == 4 * HOUR
    assert answer.json()["verdict"]["reason"] == "nothing_required"
    assert Service.objects.get().recovery_time_objective == timedelta(hours=4)


def test_the_proof_of_a_service_says_why_and_by_what(editor):
    service, database = ServiceFactory(), SystemFactory()
    DependencyFactory(service=service, on_system=database)
    MeasurementFactory(system=database, basis=basis_of(database), data_loss=timedelta(seconds=90.5))
    verdict = editor.get(f"/api/v1/services/{service.pk}/").json()["verdict"]
    assert (verdict["proof"], verdict["reason"]) == ("proven", "current")
    assert verdict["decided_by"] == str(database.pk)
    assert (verdict["recovery_seconds"], verdict["data_loss_seconds"]) == (HOUR, 90.5)
    assert verdict["target_recovery_seconds"] == 4 * HOUR
    assert verdict["url"] == "/backups/runs/RT-0001/"
    assert verdict["detail"]


def test_a_change_names_the_version_that_it_saw(editor):
    system = SystemFactory(name="Database")
    path = f"systems/{system.pk}/"
    assert patch(editor, path, {"release": "PostgreSQL 19"}).status_code == 428
    changed = patch(editor, path, {"release": "PostgreSQL 19"}, version=1)
    assert (changed.status_code, changed["ETag"][:3]) == (200, '"2-')
    assert patch(editor, path, {"release": "PostgreSQL 20"}, version=1).status_code == 412
    system.refresh_from_db()
    assert system.release == "PostgreSQL 19"


def test_a_target_can_be_taken_away(editor):
    service = ServiceFactory()
    answer = patch(editor, f"services/{service.pk}/", {"recovery_time_objective_seconds": None}, version=1)
    assert answer.json()["recovery_time_objective_seconds"] is None


def test_sites_and_dependencies_are_set_up_and_taken_away(editor):
    site = post(editor, "sites/", {"name": "Harbour"}).json()
    system = post(editor, "systems/", {"name": "Database", "site": site["id"]}).json()
    service = post(editor, "services/", {"name": "Payments"}).json()
    dependency = post(editor, "dependencies/", {"service": service["id"], "on_system": system["id"]})
    assert dependency.status_code == 201
    radius = editor.get(f"/api/v1/systems/{system['id']}/blast-radius/").json()
    assert radius["services"] == [{"id": service["id"], "name": "Payments"}]
    assert radius["systems"] == []
    assert [(each["name"], each["effect"], each["path"]) for each in radius["affected"]] == [
        ("Payments", "down", ["Database"])
    ]
    path = f"/api/v1/dependencies/{dependency.json()['id']}/"
    assert editor.delete(path).status_code == 204
    assert editor.delete(path).status_code == 404
    assert not Dependency.objects.exists()


def test_a_circle_is_refused_in_the_one_shape(editor):
    one, other = SystemFactory(name="One"), SystemFactory(name="Other")
    DependencyFactory(system=one, on_system=other)
    answer = post(editor, "dependencies/", {"system": str(other.pk), "on_system": str(one.pk)})
    assert answer.status_code == 409
    assert answer.json()["code"] == "dependency_cycle"
    assert "“One” already stands on “Other”" in answer.json()["message"]


def test_retired_and_brought_back(editor):
    system = SystemFactory()
    assert post(editor, f"systems/{system.pk}/retire/", {}).json()["is_active"] is False
    assert post(editor, f"systems/{system.pk}/bring-back/", {}).json()["is_active"] is True


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("services/", {}, "name"),
        ("services/", {"name": "A", "criticality": "huge"}, "criticality"),
        ("services/", {"name": "A", "recovery_time_objective_seconds": "soon"}, "recovery_time_objective_seconds"),
        ("services/", {"name": "A", "recovery_time_objective_seconds": 1e300}, "recovery_time_objective_seconds"),
        ("services/", {"name": "A", "recovery_time_objective_seconds": "nan"}, "recovery_time_objective_seconds"),
        ("services/", {"name": "A", "recovery_time_objective_seconds": -5}, "recovery_time_objective_seconds"),
        ("services/", {"name": "A", "owner": str(uuid.uuid4())}, "owner"),
        ("services/", {"name": "A", "owner": "me"}, "owner"),
        ("services/", {"name": "two\nlines"}, "name"),
        ("services/", {"name": "A", "proof": "proven"}, "proof"),
        ("systems/", {"name": "A", "site": ["x"]}, "site"),
        ("systems/", {"name": {"a": 1}}, "name"),
        ("dependencies/", {"service": "nonsense"}, "service"),
    ],
)
def test_wrong_input_is_named_and_changes_nothing(editor, path, body, field):
    answer = post(editor, path, body)
    assert answer.status_code == 400
    assert list(answer.json()["fields"]) == [field]
    assert not Service.objects.exists()
    assert not System.objects.exists()


def test_nobody_types_a_measurement_in(editor):
    measurement = MeasurementFactory(system=SystemFactory())
    path = f"/api/v1/recovery-measurements/{measurement.pk}/"
    assert editor.get(path).json()["recovery_seconds"] == HOUR
    assert post(editor, "recovery-measurements/", {"outcome": "pass"}).status_code == 405
    for method in ("put", "patch", "delete"):
        assert getattr(editor, method)(path).status_code == 405


def test_measurements_are_filtered_by_subject_and_time(editor):
    ours, others = SystemFactory(), SystemFactory()
    found = MeasurementFactory(system=ours)
    MeasurementFactory(system=others)
    MeasurementFactory(system=ours, measured_at=timezone.now() - timedelta(days=40))
    since = (timezone.now() - timedelta(days=2)).isoformat().replace("+", "%2B")
    answer = editor.get(f"/api/v1/recovery-measurements/?system={ours.pk}&measured_at__gte={since}")
    assert [row["id"] for row in answer.json()["results"]] == [str(found.pk)]
    assert editor.get("/api/v1/recovery-measurements/?system=nonsense").status_code == 400


@pytest.mark.parametrize("role", [Role.RESPONDER, Role.MANAGER, Role.REVIEWER, Role.AUDITOR])
def test_others_read_and_do_not_change(role):
    client, service = signed_in(role), ServiceFactory()
    for name in LISTS:
        assert client.get(f"/api/v1/{name}/").status_code == 200
    assert client.get(f"/api/v1/services/{service.pk}/").status_code == 200
    assert post(client, "services/", {"name": "Mine"}).status_code == 403
    assert patch(client, f"services/{service.pk}/", {"name": "Mine"}, version=1).status_code == 403
    assert post(client, f"services/{service.pk}/retire/", {}).status_code == 403


def test_for_reporters_there_is_no_catalog():
    client, service = signed_in(Role.REPORTER), ServiceFactory()
    SiteFactory()
    for name in LISTS:
        assert client.get(f"/api/v1/{name}/").json()["results"] == []
    assert client.get(f"/api/v1/services/{service.pk}/").status_code == 404


@pytest.mark.parametrize("name", ["services", "systems"])
def test_a_list_costs_the_same_for_one_and_for_many(editor, django_assert_max_num_queries, name):
    for _ in range(20):
        service, system = ServiceFactory(owner=None), SystemFactory(site=SiteFactory())
        DependencyFactory(service=service, on_system=system)
        MeasurementFactory(system=system)
    editor.get(f"/api/v1/{name}/")  # the first request of a session writes the session down
    # session, person, roles, second factor, the page, and five for all of the proof
    with django_assert_max_num_queries(12):
        assert len(editor.get(f"/api/v1/{name}/").json()["results"]) == 20
