"""My work: what waits for whom, in which order, done by one button."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from backups.choices import Outcome, RunKind
from common.work import Urgency, WorkItem, in_order
from incidents import services as incidents
from incidents.models import Incident
from people.choices import Role
from people.models import Absence
from readiness.work import work_for
from tests.backups import rows
from tests.support.people import person, signed_in

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def kinds(user) -> list[str]:
    return [each.item.kind for each in work_for(user, timezone.now()).waiting]


def item(name: str, **fields) -> WorkItem:
    return WorkItem(**({"kind": name, "title": name, "about": name, "url": name, "since": NOW} | fields))


def test_what_is_urgent_and_what_is_due_first_comes_first():
    later, soon = item("later", due_at=NOW + timedelta(days=2)), item("soon", due_at=NOW + timedelta(days=1))
    undated, old = item("undated"), item("old", since=NOW - timedelta(days=1))
    urgent = item("urgent", urgency=Urgency.NOW)

    assert [each.kind for each in in_order([undated, later, old, soon, urgent])] == [
        "urgent", "soon", "later", "old", "undated",
    ]  # fmt: skip


def test_a_report_waits_for_everybody_who_works_and_for_nobody_else():
    incidents.report(by=person(Role.REPORTER), description="Mail is down")

    assert kinds(person(Role.RESPONDER)) == ["incidents.acknowledge"]
    for role in (Role.REPORTER, Role.REVIEWER, Role.AUDITOR):
        assert kinds(person(role)) == []


def test_it_is_done_by_one_button_and_then_waits_for_whoever_took_it():
    client, other = signed_in(Role.RESPONDER), person(Role.RESPONDER)
    one = incidents.report(by=other, description="Mail is down")
    waiting = work_for(client.person, timezone.now()).waiting[0].item

    page = client.get("/my-work/").text
    assert waiting.action_url in page
    client.post(waiting.action_url, dict(waiting.fields))

    assert Incident.objects.get(pk=one.pk).owner == client.person
    assert kinds(client.person) == ["incidents.active"]
    assert kinds(other) == []


def test_what_is_restricted_waits_only_for_those_who_see_it():
    one = incidents.report(by=person(Role.REPORTER), description="Mail is down")
    Incident.objects.filter(pk=one.pk).update(is_restricted=True)

    assert kinds(person(Role.RESPONDER)) == []
    assert kinds(person(Role.ADMINISTRATOR)) == ["incidents.acknowledge"]


def test_a_policy_whose_copy_was_never_restored_waits_for_its_owner():
    owner = person(Role.RESPONDER)
    policy = rows.policy("mail", owner=owner)
    rows.copy_of(policy)
    assert kinds(owner) == ["backups.test_restore"]
    assert kinds(person(Role.RESPONDER)) == []

    rows.ended(policy, RunKind.RESTORE_TEST, Outcome.PASS, level=5, recovery_time=timedelta(minutes=1))

    assert kinds(owner) == []


def test_who_stands_in_does_the_work_of_who_is_away():
    away, stand_in = person(Role.RESPONDER, name="Ana"), person(Role.RESPONDER)
    rows.copy_of(rows.policy("mail", owner=away))
    now = timezone.now()
    Absence.objects.create(
        person=away, substitute=stand_in, starts_at=now - timedelta(days=1), ends_at=now + timedelta(days=1)
    )

    [waiting] = work_for(stand_in, timezone.now()).waiting

    assert waiting.item.acting_for == "Ana"


def test_the_page_says_what_belongs_there_when_nothing_waits():
    page = signed_in(Role.RESPONDER).get("/my-work/").text

    assert "Nothing waits for you" in page
    assert "What you have to do stands here." in page


def test_a_responder_meets_it_on_the_first_page_and_the_navigation_counts_it():
    client = signed_in(Role.RESPONDER)
    incidents.report(by=client.person, description="Mail is down")

    assert "What needs you now" in client.get("/").text
    assert 'hx-get="/my-work/count/"' in client.get("/").text
    assert ">1<" in client.get("/my-work/count/").text


def test_it_costs_the_same_for_one_thing_and_for_many():
    me = person(Role.ADMINISTRATOR)
    rows.copy_of(rows.policy("first"))
    incidents.report(by=me, description="Mail is down")
    kinds(me)
    with CaptureQueriesContext(connection) as one:
        kinds(me)
    for number in range(6):
        incidents.report(by=me, description=f"Mail {number} is down")
        rows.copy_of(rows.policy(f"policy-{number}"))
    with CaptureQueriesContext(connection) as many:
        assert len(kinds(me)) == 14

    assert len(many) == len(one)
