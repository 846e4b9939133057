"""Working on an incident: who is in charge, how bad it is, what was seen and done."""

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any, TypeVar

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from actions.services import set_restricted
from catalog.models import Service, System
from incidents.choices import LIVE, NOT_CLOSED, SCALES_OF_SEVERITY, EventKind, State
from incidents.errors import CannotMove, CannotOwn, CommandsAlready, Unfit
from incidents.models import Incident
from incidents.selectors import Matrix, key_of, severity_matrix
from incidents.selectors.roles import commands
from incidents.services.audience import team_of
from incidents.services.checking import check_reason
from incidents.services.closing import checked_category
from incidents.services.escalation import follow_severity
from incidents.services.moving import check_in
from incidents.services.reporting import check_lengths
from incidents.services.rows import lock, save, write_down
from incidents.services.times import check_order, checked_past
from incidents.times import check_expected, check_occurred
from notify.services import tell
from people.models import Team, User
from people.selectors import works

Handed = TypeVar("Handed", User, Team)

#: What people may correct, and nothing else.
DESCRIBED = (
    *("title", "public_title", "description", "place", "error_code", "steps_tried"),
    *("occurred_at", "detected_at", "expected_at", "is_restricted", "category"),
)


@transaction.atomic
def assign(
    *,
    incident_id: uuid.UUID,
    by: User,
    to: User | None = None,
    team: Team | None = None,
    note: str = "",
    version: int | None = None,
) -> Incident:
    """Hand it over: to one person, who is in charge from now on, to a team, or to both.

    to, team: None leaves it. A team alone leaves the one in charge until somebody of the team takes it over, so that
    there is always somebody.  note: what they should know; it stands on the timeline.
    The person and the team hear of it, unless it was their own doing. The same again changes nothing.
    Raises CannotOwn, CommandsAlready for the commander of a major incident, CannotMove once it is over, Stale.
    """
    incident, now = lock(incident_id, version), timezone.now()
    if incident.state not in NOT_CLOSED:
        raise CannotMove.between(incident.state, State.ACTIVE)
    to, team = _new(to, incident.owner_id), _new(team, incident.team_id)
    if to is not None:
        _check_owner(incident, to)
    if team is not None and not team.is_active:
        raise Unfit(fields={"team": [_("This team is not in use any more.")]})
    if to is None and team is None:
        return incident
    values = {"name": str(to or ""), "before": str(incident.owner or ""), "team": str(team or "")}
    if to is not None:
        incident.owner, values["owner"] = to, to.pk.hex
    incident.team = team or incident.team
    save(incident, "owner", "team")
    text = note.strip()
    write_down(incident, EventKind.ASSIGNED, verb="incident.assigned", by=by, now=now, text=text, values=values)
    _tell_handed_over(incident, to, team, by=by, note=text)
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

    One that becomes urgent is told to those who work on incidents. Raises NotFromHere once it is over, Unfit, Stale.
    """
    check_reason(reason)
    incident, now = lock(incident_id, version), timezone.now()
    check_in(incident, LIVE)
    if severity is not None and severity == incident.severity:
        return incident
    matrix = severity_matrix()
    scales = _scales(matrix, incident, severity, impact, urgency)
    after = matrix.severity_of(*scales)
    before = incident.severity
    if (incident.impact, incident.urgency) == scales and before == after:
        return incident
    incident.impact, incident.urgency = scales
    incident.severity = after
    save(incident, "impact", "urgency", "severity")
    values = {"before": before, "after": incident.severity}
    write_down(
        incident, EventKind.SEVERITY, verb="incident.severity_changed", by=by, now=now, text=reason, values=values
    )
    follow_severity(incident, before=before, by=by, now=now)
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
    check_expected(changes.get("expected_at"), known=incident.expected_at, now=now)
    for name in changed:
        setattr(incident, name, changes[name])
    if "title" in changed:
        incident.title_code, incident.title_values = "", {}
    if not incident.title.strip():
        raise Unfit(fields={"title": [_("An incident needs a title.")]})
    checked_category(incident.category)
    for name in {"occurred_at", "detected_at"} & set(changed):
        if (at := getattr(incident, name)) is not None:
            setattr(incident, name, checked_past(at, now, field=name))
            check_order(incident, name)
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


def _new(wanted: Handed | None, present: uuid.UUID | None) -> Handed | None:
    return None if wanted is None or wanted.pk == present else wanted


def _check_owner(incident: Incident, to: User) -> None:
    if not to.is_active or to.is_machine or not works(to):
        raise CannotOwn(name=str(to), fields={"to": [CannotOwn(name=str(to)).message]})
    if commands(incident, to):
        raise CommandsAlready(name=str(to))


def _tell_handed_over(incident: Incident, to: User | None, team: Team | None, *, by: User, note: str) -> None:
    context = {"incident": incident, "by": by, "note": note}
    if to is not None:
        tell(kind="incident.assigned", about=incident, to=[to], context=context, asks=True, but=[by])
    if team is not None:
        people = [person for person in team_of(incident) if person != to]
        context = {**context, "team": team}
        tell(kind="incident.to_team", about=incident, to=people, context=context, asks=True, but=[by])


def _scales(
    matrix: Matrix, incident: Incident, severity: int | None, impact: int | None, urgency: int | None
) -> tuple[int, int]:
    """(impact, urgency) as wanted. Raises Unfit for a severity or a scale that does not exist."""
    if severity is not None:
        if severity not in SCALES_OF_SEVERITY:
            raise Unfit(fields={"severity": [_("Choose a severity from 1 to 4.")]})
        if severity == matrix.severity_of(incident.impact, incident.urgency):
            return incident.impact, incident.urgency
        scales = matrix.scales_of(severity)
        if scales is None:
            raise Unfit(fields={"severity": [_("No impact and urgency have this severity in your organisation.")]})
        return scales
    wanted = (incident.impact if impact is None else impact, incident.urgency if urgency is None else urgency)
    if wanted not in matrix.cells:
        raise Unfit(fields={"impact": [_("Choose high, medium or low.")]})
    return wanted
