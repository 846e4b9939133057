"""Major incidents: declared with a reason, led by people in roles. Who commands does not resolve."""

import uuid
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from incidents.choices import NOT_CLOSED, EventKind, RoleName
from incidents.errors import CannotOwn, HoldsAnotherRole, NotLive, NotMajor, OwnsAlready, Unfit
from incidents.models import Incident, IncidentRole
from incidents.selectors.roles import held_now
from incidents.services.audience import tell_everybody
from incidents.services.checking import check_reason
from incidents.services.moving import check_in
from incidents.services.rows import Who, lock, save, write_down
from incidents.services.task_rows import follow_role
from notify.services import tell
from people.models import User
from people.selectors import works

APART = {RoleName.COMMANDER: RoleName.DEPUTY, RoleName.DEPUTY: RoleName.COMMANDER}


@transaction.atomic
def declare_major(
    *, incident_id: uuid.UUID, by: User, reason: str, commander: User | None = None, version: int | None = None
) -> Incident:
    """It takes more than the usual: everybody who works on incidents hears of it, and roles are handed out.

    commander: who leads from now on, other than the one in charge of resolving it. Declared already, only the
    commander changes. Raises NotLive, and what `hand_over_role` raises.
    """
    check_reason(reason)
    incident, now = lock(incident_id, version), timezone.now()
    if not incident.is_live:
        raise NotLive(reference=incident.reference, now=incident.get_state_display())
    if not incident.is_major:
        incident.is_major = True
        save(incident, "is_major")
        write_down(incident, EventKind.MAJOR, verb="incident.declared_major", by=by, now=now, text=reason.strip())
        tell_everybody(incident, "incident.major", but=by, reason=reason.strip())
    if commander is not None:
        hand_over_role(incident_id=incident.pk, role=RoleName.COMMANDER, to=commander, by=by)
        incident.refresh_from_db(fields=["version"])
    return incident


@transaction.atomic
def stand_down(*, incident_id: uuid.UUID, by: User, reason: str, version: int | None = None) -> Incident:
    """The usual is enough again: all roles end. Raises NotMajor, NotFromHere once it is closed."""
    check_reason(reason)
    incident, now = lock(incident_id, version), timezone.now()
    check_in(incident, NOT_CLOSED)
    if not incident.is_major:
        raise NotMajor
    held = [role.person for role in held_now(incident)]
    end_roles(incident, by=by, now=now)
    incident.is_major = False
    save(incident, "is_major")
    values = {"is_over": True}
    text = reason.strip()
    write_down(incident, EventKind.MAJOR, verb="incident.stood_down", by=by, now=now, text=text, values=values)
    context = {"incident": incident, "reason": text}
    tell(kind="incident.stood_down", about=incident, to=[incident.owner, *held], context=context, but=[by])
    return incident


@transaction.atomic
def hand_over_role(
    *, incident_id: uuid.UUID, role: str, to: User | None, by: User, note: str = "", version: int | None = None
) -> Incident:
    """From now on this person has the role, and nobody else.  to: None leaves it empty.  note: for who takes it on.

    Who takes it on and who hands it over hear of it. The same person again changes nothing.
    Raises NotFromHere once it is closed, NotMajor, Unfit, CannotOwn, OwnsAlready for a commander who is in charge of
    resolving, HoldsAnotherRole for a commander who is the deputy.
    """
    incident, now = lock(incident_id, version), timezone.now()
    if role not in RoleName.values:
        raise Unfit(fields={"role": [_("Choose one of the roles.")]})
    check_in(incident, NOT_CLOSED)
    if not incident.is_major:
        raise NotMajor
    if to is not None:
        _check_holder(incident, RoleName(role), to)
    before = held_now(incident).filter(role=role).first()
    if (before and before.person_id) == (to and to.pk):
        return incident
    if before is not None:
        _end(before, now)
    if to is not None:
        IncidentRole.objects.create(incident=incident, role=role, person=to, since=now)
    save(incident)
    follow_role(incident, role)
    _write_role(incident, role, before.person if before else None, to, by=by, now=now, note=note)
    context = {"incident": incident, "by": by, "role": RoleName(role).label, "note": note.strip()}
    tell(kind="incident.role", about=incident, to=[to], context=context, asks=True, but=[by])
    if before is not None:
        context = {**context, "name": str(to or "")}
        tell(kind="incident.role_over", about=incident, to=[before.person], context=context, but=[by, to])
    return incident


def end_roles(incident: Incident, *, by: Who, now: datetime) -> None:
    """Nobody has a role in it any more. The incident is held by the caller."""
    for held in held_now(incident):
        _end(held, now)
        _write_role(incident, held.role, held.person, None, by=by, now=now)


def _check_holder(incident: Incident, role: RoleName, person: User) -> None:
    if not person.is_active or person.is_machine or not works(person):
        raise CannotOwn(name=str(person), fields={"to": [CannotOwn(name=str(person)).message]})
    if role == RoleName.COMMANDER and incident.owner_id == person.pk:
        raise OwnsAlready(name=str(person))
    if role in APART and held_now(incident).filter(role=APART[role], person=person).exists():
        raise HoldsAnotherRole(name=str(person))


def _end(held: IncidentRole, now: datetime) -> None:
    held.until = max(now, held.since)
    held.save(update_fields=["until"])


def _write_role(
    incident: Incident, role: str, before: User | None, after: User | None, *, by: Who, now: datetime, note: str = ""
) -> None:
    values: dict[str, Any] = {"role": role, "name": str(after or ""), "before": str(before or "")}
    if after is not None:
        values["holder"] = after.pk.hex
    text = note.strip()
    write_down(incident, EventKind.ROLE, verb="incident.role_handed_over", by=by, now=now, text=text, values=values)
