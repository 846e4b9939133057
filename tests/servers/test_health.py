"""`/healthz` and `/readyz`: what a balancer asks."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from common import services
from common.models import Heartbeat
from common.pulse import WORKERS, Pulse, heartbeat_of


def test_a_living_process_answers_without_the_database(client):
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.content == b"ok"


@pytest.fixture
def everything_is_up(db):
    """A tick was carried out, and every worker gave its sign of life."""
    services.tick()
    for worker in WORKERS:
        services.beat(heartbeat_of(worker), now=timezone.now())


@pytest.mark.usefixtures("everything_is_up")
def test_ready_when_every_part_is_alive(client):
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


@pytest.mark.usefixtures("everything_is_up")
@pytest.mark.parametrize("dead", WORKERS)
def test_a_worker_that_died_is_named_and_no_other(client, dead):
    Heartbeat.objects.filter(name=heartbeat_of(dead)).update(at=timezone.now() - timedelta(minutes=5))
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["worker"]["alive"] is False
    assert [name for name, state in answer.json()["worker"]["workers"].items() if not state["alive"]] == [dead]
    assert answer.json()["beat"]["alive"] is True


@pytest.mark.usefixtures("everything_is_up")
def test_a_beat_that_stopped_is_named_while_the_workers_live(client):
    Heartbeat.objects.filter(name="beat").update(at=timezone.now() - timedelta(minutes=5))
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["beat"]["alive"] is False
    assert answer.json()["worker"]["alive"] is True


@pytest.mark.usefixtures("everything_is_up")
def test_a_sign_of_life_from_the_future_says_nothing_of_now(client):
    Heartbeat.objects.filter(name="beat").update(at=timezone.now() + timedelta(hours=10))
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["beat"]["alive"] is False


@pytest.mark.django_db(transaction=True)
def test_a_worker_gives_its_sign_of_life_by_itself():
    pulse = Pulse("verify")
    pulse.start()
    pulse.stop()
    assert Heartbeat.objects.filter(name=heartbeat_of("verify")).exists()


@pytest.mark.usefixtures("everything_is_up")
def test_a_broker_that_is_away_is_named_and_no_error(client, broker_is_away):
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
