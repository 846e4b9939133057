"""Tasks of an incident: told, reminded of, finished, or dropped with a reason."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from common.errors import Stale
from incidents import selectors, services
from incidents.choices import EventKind, RoleName, State, TaskState
from incidents.errors import CannotMoveTask, CannotOwn, NotLive, TasksAreOpen, Unfit
from incidents.models import IncidentTask
from notify.models import Message, Reminder
from people.choices import Role
from tests.incidents.factories import person, reported, responder

pytestmark = pytest.mark.django_db


@pytest.fixture
def by():
    return responder()


@pytest.fixture
def incident(by):
    return services.acknowledge(incident_id=reported().pk, by=by)


def add(incident, by, title="Call the provider", **more):
    return services.add_task(incident_id=incident.pk, title=title, by=by, **more)


def test_a_task_is_told_to_whoever_does_it_and_reminded_of_until_it_is_done(incident, by):
    doer = responder()
    task = add(incident, by, assignee=doer, due_at=timezone.now() + timedelta(days=5))
    assert Message.objects.get(kind="incident.task").to == doer
    assert Reminder.objects.get(to=doer).next_at
    services.take_task(task_id=task.pk, by=doer)
    done = services.finish_task(task_id=task.pk, by=doer)
    assert (done.state, done.done_by) == (TaskState.DONE, doer)
    assert Reminder.objects.get(to=doer).next_at is None
    said = [event.sentence for event in incident.events.filter(kind=EventKind.TASK)]
    name = "Call the provider"
    assert said == [f"Task done: {name}", f"{doer} does the task: {name}", f"Task added: {name}"]


def test_a_task_of_a_role_follows_whoever_holds_it(incident, by):
    services.declare_major(incident_id=incident.pk, by=by, reason="all sites")
    first, second = responder(), responder()
    services.hand_over_role(incident_id=incident.pk, role=RoleName.SCRIBE, to=first, by=by)
    add(incident, by, role=RoleName.SCRIBE, due_at=timezone.now() + timedelta(days=5))
    services.hand_over_role(incident_id=incident.pk, role=RoleName.SCRIBE, to=second, by=by)
    assert Reminder.objects.get(to=first).next_at is None
    assert Reminder.objects.get(to=second).next_at


def test_what_cannot_be_a_task_is_refused_beside_its_field(incident, by):
    doer = responder()
    for given, field in (
        ({"title": "  "}, "title"),
        ({"title": "x" * 161}, "title"),
        ({"notes": "x" * 4001}, "notes"),
        ({"role": "hero"}, "role"),
        ({"role": RoleName.SCRIBE, "assignee": doer}, "role"),
    ):
        with pytest.raises(Unfit) as refusal:
            add(incident, by, **given)
        assert field in refusal.value.fields
    with pytest.raises(CannotOwn):
        add(incident, by, assignee=person(Role.REPORTER))


def test_resolving_with_open_tasks_asks_what_becomes_of_them(incident, by):
    add(incident, by)
    with pytest.raises(TasksAreOpen) as refusal:
        services.resolve(incident_id=incident.pk, by=by)
    assert "open_tasks" in refusal.value.fields
    services.resolve(incident_id=incident.pk, by=by, open_tasks="keep")
    assert IncidentTask.objects.get().state == TaskState.OPEN
    with pytest.raises(TasksAreOpen):
        services.close(incident_id=incident.pk, by=by)
    closed = services.close(incident_id=incident.pk, by=by, drop_because="not needed any more")
    assert closed.state == State.CLOSED
    task = IncidentTask.objects.get()
    assert (task.state, task.dropped_because) == (TaskState.DROPPED, "not needed any more")


def test_dropped_when_resolved_they_take_what_was_done_as_their_reason(incident, by):
    add(incident, by)
    with pytest.raises(Unfit):
        services.resolve(incident_id=incident.pk, by=by, open_tasks="drop")
    services.resolve(incident_id=incident.pk, by=by, open_tasks="drop", text="A new disk")
    assert IncidentTask.objects.get().dropped_because == "A new disk"


def test_what_is_resolved_with_open_tasks_is_not_closed_by_itself(incident, by):
    add(incident, by)
    services.resolve(incident_id=incident.pk, by=by, open_tasks="keep")
    assert services.close_due(now=timezone.now() + timedelta(days=90)) == 0


def test_nothing_is_added_to_what_is_over_and_cancelling_drops_what_is_left(incident, by):
    task = add(incident, by)
    services.cancel(incident_id=incident.pk, by=by, reason="a joke")
    task.refresh_from_db()
    assert (task.state, task.dropped_because) == (TaskState.DROPPED, "a joke")
    with pytest.raises(NotLive):
        add(incident, by)
    with pytest.raises(NotLive):
        services.reopen_task(task_id=task.pk, by=by)


def test_only_the_moves_of_the_table_are_open_and_a_second_person_is_told(incident, by):
    task = add(incident, by)
    seen = task.version
    services.finish_task(task_id=task.pk, by=by, version=seen)
    with pytest.raises(Stale):
        services.take_task(task_id=task.pk, by=by, version=seen)
    with pytest.raises(CannotMoveTask):
        services.drop_task(task_id=task.pk, by=by, reason="late")
    assert services.reopen_task(task_id=task.pk, by=by).done_at is None


def test_a_task_is_put_up_and_down(incident, by):
    first, second = add(incident, by, "First"), add(incident, by, "Second")
    services.place_task(task_id=second.pk, by=by, step=-1)
    services.place_task(task_id=second.pk, by=by, step=-1)
    assert list(incident.tasks.values_list("title", flat=True)) == ["Second", "First"]
    services.place_task(task_id=first.pk, by=by, step=1)
    assert list(incident.tasks.values_list("title", flat=True)) == ["Second", "First"]


def test_a_task_stands_in_my_work_and_for_whoever_stands_in(incident, by):
    doer = responder()
    task = add(incident, by, assignee=doer, due_at=timezone.now() + timedelta(hours=1))
    item = next(item for item in selectors.work_of(doer, timezone.now()) if item.kind == "incidents.task")
    assert (item.due_at, item.url) == (task.due_at, task.get_absolute_url())
    assert all(item.kind != "incidents.task" for item in selectors.work_of(responder(), timezone.now()))


@pytest.mark.parametrize(
    ("broken", "name"),
    [
        ({"state": "lost"}, "state_is_known"),
        ({"state": "done"}, "done_has_a_time"),
        ({"state": "dropped"}, "dropped_has_a_reason"),
        ({"role": "hero"}, "role_is_known"),
    ],
)
def test_the_database_itself_refuses_what_cannot_be(broken, name, incident, by):
    task = add(incident, by)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        IncidentTask.objects.filter(pk=task.pk).update(**broken)
