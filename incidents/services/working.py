"""Working on an incident: who is in charge, how bad it is, what was seen and done."""

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from actions.services import set_restricted
from catalog.models import Service, System
from incidents.choices import SCALES_OF_SEVERITY, SEVERITY, EventKind
from incidents.errors import CannotOwn, Unfit
from incidents.models import Incident
from incidents.selectors import key_of
from incidents.services.audience import tell_channels_only, tell_workers
from incidents.services.escalation import follow_severity
from incidents.services.moves import check_reason
from incidents.services.reporting import check_lengths
from incidents.services.rows import lock, save, write_down
from incidents.times import check_occurred
from notify.services import tell
from people.models import User
from people.selectors import works

#: What people may correct, and nothing else.
DESCRIBED = (
    *("title", "public_title", "description", "place", "error_code", "steps_tried"),
    *("occurred_at", "expected_at", "is_restricted"),
)


@transaction.atomic
def assign(*, incident_id: uuid.UUID, to: User, by: User, version: int | None = None) -> Incident:
    """Put one person in charge. That person hears of it, unless it was their own doing."""
    incident, now = lock(incident_id, version), timezone.now()
    if not to.is_active or to.is_machine or not works(to):
        raise CannotOwn(name=str(to), fields={"owner": [CannotOwn(name=str(to)).message]})
    if incident.owner_id == to.pk:
        return incident
    before, incident.owner = incident.owner, to
    save(incident, "owner")
    values = {"name": str(to), "before": str(before or ""), "owner": to.pk.hex}
    write_down(incident, EventKind.ASSIGNED, verb="incident.assigned", by=by, now=now, values=values)
    if to != by:
        context = {"incident": incident, "by": by}
        tell(kind="incident.assigned", about=incident, to=[to], context=context, asks=True, but=[by])
    return incident


@transaction.atomic
def change_severity(
    *,
    incident_id: uuid.UUID,
    by: User,
    reason: str,
    severity: int | None = None,
    impact: int | None = None,
    urgency: int | None = None,
    version: int | None = None,
) -> Incident:
    """Judge it anew, by severity or by impact and urgency, which give the severity.

    One that becomes urgent is told to those who work on incidents.
    """
    check_reason(reason)
    incident, now = lock(incident_id, version), timezone.now()
    scales = _scales(incident, severity, impact, urgency)
    before, was_urgent = incident.severity, incident.is_urgent
    if (incident.impact, incident.urgency) == scales and before == SEVERITY[scales]:
        return incident
    incident.impact, incident.urgency = scales
    incident.severity = SEVERITY[scales]
    save(incident, "impact", "urgency", "severity")
    values = {"before": before, "after": incident.severity}
    write_down(
        incident, EventKind.SEVERITY, verb="incident.severity_changed", by=by, now=now, text=reason, values=values
    )
    is_called = follow_severity(incident, before=before, by=by, now=now)
    if incident.is_urgent and not was_urgent:
        if is_called:
            tell_channels_only(incident, "incident.urgent")
        else:
            tell_workers(incident, "incident.urgent", but=by)
    return incident


@transaction.atomic
def note(*, incident_id: uuid.UUID, by: User, text: str, now: datetime | None = None) -> Incident:
    """Write down what was seen, decided or done. Only those who work on it read it."""
    if not text.strip():
        raise Unfit(fields={"text": [_("Write what was seen, decided or done.")]})
    incident = lock(incident_id)
    write_down(incident, EventKind.NOTE, verb="incident.noted", by=by, now=now or timezone.now(), text=text.strip())
    return incident


@transaction.atomic
def describe(
    *,
    incident_id: uuid.UUID,
    by: User,
    changes: dict[str, Any],
    services: Iterable[Service] | None = None,
    systems: Iterable[System] | None = None,
    version: int | None = None,
) -> Incident:
    """Correct what is known about it.

    changes: {one of DESCRIBED: value}.  services, systems: what is affected, whole; None leaves it.
    The ledger keeps which columns changed, not the words.
    """
    incident, now = lock(incident_id, version), timezone.now()
    check_lengths({name: text for name, text in changes.items() if isinstance(text, str)})
    check_occurred(changes.get("occurred_at"), now=incident.reported_at)
    changed = [name for name in DESCRIBED if name in changes and getattr(incident, name) != changes[name]]
    for name in changed:
        setattr(incident, name, changes[name])
    if "title" in changed:
        incident.title_code, incident.title_values = "", {}
    if not incident.title.strip():
        raise Unfit(fields={"title": [_("An incident needs a title.")]})
    affected = {}
    for name, wanted in (("services", services), ("systems", systems)):
        before = set(getattr(incident, name).all()) if wanted is not None else set()
        if wanted is not None and set(wanted) != before:
            getattr(incident, name).set(wanted)
            changed.append(name)
            affected[name] = {"from": _ids(before), "to": _ids(wanted)}
    if not changed:
        return incident
    if "is_restricted" in changed:
        set_restricted(source_key=key_of(incident), is_restricted=incident.is_restricted, by=by)
    save(incident, *(name for name in changed if name in DESCRIBED), "title_code", "title_values")
    write_down(
        incident,
        EventKind.CHANGED,
        verb="incident.changed",
        by=by,
        now=now,
        values={"changed": sorted(changed)},
        affected=affected,
    )
    return incident


def _ids(rows: Iterable[Service | System]) -> list[str]:
    return sorted(str(row.pk) for row in rows)


def _scales(incident: Incident, severity: int | None, impact: int | None, urgency: int | None) -> tuple[int, int]:
    """(impact, urgency) as wanted. Raises Unfit for a severity or a scale that does not exist."""
    if severity is not None:
        if severity not in SCALES_OF_SEVERITY:
            raise Unfit(fields={"severity": [_("Choose a severity from 1 to 4.")]})
        if severity == incident.severity:
            return incident.impact, incident.urgency
        return SCALES_OF_SEVERITY[severity]
    wanted = (incident.impact if impact is None else impact, incident.urgency if urgency is None else urgency)
    if wanted not in SEVERITY:
        raise Unfit(fields={"impact": [_("Choose high, medium or low.")]})
    return wanted
