"""Two reports of one thing become one incident, and are taken apart again."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.errors import Stale
from incidents.choices import CallReason, EventKind, State
from incidents.errors import CannotMerge, NotMerged
from incidents.models import Incident
from incidents.services.audience import stop_telling, tell_moved, tell_reporters, tell_workers
from incidents.services.causes import lock_causes
from incidents.services.checking import check_reason
from incidents.services.escalation import call_or_tell, end_escalation, follow_severity
from incidents.services.major import end_roles
from incidents.services.moving import move
from incidents.services.reopening import check_alone
from incidents.services.rows import lock, save, write_down
from incidents.services.task_ends import bring_tasks, take_tasks_back
from notify.services import tell
from people.models import User

EXERCISE = "exercise:"


@transaction.atomic
def merge(
    *, incident_id: uuid.UUID, into_id: uuid.UUID, by: User, reason: str = "", version: int | None = None
) -> Incident:
    """Work on both in one place: `into` takes the other in. Returns the one that goes on.

    What is affected, the severity if it is worse, and the tasks that are still open go along, since the work is done
    there. Where nobody has that in hand yet, people are called about it as about any that became worse. Those who
    reported or joined the one that is taken in are kept posted by the other, under their own title.
    Its failed rungs stay with it, and what is proven or fails again for its cause counts for the one that goes on.
    What it had taken in itself goes along, so that no chain arises.
    Raises CannotMove, CannotMerge with the reason, or Stale.
    """
    merged, into = _locked(incident_id, into_id, version)
    now = timezone.now()
    _check(merged, into)
    along = list(merged.merged.select_for_update().order_by("pk"))
    before, merged.merged_into = merged.state, into
    values = {"what": into.reference, "along": [each.pk.hex for each in along]}
    end_roles(merged, by=by, now=now)
    move(merged, State.MERGED, by=by, now=now, text=reason, fields=["merged_into"], values=values, is_public=True)
    for each in along:
        _lead_on(each, into, by, now)
    severity = into.severity
    _take_over(into, merged)
    bring_tasks(merged, into)
    write_down(
        into,
        EventKind.MERGED,
        verb="incident.took_in",
        by=by,
        now=now,
        text=reason.strip(),
        values={"what": merged.reference, "incident": merged.pk.hex, "state": before},
        url=merged.get_absolute_url(),
    )
    follow_severity(into, before=severity, by=by, now=now)
    stop_telling(merged, now)
    tell_moved(merged)
    tell_reporters(merged, "report.merged", but=by)
    context = {"incident": into, "merged": merged, "by": by}
    tell(kind="incident.merged", about=into, to=[merged.owner, into.owner], context=context, but=[by])
    return into


@transaction.atomic
def unmerge(*, incident_id: uuid.UUID, by: User, reason: str, version: int | None = None) -> Incident:
    """They are two things after all: it goes on by itself, from where it stood.

    Tasks that it brought along and that are still open come back, and so does what it had taken in before. What else
    the other one was given stays there. Raises NotMerged, AnotherIsLive when its cause has another live incident by
    now, or Stale.
    """
    check_reason(reason)
    check_alone(incident_id)
    now = timezone.now()
    into_id = Incident.objects.values_list("merged_into", flat=True).get(pk=incident_id)
    rows = {
        pk: lock(pk, version if pk == incident_id else None) for pk in sorted({incident_id, into_id or incident_id})
    }
    merged, into = rows[incident_id], rows[into_id] if into_id else None
    if into is None or merged.state != State.MERGED:
        raise NotMerged(reference=merged.reference)
    if merged.merged_into_id != into.pk:
        raise Stale
    entry = merged.events.filter(kind=EventKind.MOVED, values__to=State.MERGED).first()
    known = entry.values if entry else {}
    merged.state, merged.merged_into = known.get("from", State.TRIAGE), None
    save(merged, "state", "merged_into")
    values = {"from": State.MERGED, "to": merged.state, "what": into.reference}
    verb, text = "incident.unmerged", reason.strip()
    write_down(merged, EventKind.MOVED, verb=verb, by=by, now=now, text=text, values=values, is_public=True)
    end_escalation(merged, now=now)
    for each in into.merged.select_for_update().filter(pk__in=known.get("along", [])).order_by("pk"):
        _lead_on(each, merged, by, now)
    take_tasks_back(merged, into)
    values = {"what": merged.reference, "incident": merged.pk.hex}
    url = merged.get_absolute_url()
    write_down(into, EventKind.UNMERGED, verb="incident.let_go", by=by, now=now, text=text, values=values, url=url)
    if merged.state == State.TRIAGE:
        call_or_tell(merged, "incident.reopened", reason=CallReason.REOPENED, now=now, by=by)
    else:
        tell_workers(merged, "incident.reopened", but=by)
    tell_reporters(merged, "report.unmerged", but=by)
    return merged


def _locked(incident_id: uuid.UUID, into_id: uuid.UUID, version: int | None) -> tuple[Incident, Incident]:
    """Both, held in one order, after the causes of all that is moved. Raises Stale when more came in meanwhile."""
    if incident_id == into_id:
        raise CannotMerge(why=_("An incident cannot be merged into itself."))
    keys = _keys(incident_id, into_id)
    lock_causes(*keys)
    rows = {pk: lock(pk, version if pk == incident_id else None) for pk in sorted([incident_id, into_id])}
    if not _keys(incident_id, into_id) <= keys:
        raise Stale
    return rows[incident_id], rows[into_id]


def _keys(*ids: uuid.UUID) -> set[str]:
    own = Incident.objects.filter(pk__in=ids).exclude(cause_key="").values_list("cause_key", flat=True)
    along = Incident.objects.filter(merged_into__in=ids).exclude(cause_key="").values_list("cause_key", flat=True)
    return {*own, *along}


def _check(merged: Incident, into: Incident) -> None:
    merged.check_can_become(State.MERGED)
    for why in _against(merged, into):
        raise CannotMerge(why=why)


def _against(merged: Incident, into: Incident) -> Iterable[str]:
    """What stands against it, the first of which is said."""
    if not into.is_live:
        yield _("%(reference)s is “%(state)s”, and only what is still worked on can take another in.") % {
            "reference": into.reference,
            "state": into.get_state_display(),
        }
    if merged.is_restricted != into.is_restricted:
        yield _("One of them is restricted and the other is not, so people would read what they may not.")
    if merged.cause_key.startswith(EXERCISE) != into.cause_key.startswith(EXERCISE):
        yield _("One of them is an exercise and the other is not.")
    if merged.is_major and not into.is_major:
        yield _("%(reference)s is a major incident: merge the other one into it instead.") % {
            "reference": merged.reference
        }


def _lead_on(incident: Incident, into: Incident, by: User, now: datetime) -> None:
    incident.merged_into = into
    save(incident, "merged_into")
    values = {"changed": ["merged_into"]}
    write_down(incident, EventKind.CHANGED, verb="incident.led_on", by=by, now=now, values=values)


def _take_over(into: Incident, merged: Incident) -> None:
    into.services.add(*merged.services.all())
    into.systems.add(*merged.systems.all())
    if merged.severity < into.severity:
        into.impact, into.urgency, into.severity = merged.impact, merged.urgency, merged.severity
    save(into, "impact", "urgency", "severity")
