"""`/metrics`: the same figures from every process, for those who may read them, and never at any price."""

from datetime import timedelta
from ipaddress import ip_network

import pytest
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from common import metrics, services
from people.choices import Role
from people.services import create_api_key
from tests.people.world import make_world
from tests.support.people import person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def measured_anew():
    metrics.figures.forget()
    yield
    metrics.figures.forget()


@pytest.fixture
def allowed(settings):
    settings.METRICS_NETWORKS = [ip_network("127.0.0.0/8")]


def client_with(role, *scopes):
    key = create_api_key(name="prometheus", role=role, scopes=scopes, by="system:tests")
    return Client(headers={"Authorization": f"Bearer {key.text}"})


def read(client=None):
    """Figures by name and labels."""
    answer = (client or Client()).get("/metrics")
    assert answer.status_code == 200, answer.content
    return {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(answer.content.decode())
        for sample in family.samples
    }


@pytest.mark.usefixtures("allowed")
def test_it_tells_of_every_room():
    make_world(person(Role.ADMINISTRATOR))
    services.beat("beat", now=timezone.now() - timedelta(seconds=30))
    found = read()
    assert 30 <= found["holdfast_part_age_seconds", "beat"] < 40
    assert found["holdfast_storage_free_bytes",] > 0
    assert found["holdfast_ledger_unsealed_seconds",] >= 0
    assert found["holdfast_deliveries", "dead"] >= 0
    assert found["holdfast_deliveries_overdue_seconds",] >= 0
    assert found["holdfast_schedules_overdue_seconds",] >= 0
    assert sum(found["holdfast_systems", proof] for proof in ("proven", "stale", "unproven")) >= 1
    assert sum(number for (name, *_labels), number in found.items() if name == "holdfast_incidents_open") >= 1
    assert any(name == "holdfast_newest_copy_age_seconds" for name, *_labels in found)
    assert not [name for name, *_labels in found if name == "holdfast_figures_missing"]


@pytest.mark.usefixtures("allowed")
def test_requests_are_counted_with_the_time_they_took():
    before = read().get(("holdfast_requests_total", "2xx"), 0)
    metrics.figures.forget()
    after = read()
    assert after["holdfast_requests_total", "2xx"] > before
    assert after["holdfast_request_seconds_bucket", "+Inf"] == after["holdfast_request_seconds_count",]


@pytest.mark.usefixtures("allowed")
def test_the_database_is_asked_once_in_a_while_however_often_somebody_asks(django_assert_num_queries):
    read()
    with django_assert_num_queries(0):
        read()


@pytest.mark.usefixtures("allowed")
def test_a_room_that_fails_takes_no_other_with_it(monkeypatch):
    def fails():
        raise DatabaseError("too slow")

    read()
    metrics.figures.forget()
    monkeypatch.setitem(metrics.ROOMS, "backups", fails)
    found = read()
    assert found["holdfast_figures_missing", "backups"] == 1
    assert "holdfast_ledger_seals" in {name for name, *_labels in found}


def test_without_a_key_nothing_is_told():
    answer = Client().get("/metrics")
    assert answer.status_code == 401
    assert b"holdfast_" not in answer.content
    assert Client(headers={"Authorization": "Bearer hf_12345678_wrong"}).get("/metrics").status_code == 401


def test_a_session_is_no_key():
    client = Client()
    client.force_login(person(Role.ADMINISTRATOR))
    assert client.get("/metrics").status_code == 401


@pytest.mark.parametrize(
    ("role", "scopes", "status"),
    [
        (Role.AUDITOR, (), 200),
        (Role.AUDITOR, ("readiness:read",), 200),
        (Role.AUDITOR, ("incidents:read",), 403),
        (Role.REPORTER, (), 403),
        (Role.REPORTER, ("readiness:read",), 403),
    ],
)
def test_a_key_reaches_it_that_reads_all(role, scopes, status):
    assert client_with(role, *scopes).get("/metrics").status_code == status


def test_a_stranger_who_claims_an_allowed_address_is_not_believed(settings):
    settings.METRICS_NETWORKS = [ip_network("10.0.0.0/8")]
    answer = Client(REMOTE_ADDR="198.51.100.4", headers={"X-Forwarded-For": "10.0.0.1"}).get("/metrics")
    assert answer.status_code == 401


def test_it_is_only_read():
    assert Client().post("/metrics").status_code == 405
