"""What becomes of tasks that are still to do when their incident ends, or is worked on elsewhere."""

from django.db.models import Max

from incidents.choices import TO_DO
from incidents.errors import TasksAreOpen
from incidents.models import Incident
from incidents.services.rows import Who
from incidents.services.task_rows import NOTES_LENGTH, follow, save_task
from incidents.services.tasks import drop_task


def open_tasks(incident: Incident) -> int:
    """How many are still to do."""
    return incident.tasks.filter(state__in=TO_DO).count()


def check_tasks(incident: Incident, *, drop_because: str, by: Who, field: str) -> None:
    """Raises TasksAreOpen unless a reason to drop those that are still to do was given; then they are dropped."""
    count = open_tasks(incident)
    if not count:
        return
    if not drop_because.strip():
        refusal = TasksAreOpen(count=count)
        raise TasksAreOpen(count=count, fields={field: [refusal.message]})
    drop_all(incident, because=drop_because, by=by)


def drop_all(incident: Incident, *, because: str, by: Who) -> None:
    """What is still to do is not needed any more."""
    for task_id in incident.tasks.filter(state__in=TO_DO).values_list("pk", flat=True):
        drop_task(task_id=task_id, by=by, reason=because[:NOTES_LENGTH])


def bring_tasks(merged: Incident, into: Incident) -> None:
    """What is still to do is done where the work goes on; what is done stays with its history."""
    last = into.tasks.aggregate(last=Max("position"))["last"] or 0
    for place, task in enumerate(merged.tasks.filter(state__in=TO_DO).order_by("position"), start=last + 1):
        task.incident, task.position, task.came_from = into, place, task.came_from or merged
        save_task(task, "incident", "position", "came_from")
        follow(task)


def take_tasks_back(merged: Incident, into: Incident) -> None:
    """What was brought along and is still to do."""
    for task in into.tasks.filter(state__in=TO_DO, came_from=merged):
        task.incident, task.came_from = merged, None
        save_task(task, "incident", "came_from")
        follow(task)
