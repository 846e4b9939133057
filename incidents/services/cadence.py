"""The next update: who writes it is reminded before it is due, and people are not left waiting in silence."""

import uuid
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from common.versions import check_version, raise_version
from incidents.choices import EventKind
from incidents.errors import AlreadyPutOff, NothingDue, Unfit
from incidents.models import Cadence, Incident, TimelineEvent, UpdateReminder
from incidents.selectors.telling import TOLD_IN, cadences, next_update_due, promised_update, writers_of
from incidents.services.audience import tell_workers, urgency_of
from incidents.services.moves import check_reason
from incidents.services.rows import Who, lock, write_down
from incidents.telling_choices import UPDATE_EVENTS
from ledger.services import record
from notify.ladders import quiet_until
from notify.services import tell
from people.models import User
from people.selectors import working_hours, zone_of

#: A sixth of the time before it is due, when it is due, and once more when as much time has passed again.
RUNGS = (-1 / 6, 0.0, 1.0)
#: In one round; the next comes after ten seconds.
MOST = 200


@transaction.atomic
def set_cadence(*, severity: int, interval: timedelta | None, by: Who, version: int | None = None) -> Cadence:
    """How long the next update of an incident of this severity may take. None: none is asked for."""
    row, _is_new = Cadence.objects.select_for_update().get_or_create(severity=severity)
    check_version(row, version)
    before, row.interval = row.interval, interval
    raise_version(row).save(update_fields=["interval", "version"])
    data = {"severity": severity, "before": str(before or ""), "after": str(interval or "")}
    record(verb="cadence.set", subject=row, actor=by, data=data)
    return row


@transaction.atomic
def put_off_update(*, incident_id: uuid.UUID, by: User, reason: str, until: datetime) -> UpdateReminder:
    """Nobody is reminded until then, once for each update. The clock goes on.

    Raises NothingDue, AlreadyPutOff or Unfit.
    """
    check_reason(reason)
    incident, now = lock(incident_id), timezone.now()
    due, interval = next_update_due(incident), cadences()[incident.severity]
    if due is None or interval is None or promised_update(incident, now):
        raise NothingDue
    if not now < until <= max(now, due) + interval:
        raise Unfit(fields={"until": [_("Choose a time to come, and at most one more interval away.")]})
    row = _row(incident, due)
    if row.snoozed_until is not None:
        raise AlreadyPutOff
    row.snoozed_until, row.snoozed_by, row.snooze_reason = until, by, reason.strip()
    row.save(update_fields=["snoozed_until", "snoozed_by", "snooze_reason"])
    values = {"until_at": until.isoformat()}
    text = _("The next update was put off: %(reason)s") % {"reason": reason.strip()}
    write_down(incident, EventKind.NOTE, verb="incident.update_put_off", by=by, now=now, text=text, values=values)
    return row


def remind_of_updates(*, now: datetime) -> int:
    """Remind of every update that is due or will soon be, each rung once. Safe to call at any time. How many."""
    wanted = {severity: interval for severity, interval in cadences().items() if interval}
    if not wanted:
        return 0
    return sum(_remind(pk, now) for pk in _candidates(wanted, now))


def _candidates(wanted: dict[int, timedelta], now: datetime) -> list[uuid.UUID]:
    """Incidents for which a rung that was not said yet may have passed."""
    events = TimelineEvent.objects.filter(incident=OuterRef("pk"), kind__in=UPDATE_EVENTS).order_by("-at")
    told = Subquery(events.values("at")[:1])
    rows = Incident.objects.filter(state__in=TOLD_IN, severity__in=wanted, acknowledged_at__isnull=False)
    early = Q(pk__in=[])
    for severity, interval in wanted.items():
        early |= Q(severity=severity, last__lte=now - interval * (1 + RUNGS[0]))
    rows = rows.annotate(last=Coalesce(told, F("acknowledged_at"))).filter(early)
    quiet = Q(update_reminder__due_at__gt=F("last"), update_reminder__said_count__gte=len(RUNGS))
    return list(rows.exclude(quiet).order_by("severity", "last").values_list("pk", flat=True)[:MOST])


@transaction.atomic
def _remind(pk: uuid.UUID, now: datetime) -> int:
    """Say the newest rung that has passed. What was missed meanwhile is not made up for."""
    incident = Incident.objects.select_for_update(of=["self"], skip_locked=True).filter(pk=pk).first()
    due = next_update_due(incident) if incident else None
    if incident is None or due is None or promised_update(incident, now):
        return 0
    interval, row = cadences()[incident.severity] or timedelta(0), _row(incident, due)
    passed = sum(due + interval * rung <= now for rung in RUNGS)
    if passed <= row.said_count or (row.snoozed_until and row.snoozed_until > now):
        return 0
    people = writers_of(incident)
    if not incident.is_urgent and quiet_until(now, working_hours(zone_of(people[0] if people else None))):
        return 0  # it waits for the morning, as all do that may
    row.said_count = passed
    row.save(update_fields=["said_count"])
    context = {"incident": incident, "due_at": due, "is_late": due <= now}
    key = f"update-due:{incident.pk}:{due.isoformat()}:{passed}"
    if people:
        tell(
            kind="incident.update_due",
            about=incident,
            to=people,
            context=context,
            urgency=urgency_of(incident),
            asks=True,
            dedupe_key=key,
        )
    else:
        tell_workers(incident, "incident.update_due", due_at=due, is_late=due <= now)
    return 1


def _row(incident: Incident, due: datetime) -> UpdateReminder:
    """What was said about this one; of another due moment nothing was."""
    row, _is_new = UpdateReminder.objects.select_for_update().get_or_create(incident=incident, defaults={"due_at": due})
    if row.due_at != due:
        row.due_at, row.said_count, row.snoozed_until, row.snoozed_by, row.snooze_reason = due, 0, None, None, ""
        row.save()
    return row
