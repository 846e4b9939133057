"""Tick and sweep reach every floor, whatever one of them does."""

import logging
import time
from datetime import timedelta

import pytest
import time_machine
from celery import current_app
from django.utils import timezone

from common import services, signals
from common.beats import SteadyScheduler
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


@pytest.mark.parametrize("hours", [-10, 10])
def test_a_clock_that_is_put_right_silences_no_beat(hours):
    sent = []

    class Counted(SteadyScheduler):
        """Counts what it sends; nothing leaves."""

        def apply_entry(self, entry, producer=None):
            sent.append(entry.name)

    entries = {name: {"task": f"common.{name}", "schedule": 5.0} for name in ("tick", "sweep")}
    with time_machine.travel(timezone.now()) as clock:
        beat = Counted(current_app, lazy=True, schedule={})
        beat.producer = None
        beat.update_from_dict(entries)
        assert beat.tick() == pytest.approx(5, abs=1)
        clock.shift(timedelta(hours=hours))
        assert beat.tick() <= 5
        assert sorted(sent) == ["sweep", "tick"], "the next time is counted by another clock"
        beat._due = dict.fromkeys(entries, time.monotonic())  # five seconds pass
        beat.tick()
        assert sorted(sent) == ["sweep", "sweep", "tick", "tick"]
