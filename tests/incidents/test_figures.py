"""How long it takes, and what comes back."""

import sys
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from incidents import selectors
from incidents.charts import chart_of
from incidents.choices import State
from incidents.models import Incident
from incidents.selectors import FiguresWanted
from people.choices import Role
from tests.catalog.factories import SystemFactory
from tests.incidents.factories import person, responder

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 15, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def happened(number=[0], *, at=NOW, acknowledged=None, resolved=None, **more) -> Incident:  # noqa: B006  counts up
    number[0] += 1
    times = {"acknowledged_at": at + acknowledged if acknowledged else None}
    times["resolved_at"] = at + resolved if resolved is not None else None
    state = more.pop("state", State.RESOLVED if times["resolved_at"] else State.TRIAGE)
    return Incident.objects.create(
        title="x", state=state, reported_at=at, tracking_token=f"figure-{number[0]}", **times, **more
    )


def asked(user=None, unit="month"):
    return selectors.figures(user or responder(), FiguresWanted(unit), NOW)


def test_medians_and_nine_of_ten_by_severity_and_period_with_the_unknown_counted_as_unknown():
    for minutes in (1, 2, 3, 4, 100):
        happened(severity=1, acknowledged=MINUTE, resolved=minutes * MINUTE)
    happened(severity=1)
    happened(severity=3, at=datetime(2026, 1, 2, tzinfo=UTC), resolved=7 * MINUTE, reopen_count=2)
    found = asked()
    worst = found.by_severity[0]
    assert (worst.count, worst.times["resolve"].known) == (6, 5)
    assert worst.times["resolve"].median == 3 * MINUTE
    assert worst.times["resolve"].p90 == timedelta(minutes=61, seconds=36)
    assert worst.times["mitigate"].median is None
    january, march = found.by_period[-3], found.by_period[-1]
    assert (january.count, january.reopened, january.times["resolve"].median) == (1, 1, 7 * MINUTE)
    assert (march.count, found.by_period[-2].count, found.whole.count) == (6, 0, 7)
    assert len(found.periods) == 12


def test_exercises_cancelled_and_merged_ones_and_times_out_of_order_do_not_count():
    happened(cause_key="exercise:1", resolved=MINUTE)
    happened(state=State.CANCELLED, resolved=MINUTE)
    happened(state=State.MERGED, merged_into=happened(resolved=-MINUTE))
    whole = asked().whole
    assert (whole.count, whole.times["resolve"].known, whole.times["resolve"].median) == (1, 0, None)


def test_what_came_back_is_named_once_with_how_often():
    system = SystemFactory(name="archive-db")
    for _each in range(2):
        happened(cause_key="backups.policy:1", resolved=MINUTE, category="delay").systems.add(system)
    happened(cause_key="backups.policy:2", resolved=MINUTE)
    found = asked()
    assert [(each.label, each.count) for each in found.causes] == [("x", 2)]
    assert [(each.label, each.count) for each in found.systems] == [("archive-db", 2)]
    assert [(str(each.label), each.count) for each in found.categories] == [
        ("Delayed synchronisation", 2),
        ("unknown", 1),
    ]


def test_restricted_ones_count_only_for_those_who_may_see_them():
    happened(is_restricted=True, resolved=MINUTE)
    assert asked().whole.count == 0
    assert asked(person(Role.AUDITOR)).whole.count == 1


def test_a_period_begins_with_the_readers_day():
    with timezone.override("Asia/Shanghai"):
        happened(at=datetime(2026, 2, 28, 17, tzinfo=UTC), resolved=MINUTE)
        found = asked()
        assert (found.by_period[-1].count, found.by_period[-2].count) == (1, 0)


def test_the_page_and_the_table_show_them_in_the_same_number_of_queries(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    client = Client()
    client.force_login(responder())
    client.get("/incidents/figures/")
    with CaptureQueriesContext(connection) as few:
        assert "No incident was resolved" in client.get("/incidents/figures/?unit=nonsense").text
    for minutes in range(1, 5):
        happened(resolved=minutes * MINUTE, cause_key="backups.policy:1")
    with CaptureQueriesContext(connection) as many:
        page = client.get("/incidents/figures/?unit=quarter").text
    assert len(many) <= len(few) + 1
    assert "Half of the incidents worked again within" in page
    table = client.get("/incidents/figures.csv").text
    assert '"all","all","resolve","4","4","0","150","222","0"' in table


def test_figures_of_very_many_are_kept_for_a_while_for_their_reader_and_say_of_when_they_are(monkeypatch):
    monkeypatch.setattr(sys.modules["incidents.selectors.figures"], "MANY", 1)
    by, later = responder(), NOW + 4 * MINUTE
    happened(resolved=MINUTE)
    first = selectors.recent_figures(by, FiguresWanted("month"), NOW)
    happened(resolved=MINUTE)
    again = selectors.recent_figures(by, FiguresWanted("month"), later)
    assert (again.whole.count, again.as_of) == (first.whole.count, NOW) == (1, NOW)
    other = selectors.recent_figures(responder(), FiguresWanted("month"), later)
    assert (other.whole.count, other.as_of) == (2, later)


def test_who_only_reports_reads_no_figures():
    client = Client()
    client.force_login(person(Role.REPORTER))
    assert client.get("/incidents/figures/").status_code == 404
    assert client.get("/incidents/figures.csv").status_code == 404


def test_a_period_without_a_figure_is_a_gap_in_the_line():
    chart = chart_of([NOW] * 4, [MINUTE, None, 2 * MINUTE, MINUTE], [None] * 4)
    assert chart.median == "M0.0 39.0M213.3 6.0L320.0 39.0"
    assert chart.p90 == ""
