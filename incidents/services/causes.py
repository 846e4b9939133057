"""What Holdfast itself finds: one live incident per cause, opened, fed and ended by what really happened."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Q

from catalog.models import Service, System
from incidents import rungs, texts
from incidents.choices import LIVE, CallReason, EventKind, Source, State
from incidents.models import Incident
from incidents.rungs import Rung
from incidents.selectors.matrix import severity_matrix
from incidents.services.audience import (
    matter_of,
    stop_telling,
    tell_reporters,
    tell_workers,
    told_workers,
    urgency_of,
)
from incidents.services.escalation import begin_escalation, end_escalation
from incidents.services.moving import after_all
from incidents.services.reporting import TITLE_LENGTH, new_token
from incidents.services.rows import save, write_down
from notify.choices import Urgency
from notify.services import tell
from people.models import User

BY = "system:causes"
#: What comes back within this time after the system resolved it is the same incident.
COMES_BACK_WITHIN = timedelta(days=7)
#: Message → why people are called at the same moment.
CALLS = {
    "incident.opened": CallReason.OPENED,
    "incident.came_back": CallReason.REOPENED,
    "incident.failed_again": CallReason.URGENT,
}
NAMED = ("title", "title_code", "title_values")
JUDGED = ("impact", "urgency", "severity")


@dataclass(frozen=True)
class Cause:
    """What failed, as one live incident will tell it.

    title_code, values: see `texts`; values also keep the run's reason.  url: the run that failed.
    scales: (impact, urgency).  told: the people to tell.
    failed: the rung of the backup ladder; None for what no run can prove again, which a person has to end.
    """

    key: str
    title_code: str
    values: Mapping[str, Any]
    url: str
    scales: tuple[int, int]
    failed: Rung | None
    systems: Iterable[System] = ()
    services: Iterable[Service] = ()
    told: Iterable[User | None] = field(default_factory=list)


def lock_causes(*keys: str) -> None:
    """Hold these causes until the transaction ends. In one order, so that two never wait for each other."""
    with connection.cursor() as cursor:
        for key in sorted(keys):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"incidents:{key}"])


@transaction.atomic
def open_for_cause(*, cause: Cause, now: datetime) -> Incident:
    """The live incident of the cause: the one there is, the one that comes back, or a new one.

    Any number at the same moment end with one live incident that carries every failed rung.
    """
    lock_causes(cause.key)
    at_work = next(iter(_at_work(cause.key)), None)
    if at_work is not None:
        _fail_again(at_work.incident, cause, now, holder=at_work.holder)
        return at_work.incident
    last = Incident.objects.select_for_update().filter(cause_key=cause.key).order_by("-number").first()
    if last is not None and _is_same(last, now):
        _come_back(last, cause, now)
        return last
    return _open(cause, last and (last.merged_into or last), now)


@transaction.atomic
def prove_again(*, keys: Iterable[str], held: Rung, run: Mapping[str, Any], now: datetime) -> None:
    """A pass: take the rungs it clears off the live incidents of these causes, and end those with none left.

    run: {"run": its reference, "url": its page}. Nobody took it over: the system resolves it.
    Somebody did: it stands on the timeline, and the owner is asked.
    """
    keys = sorted(keys)
    lock_causes(*keys)
    for key in keys:
        for at_work in _at_work(key):
            _prove(at_work.incident, held, run, now, holder=at_work.holder)


@dataclass(frozen=True)
class AtWork:
    """Where a cause is worked on.  holder: keeps its failed rungs; another one when that was merged into `incident`."""

    incident: Incident
    holder: Incident


def _at_work(key: str) -> list[AtWork]:
    """The live incident of the cause, else what goes on for those of it that were merged, the newest first. Locked.

    The caller holds the cause, so none of them is merged or taken out meanwhile.
    """
    live = Incident.objects.select_for_update().filter(cause_key=key, state__in=LIVE).first()
    if live is not None:
        return [AtWork(live, live)]
    merged = Incident.objects.filter(cause_key=key, state=State.MERGED, merged_into__state__in=LIVE)
    found = []
    for pk in merged.order_by("-number").values_list("pk", flat=True):
        incident = Incident.objects.select_for_update().filter(merged=pk).first()
        if incident is not None and incident.is_live:
            found.append(AtWork(incident, Incident.objects.select_for_update().get(pk=pk)))
    return found


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
    _name(new, cause)
    # A second live one of the cause can not be stored: whoever comes second joins the first.
    Incident.objects.bulk_create([new], ignore_conflicts=True)
    incident = Incident.objects.select_for_update().get(cause_key=cause.key, state__in=LIVE)
    if incident.pk != new.pk:
        _fail_again(incident, cause, now)
        return incident
    _attach(incident, cause)
    _write(incident, EventKind.OPENED, "incident.opened", cause, now)
    _tell_cause(incident, "incident.opened", cause, now)
    return incident


def _come_back(incident: Incident, cause: Cause, now: datetime) -> None:
    incident.state, incident.resolved_at, incident.is_resolved_by_system = State.TRIAGE, None, False
    incident.cause_url, incident.failed_rungs = cause.url, _rungs_of(cause)
    _name(incident, cause)
    _raise_severity(incident, cause)
    ended = ("state", "resolved_at", "is_resolved_by_system")
    save(incident, *ended, "cause_url", "failed_rungs", *NAMED, *JUDGED)
    _attach(incident, cause)
    values = {"from": State.RESOLVED, "to": State.TRIAGE, "by_system": True}
    _write(incident, EventKind.MOVED, "incident.reopened", cause, now, values)
    _tell_cause(incident, "incident.came_back", cause, now)


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
    _write(incident, EventKind.FAILED_AGAIN, "incident.failed_again", cause, now)
    if is_worse or is_new:
        _tell_cause(incident, "incident.failed_again", cause, now)


def _is_known(incident: Incident, cause: Cause) -> bool:
    """Whether exactly this stands on the timeline."""
    said = {"code": cause.title_code, **cause.values}
    return incident.events.filter(kind__in=[EventKind.OPENED, EventKind.FAILED_AGAIN], values__contains=said).exists()


def _rungs_of(cause: Cause) -> list[dict[str, Any]]:
    return [cause.failed.as_json()] if cause.failed else []


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


def _name(incident: Incident, cause: Cause) -> None:
    incident.title_code, incident.title_values = cause.title_code, dict(cause.values)
    incident.title = texts.in_english(cause.title_code, cause.values)[:TITLE_LENGTH]


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


def _write(
    incident: Incident,
    kind: EventKind,
    verb: str,
    cause: Cause,
    now: datetime,
    values: Mapping[str, Any] | None = None,
) -> None:
    said = {"code": cause.title_code, **cause.values, **(values or {})}
    write_down(incident, kind, verb=verb, by=BY, now=now, values=said, url=cause.url)


def _tell_cause(incident: Incident, kind: str, cause: Cause, now: datetime) -> None:
    """How soon follows from how severe it is; those whom a policy calls are called instead, and the rest may wait.

    What goes on failing is told once a day and rung.
    """
    height = cause.failed.height if cause.failed else ""
    key = f"{kind}:{incident.pk}:{height}:{now:%Y-%m-%d}" if kind == "incident.failed_again" else None
    context = {
        "incident": incident,
        "what": texts.sentence_later(cause.title_code, cause.values),
        "reason": texts.reason_later(cause.values),
    }
    called = begin_escalation(incident, reason=CALLS[kind], now=now) if incident.state == State.TRIAGE else None
    told = [incident.owner, *cause.told]
    tell(
        kind=kind,
        about=incident,
        to=told,
        context=context,
        urgency=Urgency.NORMAL if called else urgency_of(incident),
        dedupe_key=key,
        matter=matter_of(incident),
        asks=True,
        but=called or (),
    )
