"""Tasks of an incident: told to whoever does them, reminded of, finished or dropped with a reason."""

import uuid
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from incidents.choices import TaskState
from incidents.errors import Unfit
from incidents.models import IncidentTask
from incidents.services.checking import check_reason
from incidents.services.rows import Who, lock
from incidents.services.task_rows import (
    check_doer,
    check_due,
    check_goes_on,
    checked_words,
    follow,
    lock_task,
    save_task,
    tell_doers,
    write_task,
)
from people.models import User

MOST = 200


@transaction.atomic
def add_task(
    *,
    incident_id: uuid.UUID,
    title: str,
    by: User,
    notes: str = "",
    assignee: User | None = None,
    role: str = "",
    due_at: datetime | None = None,
) -> IncidentTask:
    """One more thing to do, at the end of the list. Whoever does it hears of it.

    assignee or role: a person, or whoever holds the role; neither: anybody may take it.
    Raises NotLive when the incident is over, Unfit with `fields`, CannotOwn.
    """
    incident, now = lock(incident_id), timezone.now()
    check_goes_on(incident)
    if incident.tasks.count() >= MOST:
        raise Unfit(fields={"title": [_("An incident has at most %(count)s tasks.") % {"count": MOST}]})
    words = checked_words(title, notes)
    check_doer(assignee, role)
    check_due(due_at, now)
    last = incident.tasks.aggregate(last=Max("position"))["last"] or 0
    task = IncidentTask.objects.create(
        incident=incident, position=last + 1, **words, assignee=assignee, role=role, due_at=due_at
    )
    write_task(task, "added", by=by, now=now)
    tell_doers(task, by)
    follow(task)
    return task


@transaction.atomic
def change_task(*, task_id: uuid.UUID, by: User, version: int | None = None, **changes: Any) -> IncidentTask:
    """Describe it anew, or give it to somebody else.  changes: title, notes, assignee, role, due_at; others stay.

    Raises NotLive, Unfit with `fields`, CannotOwn, Stale.
    """
    task, now = lock_task(task_id, version), timezone.now()
    check_goes_on(task.incident)
    wanted = {name: changes.get(name, getattr(task, name)) for name in ("title", "notes", "assignee", "role", "due_at")}
    wanted |= checked_words(wanted["title"], wanted["notes"])
    check_doer(wanted["assignee"], wanted["role"])
    if wanted["due_at"] != task.due_at:
        check_due(wanted["due_at"], now)
    changed = [name for name, value in wanted.items() if getattr(task, name) != value]
    if not changed:
        return task
    for name in changed:
        setattr(task, name, wanted[name])
    save_task(task, *changed)
    write_task(task, "changed", by=by, now=now, changed=changed)
    if {"assignee", "role"} & set(changed):
        tell_doers(task, by)
    follow(task)
    return task


@transaction.atomic
def take_task(*, task_id: uuid.UUID, by: User, version: int | None = None) -> IncidentTask:
    """Begin with it. Who begins does it from now on. Raises CannotMoveTask, NotLive, Stale."""
    task = lock_task(task_id, version)
    task.assignee, task.role = by, ""
    return _move(task, TaskState.DOING, "assignee", "role", by=by)


@transaction.atomic
def finish_task(*, task_id: uuid.UUID, by: User, version: int | None = None) -> IncidentTask:
    """It is done. Raises CannotMoveTask, NotLive, Stale."""
    task = lock_task(task_id, version)
    task.done_at, task.done_by = timezone.now(), by
    return _move(task, TaskState.DONE, "done_at", "done_by", by=by)


@transaction.atomic
def drop_task(*, task_id: uuid.UUID, by: Who, reason: str, version: int | None = None) -> IncidentTask:
    """It will not be done, and why. Raises CannotMoveTask, NotLive, Unfit, Stale."""
    check_reason(reason)
    task = lock_task(task_id, version)
    task.dropped_because = reason.strip()
    return _move(task, TaskState.DROPPED, "dropped_because", by=by, text=task.dropped_because)


@transaction.atomic
def reopen_task(*, task_id: uuid.UUID, by: User, version: int | None = None) -> IncidentTask:
    """It is to be done after all. Raises CannotMoveTask, NotLive, Stale."""
    task = lock_task(task_id, version)
    task.done_at, task.done_by, task.dropped_because = None, None, ""
    return _move(task, TaskState.OPEN, "done_at", "done_by", "dropped_because", by=by)


@transaction.atomic
def place_task(*, task_id: uuid.UUID, by: User, step: int, version: int | None = None) -> IncidentTask:
    """Put it one place up (step -1) or down (step 1). At the end of the list nothing happens. Raises Stale."""
    task = lock_task(task_id, version)
    check_goes_on(task.incident)
    order = list(task.incident.tasks.select_for_update().order_by("position", "created_at"))
    at = next(place for place, each in enumerate(order) if each.pk == task.pk)
    to = at + (1 if step > 0 else -1)
    if 0 <= to < len(order):
        order[at], order[to] = order[to], order[at]
        for place, each in enumerate(order, start=1):
            each.position = place
        IncidentTask.objects.bulk_update(order, ["position"])
    return task


def _move(task: IncidentTask, wanted: TaskState, *fields: str, by: Who, text: str = "") -> IncidentTask:
    check_goes_on(task.incident)
    task.check_can_become(wanted)
    task.state = wanted
    save_task(task, "state", *fields)
    write_task(task, wanted, by=by, now=timezone.now(), text=text)
    follow(task)
    return task
