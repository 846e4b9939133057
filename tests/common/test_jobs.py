"""Jobs are queued after the commit, and a broker that is away costs nobody anything."""

import base64
import importlib.util
import json

import pytest
from celery import current_app
from django.apps import apps
from django.db import transaction
from kombu import Connection

from common import jobs
from common.jobs import enqueue

pytestmark = pytest.mark.django_db(transaction=True)


QUEUE = "tests-only"


@pytest.fixture
def broker(settings):
    """The real broker, with a queue of these tests that is empty before and after."""
    with Connection(settings.CELERY_BROKER_URL) as connection:
        client = connection.default_channel.client
        client.delete(QUEUE)
        yield client
        client.delete(QUEUE)


def test_a_job_is_queued_only_when_the_change_is_kept(broker):
    with transaction.atomic():
        enqueue(jobs.SWEEP, queue=QUEUE)
        assert broker.llen(QUEUE) == 0
    assert broker.llen(QUEUE) == 1


def test_a_change_that_is_undone_queues_nothing(broker):
    with pytest.raises(ZeroDivisionError), transaction.atomic():  # noqa: PT012  the block is what is undone
        enqueue(jobs.SWEEP, queue=QUEUE)
        1 / 0  # noqa: B018
    assert broker.llen(QUEUE) == 0


def test_a_job_carries_its_name_and_plain_values(broker):
    enqueue("tests.job", queue=QUEUE, thing_id="7")
    message = json.loads(broker.lindex(QUEUE, 0))
    assert message["headers"]["task"] == "tests.job"
    assert json.loads(base64.b64decode(message["body"]))[1] == {"thing_id": "7"}


def test_every_job_that_a_room_names_has_a_task():
    named = set()
    for app in apps.get_app_configs():
        if importlib.util.find_spec(f"{app.name}.jobs") is not None:
            room = vars(importlib.import_module(f"{app.name}.jobs"))
            named |= {value for name, value in room.items() if name.isupper() and f"{value}".startswith(f"{app.name}.")}
    assert jobs.TICK in named
    assert named <= set(current_app.tasks)
