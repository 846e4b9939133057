"""Nothing is left to do or to learn."""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from common.rounds import each_apart
from incidents.choices import TO_DO, Category, State
from incidents.errors import Unfit
from incidents.models import Incident, IncidentTask
from incidents.selectors.reviews import waiting_for_review
from incidents.services.audience import tell_moved
from incidents.services.major import end_roles
from incidents.services.moving import after_all, move
from incidents.services.needing import check_reviewed
from incidents.services.rows import Who, lock
from incidents.services.task_ends import check_tasks
from notify.services import tell
from people.models import User
from people.selectors import goes_on

BY_SWEEP = "system:sweep"
AT_ONCE = 100


@transaction.atomic
def close(
    *,
    incident_id: uuid.UUID,
    by: Who,
    category: str = "",
    drop_because: str = "",
    version: int | None = None,
    now: datetime | None = None,
) -> Incident:
    """Nothing is left to do or to learn. Roles end.

    category: of the cause; after a review it has to be known.  drop_because: why tasks that are still to do are
    dropped; without it, they stand against closing. Raises CannotMove, NeedsReview, Unfit,
    TasksAreOpen.
    """
    now = now or timezone.now()
    incident = lock(incident_id, version)
    incident.check_can_become(State.CLOSED)
    check_reviewed(incident)
    incident.category = checked_category(category) or incident.category
    if incident.state == State.IN_REVIEW and not incident.category:
        raise Unfit(fields={"category": [_("After a review it has to be known what kind of cause it had.")]})
    check_tasks(incident, drop_because=drop_because, by=by, field="drop_because")
    end_roles(incident, by=by, now=now)
    incident.closed_at = after_all(incident, now)
    values = {"category": incident.category} if isinstance(by, User) else {"by_system": True}
    move(incident, State.CLOSED, by=by, now=now, fields=["closed_at", "category"], values=values)
    tell_moved(incident)
    return incident


def close_due(*, now: datetime) -> int:
    """Close what has been resolved for so long that nobody will open it again. Several at once are harmless.

    What is reviewed or needs a review, or has tasks to do, stays open, and so does everything while the house is held.
    Returns how many were closed.
    """
    due = _due(now).values_list("pk", flat=True)[:AT_ONCE]
    return each_apart(due, lambda incident_id: _close_one(incident_id, now), what="resolved incident")


def _close_one(incident_id: uuid.UUID, now: datetime) -> int:
    incident = _due(now).select_for_update(skip_locked=True, of=["self"]).filter(pk=incident_id).first()
    if incident is None:
        return 0
    over = close(incident_id=incident.pk, by=BY_SWEEP, now=now)
    context = {"incident": over, "days": settings.INCIDENTS_CLOSED_AFTER.days}
    tell(kind="incident.closed", about=over, to=[over.owner], context=context)
    return 1


def checked_category(category: str) -> str:
    """The category, if there is one. Raises Unfit for one that does not exist."""
    if category and category not in Category.values:
        raise Unfit(fields={"category": [_("Choose one of the categories.")]})
    return category


def _due(now: datetime) -> QuerySet[Incident]:
    tasks = IncidentTask.objects.filter(incident=OuterRef("pk"), state__in=TO_DO)
    over = Incident.objects.filter(~Exists(tasks), goes_on(), ~waiting_for_review(), state=State.RESOLVED)
    return over.filter(resolved_at__lte=now - settings.INCIDENTS_CLOSED_AFTER).order_by("resolved_at")
