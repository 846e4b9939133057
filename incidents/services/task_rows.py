"""What every change of a task does: check, lock, write down, tell, remind."""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from common.text import safe_line, safe_text
from common.versions import check_version, raise_version
from incidents.choices import TO_DO, EventKind, RoleName, State
from incidents.errors import CannotOwn, NotLive, Unfit
from incidents.models import Incident, IncidentTask
from incidents.selectors.roles import held_now
from incidents.services.rows import Who, lock, write_down
from notify.choices import Audience
from notify.ladders import Rung
from notify.services import cancel_reminders, remind, tell
from people.models import User
from people.selectors import works

DUE = "incident.task_due"
#: A day before, on the day, and a day after; from the third on the manager hears of it too.
LADDER = (Rung(-1), Rung(0), Rung(1), Rung(3, Audience.MANAGER))
TITLE_LENGTH, NOTES_LENGTH = 160, 4000
#: Here nothing is done any more.
OVER = (State.CLOSED, State.CANCELLED, State.MERGED)
#: What is due later is an action, not a task.
LONGEST = timedelta(days=366)


def follow(task: IncidentTask) -> None:
    """Remind whoever does it as long as it is to do and has a time. Safe to call again."""
    people = doers(task)
    if task.is_to_do and task.due_at is not None and people:
        remind(subject=task, kind=DUE, due_at=task.due_at, to=people, ladder=LADDER)
    else:
        cancel_reminders(subject=task, kind=DUE)


def follow_role(incident: Incident, role: str) -> None:
    """Somebody else holds the role: what waits for the role waits for that person."""
    for task in incident.tasks.filter(role=role, state__in=TO_DO):
        follow(task)


def doers(task: IncidentTask) -> list[User]:
    """Who does it: the person, or whoever holds the role; else the one in charge of the incident."""
    if task.assignee is not None:
        return [task.assignee]
    holder = held_now(task.incident).filter(role=task.role).first() if task.role else None
    found = holder.person if holder else task.incident.owner
    return [found] if found else []


def lock_task(task_id: uuid.UUID, version: int | None) -> IncidentTask:
    """The task, held after its incident, as everywhere."""
    incident_id = IncidentTask.objects.values_list("incident", flat=True).get(pk=task_id)
    incident = lock(incident_id)
    task = IncidentTask.objects.select_for_update(of=["self"]).select_related("assignee").get(pk=task_id)
    check_version(task, version)
    if task.incident_id == incident.pk:
        task.incident = incident
    return task


def save_task(task: IncidentTask, *fields: str) -> None:
    """Write these columns, and raise the version."""
    raise_version(task).save(update_fields=[*fields, "version"])


def write_task(
    task: IncidentTask, what: str, *, by: Who, now: datetime, text: str = "", changed: Iterable[str] = ()
) -> None:
    """One entry of the timeline of its incident, and one of the ledger."""
    values: dict[str, Any] = {"what": task.title, "task": task.pk.hex, "how": what, "name": str(task.assignee or "")}
    if changed:
        values["changed"] = sorted(changed)
    verb = f"incident.task_{what}"
    write_down(task.incident, EventKind.TASK, verb=verb, by=by, now=now, text=text, values=values)


def tell_doers(task: IncidentTask, by: User) -> None:
    """Whoever does it from now on hears of it."""
    people = doers(task) if task.assignee or task.role else []
    context = {"incident": task.incident, "task": task, "by": by}
    tell(kind="incident.task", about=task, to=people, context=context, asks=True, but=[by])


def check_goes_on(incident: Incident) -> None:
    """Raises NotLive."""
    if incident.state in OVER:
        raise NotLive(reference=incident.reference, now=incident.get_state_display())


def check_doer(assignee: User | None, role: str) -> None:
    """Raises Unfit or CannotOwn."""
    if assignee is not None and role:
        raise Unfit(fields={"role": [_("Choose a person or a role, not both.")]})
    if role and role not in RoleName.values:
        raise Unfit(fields={"role": [_("Choose one of the roles.")]})
    if assignee is not None and (not assignee.is_active or assignee.is_machine or not works(assignee)):
        raise CannotOwn(name=str(assignee), fields={"assignee": [CannotOwn(name=str(assignee)).message]})


def check_due(due_at: datetime | None, now: datetime) -> None:
    """Raises Unfit for a time that is no task's."""
    if due_at is not None and not now - LONGEST < due_at < now + LONGEST:
        raise Unfit(fields={"due_at": [_("Give a time within a year.")]})


def checked_words(title: str, notes: str) -> dict[str, str]:
    """As they are kept. Raises Unfit with `fields`."""
    words, fields = {"title": title.strip(), "notes": notes.strip()}, {}
    if not words["title"]:
        fields["title"] = [_("Say in a few words what is to be done.")]
    for name, length, check in (("title", TITLE_LENGTH, safe_line), ("notes", NOTES_LENGTH, safe_text)):
        if len(words[name]) > length:
            fields[name] = [_("At most %(length)s characters.") % {"length": length}]
        try:
            check(words[name])
        except ValidationError as error:
            fields[name] = list(error.messages)
    if fields:
        raise Unfit(fields=fields)
    return words
