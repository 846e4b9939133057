"""Servers that go away and come back."""

import signal
from collections.abc import Iterator
from contextlib import closing

import pytest
import redis
from django.core.cache import cache

from common import jobs
from tests.support.plugin import own_valkey


@pytest.fixture
def broker_is_away() -> Iterator[None]:
    """This worker's own Valkey is stopped for the time of the test."""
    server = own_valkey()
    server.stop()
    yield
    server.start(dies_with_us=signal.SIGKILL)


@pytest.fixture
def broker_hangs() -> Iterator[None]:
    """This worker's own Valkey takes connections and says nothing."""
    server = own_valkey().running()
    assert server is not None
    server.suspend()
    yield
    server.resume()


@pytest.fixture
def own_valkey_restarted(django_capture_on_commit_callbacks) -> Iterator[redis.Redis]:
    """The server was used, stopped and started again; gives a connection to what it holds as broker."""
    cache.set("before", "used")
    with django_capture_on_commit_callbacks(execute=True):
        jobs.enqueue(jobs.TICK)
    server = own_valkey()
    server.stop()
    server.start(dies_with_us=signal.SIGKILL)
    with closing(redis.Redis(unix_socket_path=str(server.socket))) as client:
        yield client
        client.flushall()
