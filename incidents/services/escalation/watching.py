"""What somebody took over and then forgot comes back: first to whoever is in charge, then to everybody in turn."""

from datetime import datetime
from uuid import UUID

from django.db.models import Max, QuerySet

from common.rounds import each_apart
from incidents.choices import CallReason, EventKind, State, WatchStage
from incidents.models import EscalationRun, Incident, SilenceWatch
from incidents.services.escalation.beginning import begin_escalation
from incidents.services.escalation.choosing import patience_for, speaks_from
from incidents.services.escalation.ending import REMINDED
from incidents.services.escalation.taking import AT_ONCE, BY, STALE_AFTER, signs_of_life
from incidents.services.rows import write_down
from notify.choices import Urgency
from notify.services import tell
from people.models import Patience
from people.selectors import goes_on


def watch_silence(*, now: datetime) -> int:
    """Look at what is due to be looked at. Several at once are harmless. Returns how many were reminded or called."""
    due = _due(now).order_by("due_at").values_list("pk", flat=True)[:AT_ONCE]
    return each_apart(due, lambda pk: _look_at(pk, now), what="watch over a silent incident")


def _due(now: datetime) -> QuerySet[SilenceWatch]:
    return SilenceWatch.objects.filter(goes_on(), due_at__lte=now)


def _look_at(pk: UUID, now: datetime) -> int:
    locked = Incident.objects.select_for_update(skip_locked=True, of=["self"])
    incident = locked.filter(watch=pk).select_related("owner").first()
    watch = _due(now).select_for_update(skip_locked=True).filter(pk=pk).first() if incident else None
    if incident is None or watch is None:
        return 0
    patience = patience_for(incident)
    if incident.state != State.ACTIVE or patience is None:
        watch.delete()
        return 0
    heard_at = _heard_at(incident)
    due_at = heard_at + patience.remind_after
    is_stale = now - max(due_at, watch.due_at) > STALE_AFTER
    if not is_stale and (speaks_at := speaks_from(incident, now)) > now:
        watch.due_at = speaks_at  # no reminders at midnight of what calls nobody at midnight
        watch.save(update_fields=["due_at"])
        return 0
    is_heard = watch.reminded_at is not None and heard_at > watch.reminded_at
    if watch.stage == WatchStage.AGAIN and not is_heard:
        return _again(watch, incident, patience, now)
    if due_at > now or EscalationRun.objects.filter(incident=incident, ended_at=None).exists():
        _look_later(watch, max(due_at, now + patience.remind_after) if due_at <= now else due_at)
        return 0
    if is_stale:
        watch.delete()  # silent for so long that nobody expects a call about it any more
        return 0
    return _remind(watch, incident, patience, now)


def _remind(watch: SilenceWatch, incident: Incident, patience: Patience, now: datetime) -> int:
    """Whoever is in charge, by every way of contact."""
    watch.stage, watch.reminded_at, watch.due_at = WatchStage.AGAIN, now, now + patience.again_after
    watch.save(update_fields=["stage", "reminded_at", "due_at"])
    values = {"said": "reminded", "name": str(incident.owner or "")}
    write_down(incident, EventKind.ESCALATED, verb="incident.owner_reminded", by=BY, now=now, values=values)
    context = {"incident": incident, "again_at": watch.due_at}
    tell(
        kind=REMINDED,
        about=incident,
        to=[incident.owner],
        context=context,
        urgency=Urgency.URGENT,
        asks=True,
        dedupe_key=f"{REMINDED}:{watch.pk}:{now.isoformat()}",
    )
    return 1


def _again(watch: SilenceWatch, incident: Incident, patience: Patience, now: datetime) -> int:
    """Nobody seems to be on it: the calls begin again from the first step."""
    is_stale = now - watch.due_at > STALE_AFTER
    _look_later(watch, now + patience.remind_after)
    if is_stale or not patience.policy.steps.exists():
        return 0
    values = {"said": "again", "name": str(incident.owner or "")}
    write_down(incident, EventKind.ESCALATED, verb="incident.called_again", by=BY, now=now, values=values)
    return int(begin_escalation(incident, reason=CallReason.FORGOTTEN, now=now) is not None)


def _look_later(watch: SilenceWatch, due_at: datetime) -> None:
    watch.stage, watch.due_at, watch.reminded_at = WatchStage.REMIND, due_at, None
    watch.save(update_fields=["stage", "due_at", "reminded_at"])


def _heard_at(incident: Incident) -> datetime:
    """When a person last did something about it."""
    newest = signs_of_life(incident).aggregate(newest=Max("at"))["newest"]
    return max(newest or incident.reported_at, incident.acknowledged_at or incident.reported_at)
