"""Tick and sweep reach every floor, whatever one of them does."""

import logging

import pytest
from django.utils import timezone

from common import services, signals
from common.models import Heartbeat

pytestmark = pytest.mark.django_db


@pytest.fixture
def floors():
    """Two floors, of which the first breaks. Returns what the second heard."""
    heard = []

    def broken(**kwargs):
        raise RuntimeError("this floor is on fire")

    def sound(*, now, **kwargs):
        heard.append(now)

    for signal in (signals.tick, signals.sweep):
        signal.connect(broken, weak=False)
        signal.connect(sound, weak=False)
    yield heard
    for signal in (signals.tick, signals.sweep):
        signal.disconnect(broken)
        signal.disconnect(sound)


@pytest.mark.parametrize("beat", [services.tick, services.sweep])
def test_a_floor_that_breaks_does_not_stop_the_others(floors, beat, caplog):
    now = timezone.now()
    with caplog.at_level(logging.ERROR):
        beat(now=now)
    assert floors == [now]
    assert "broken failed" in caplog.text
    assert "this floor is on fire" in caplog.text


def test_each_tick_is_a_sign_of_life():
    first, second = timezone.now(), timezone.now()
    services.tick(now=first)
    services.tick(now=second)
    assert Heartbeat.objects.get(name="beat").at == second
