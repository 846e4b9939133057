"""A broker that is down costs no request: rows are the truth, the queue only carries work."""

import time

import pytest
from django.core.cache import cache

from common import jobs


@pytest.mark.django_db
def test_queueing_gives_up_quickly(broker_is_away, django_capture_on_commit_callbacks):
    began = time.monotonic()
    with django_capture_on_commit_callbacks(execute=True):
        jobs.enqueue(jobs.TICK)
    assert time.monotonic() - began < 5


@pytest.mark.django_db
def test_queueing_gives_up_on_a_broker_that_hangs(broker_hangs, django_capture_on_commit_callbacks):
    began = time.monotonic()
    with django_capture_on_commit_callbacks(execute=True):
        jobs.enqueue(jobs.TICK)
    cache.set("greeting", "hello")
    assert cache.get("greeting") is None
    assert time.monotonic() - began < 20


@pytest.mark.django_db
def test_the_next_job_is_queued_once_the_broker_is_back(own_valkey_restarted, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        jobs.enqueue(jobs.TICK)
    assert own_valkey_restarted.llen("default") == 1


def test_a_cache_that_is_away_is_empty(broker_is_away):
    cache.set("greeting", "hello")
    assert cache.get("greeting", "nothing") == "nothing"
    assert cache.get_or_set("answer", lambda: 42) == 42
    assert cache.add("greeting", "hello") is True
    assert cache.delete("greeting") is False
    assert cache.has_key("greeting") is False
    assert cache.get_many(["greeting"]) == {}
    assert cache.incr("count") == 1


@pytest.mark.django_db
def test_the_cache_works_again_when_its_server_is_back(own_valkey_restarted):
    cache.set("greeting", "hello")
    assert cache.get("greeting") == "hello"
