"""What failed opens an incident, comes back in one, or fails again in one."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from incidents import rungs
from incidents.choices import LIVE, EventKind, Source, State
from incidents.models import Incident
from incidents.selectors.matrix import severity_matrix
from incidents.services.causes.finding import Cause, at_work, lock_causes
from incidents.services.causes.saying import name, tell_cause, write
from incidents.services.reporting import new_token
from incidents.services.rows import save

#: What comes back within this time after the system resolved it is the same incident.
COMES_BACK_WITHIN = timedelta(days=7)
NAMED = ("title", "title_code", "title_values")
JUDGED = ("impact", "urgency", "severity")


@transaction.atomic
def open_for_cause(*, cause: Cause, now: datetime) -> Incident:
    """The live incident of the cause: the one there is, the one that comes back, or a new one.

    Any number at the same moment end with one live incident that carries every failed rung.
    """
    lock_causes(cause.key)
    found = next(iter(at_work(cause.key)), None)
    if found is not None:
        _fail_again(found.incident, cause, now, holder=found.holder)
        return found.incident
    last = Incident.objects.select_for_update().filter(cause_key=cause.key).order_by("-number").first()
    if last is not None and _is_same(last, now):
        _come_back(last, cause, now)
        return last
    return _open(cause, last and (last.merged_into or last), now)


def _is_same(last: Incident, now: datetime) -> bool:
    return (
        last.state == State.RESOLVED
        and last.is_resolved_by_system
        and last.resolved_at is not None
        and now - last.resolved_at <= COMES_BACK_WITHIN
    )


def _open(cause: Cause, previous: Incident | None, now: datetime) -> Incident:
    impact, urgency = cause.scales
    new = Incident(
        impact=impact,
        urgency=urgency,
        severity=severity_matrix().severity_of(impact, urgency),
        source=Source.ALERT,
        occurred_at=now,
        detected_at=now,
        reported_at=now,
        cause_key=cause.key,
        cause_url=cause.url,
        failed_rungs=_rungs_of(cause),
        previous=previous,
        tracking_token=new_token(),
    )
    name(new, cause)
    # A second live one of the cause can not be stored: whoever comes second joins the first.
    Incident.objects.bulk_create([new], ignore_conflicts=True)
    incident = Incident.objects.select_for_update().get(cause_key=cause.key, state__in=LIVE)
    if incident.pk != new.pk:
        _fail_again(incident, cause, now)
        return incident
    _attach(incident, cause)
    write(incident, EventKind.OPENED, "incident.opened", cause, now)
    tell_cause(incident, "incident.opened", cause, now)
    return incident


def _come_back(incident: Incident, cause: Cause, now: datetime) -> None:
    incident.state, incident.resolved_at, incident.is_resolved_by_system = State.TRIAGE, None, False
    incident.cause_url, incident.failed_rungs = cause.url, _rungs_of(cause)
    name(incident, cause)
    _raise_severity(incident, cause)
    ended = ("state", "resolved_at", "is_resolved_by_system")
    save(incident, *ended, "cause_url", "failed_rungs", *NAMED, *JUDGED)
    _attach(incident, cause)
    values = {"from": State.RESOLVED, "to": State.TRIAGE, "by_system": True}
    write(incident, EventKind.MOVED, "incident.reopened", cause, now, values)
    tell_cause(incident, "incident.came_back", cause, now)


def _fail_again(incident: Incident, cause: Cause, now: datetime, holder: Incident | None = None) -> None:
    """Only what is new is told: another rung, or worse than before. The rest stands on the timeline.

    The title goes on to say what happened first.  holder: of the rungs, where it was merged into the incident.
    """
    holder = holder or incident
    failed = rungs.read(holder.failed_rungs)
    if cause.failed is None:
        is_new = not _is_known(incident, cause)
        if not is_new:
            return
    else:
        is_new = (cause.failed.policy, cause.failed.height) not in {(rung.policy, rung.height) for rung in failed}
        holder.failed_rungs = [rung.as_json() for rung in rungs.add(failed, cause.failed)]
    holder.cause_url = cause.url
    if holder.pk != incident.pk:
        save(holder, "failed_rungs", "cause_url")
    is_worse = incident.state == State.TRIAGE and _raise_severity(incident, cause)
    save(incident, "failed_rungs", "cause_url", *JUDGED)
    _attach(incident, cause)
    write(incident, EventKind.FAILED_AGAIN, "incident.failed_again", cause, now)
    if is_worse or is_new:
        tell_cause(incident, "incident.failed_again", cause, now)


def _is_known(incident: Incident, cause: Cause) -> bool:
    """Whether exactly this stands on the timeline."""
    said = {"code": cause.title_code, **cause.values}
    return incident.events.filter(kind__in=[EventKind.OPENED, EventKind.FAILED_AGAIN], values__contains=said).exists()


def _rungs_of(cause: Cause) -> list[dict[str, Any]]:
    return [cause.failed.as_json()] if cause.failed else []


def _raise_severity(incident: Incident, cause: Cause) -> bool:
    """An error that turns out to be a failure is worse. What a person judged is never lowered."""
    severity = severity_matrix().severity_of(*cause.scales)
    if severity >= incident.severity:
        return False
    incident.impact, incident.urgency = cause.scales
    incident.severity = severity
    return True


def _attach(incident: Incident, cause: Cause) -> None:
    incident.systems.add(*cause.systems)
    incident.services.add(*cause.services)
