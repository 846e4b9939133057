"""`/healthz` and `/readyz`: what a balancer asks."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from common import services
from common.models import Heartbeat


def test_a_living_process_answers_without_the_database(client):
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.content == b"ok"


@pytest.mark.django_db
def test_ready_when_every_part_is_alive(client):
    services.tick()
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["ready"] is True
    assert answer.json()["beat"]["age_seconds"] < 60


@pytest.mark.django_db
def test_a_beat_that_never_came_is_not_ready_and_its_age_unknown(client):
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["beat"] == {"alive": False, "age_seconds": None}
    assert answer.json()["database"] == {"alive": True}
    assert answer.json()["broker"] == {"alive": True}


@pytest.mark.django_db
def test_an_old_heartbeat_is_named(client):
    services.tick()
    Heartbeat.objects.filter(name="worker").update(at=timezone.now() - timedelta(minutes=5))
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["worker"]["alive"] is False
    assert answer.json()["beat"]["alive"] is True


@pytest.mark.django_db
def test_a_broker_that_is_away_is_named_and_no_error(client, broker_is_away):
    services.tick()
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["broker"] == {"alive": False}


def test_only_reading_is_possible(client):
    assert client.post("/healthz").status_code == 405
    assert client.post("/readyz").status_code == 405


def test_a_database_that_is_away_is_named_and_no_error(client, monkeypatch, django_db_blocker):
    monkeypatch.setitem(connection.settings_dict, "HOST", "/nowhere")
    with django_db_blocker.unblock():
        connection.close()
        answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["database"] == {"alive": False}
    assert answer.json()["broker"] == {"alive": True}
    assert answer.json()["beat"] == {"alive": False, "age_seconds": None}
