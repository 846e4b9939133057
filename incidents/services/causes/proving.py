"""What passes again takes its failed rungs off, and ends the incident with the last of them."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from incidents import rungs
from incidents.choices import EventKind, State
from incidents.models import Incident
from incidents.rungs import Rung
from incidents.services.audience import stop_telling, tell_reporters, tell_workers, told_workers
from incidents.services.causes.finding import BY, at_work, lock_causes
from incidents.services.escalation import end_escalation
from incidents.services.moving import after_all
from incidents.services.rows import save, write_down
from notify.services import tell


@transaction.atomic
def prove_again(*, keys: Iterable[str], held: Rung, run: Mapping[str, Any], now: datetime) -> None:
    """A pass: take the rungs it clears off the live incidents of these causes, and end those with none left.

    run: {"run": its reference, "url": its page}. Nobody took it over: the system resolves it.
    Somebody did: it stands on the timeline, and the owner is asked.
    """
    keys = sorted(keys)
    lock_causes(*keys)
    for key in keys:
        for found in at_work(key):
            _prove(found.incident, held, run, now, holder=found.holder)


def _prove(incident: Incident, held: Rung, run: Mapping[str, Any], now: datetime, *, holder: Incident) -> None:
    before = rungs.read(holder.failed_rungs)
    after = rungs.clear(before, held)
    if len(after) == len(before):
        return
    holder.failed_rungs = [rung.as_json() for rung in after]
    save(holder, "failed_rungs")
    cleared = max((rung for rung in before if rung not in after), key=lambda rung: rung.height)
    values = {"run": run["run"], "rung": {"kind": cleared.kind, "level": cleared.level}, "left": len(after)}
    url = run["url"]
    write_down(incident, EventKind.PROVEN_AGAIN, verb="incident.proven_again", by=BY, now=now, values=values, url=url)
    if _has_failed_rungs(incident):
        return
    if incident.state != State.TRIAGE:
        context = {"incident": incident, "run": run["run"]}
        tell(kind="incident.proven_again", about=incident, to=[incident.owner], context=context, asks=True)
    elif incident.cause_key:
        _end(incident, run, now)
    else:  # what a person reported, only a person ends
        tell_workers(incident, "incident.proven_again", run=run["run"])


def _has_failed_rungs(incident: Incident) -> bool:
    """Its own, or of what was merged into it."""
    own = Q(pk=incident.pk) | Q(merged_into=incident.pk)
    return Incident.objects.filter(own).exclude(failed_rungs=[]).exists()


def _end(incident: Incident, run: Mapping[str, Any], now: datetime) -> None:
    incident.resolved_at = after_all(incident, now)
    incident.state, incident.is_resolved_by_system = State.RESOLVED, True
    save(incident, "state", "resolved_at", "is_resolved_by_system")
    values = {"from": State.TRIAGE, "to": State.RESOLVED, "by_system": True, "run": run["run"]}
    write_down(
        incident,
        EventKind.MOVED,
        verb="incident.resolved",
        by=BY,
        now=now,
        values=values,
        url=run["url"],
        is_public=True,
    )
    stop_telling(incident, now)
    end_escalation(incident, now=now)
    context = {"incident": incident, "run": run["run"]}
    tell(kind="incident.over", about=incident, to=told_workers(incident), context=context)
    tell_reporters(incident, "report.resolved")
