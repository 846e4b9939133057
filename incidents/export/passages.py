"""Passages of the document about what was done around an incident. Words are in the active language."""

from collections.abc import Iterator
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from common.spans import duration
from common.templatetags.holdfast import exact
from incidents.adapters.pdf import Block, Heading, Line, Text
from incidents.choices import CallEnd, CallReason, CallState, HoldReason, RoleName, State, TaskState
from incidents.clocks.choices import ClockKind, ClockState, Mode
from incidents.clocks.counting import Clock, Segment
from incidents.export import around
from incidents.models import Incident, IncidentTask, Rating, Update


def roles(incident: Incident) -> Iterator[Block]:
    """Who had which role."""
    rows = list(around.roles_of(incident))
    if rows:
        yield Heading(_("Roles"))
    for role, person, since, until in rows:
        yield Line(str(RoleName(role).label), f"{person} · {_span(since, until)}")


def tasks(incident: Incident) -> Iterator[Block]:
    """What had to be done, and what became of it."""
    rows = IncidentTask.objects.filter(incident=incident).select_related("assignee", "done_by")
    found = list(rows.order_by("position", "created_at"))
    if found:
        yield Heading(_("Tasks"))
    for task in found:
        whom = str(task.assignee or "") or (str(RoleName(task.role).label) if task.role else _("anybody"))
        ended = f"{exact(task.done_at)} {task.done_by or ''}".strip() if task.done_at else ""
        said = [str(TaskState(task.state).label), whom, ended, task.dropped_because]
        yield Line(task.title, " · ".join(filter(None, said)))
        if task.notes:
            yield Text(task.notes)


def clocks(incident: Incident) -> Iterator[Block]:
    """Each clock with how its figure came about."""
    found = around.clocks(incident, timezone.now())
    if found:
        yield Heading(_("Clocks"))
    for clock in found:
        yield Line(str(ClockKind(clock.kind).label), _figure(clock))
        for segment in clock.segments():
            yield Text(_segment(segment))


def calls(incident: Incident) -> Iterator[Block]:
    """Who was called, by which policy and why."""
    rows = list(around.calls_of(incident))
    if rows:
        yield Heading(_("Calls"))
    before = None
    for policy, reason, began, ended, end, number, step, state, due_at, taken_at, whom in rows:
        if (policy, began) != before:
            before = policy, began
            because = f" · {CallEnd(end).label}" if end else ""
            yield Line(policy, f"{CallReason(reason).label} · {_span(began, ended)}{because}")
        if step is not None:
            place = _("round %(round)s, step %(step)s") % {"round": number, "step": step}
            said = [place, exact(taken_at or due_at), str(CallState(state).label), whom]
            yield Text(" · ".join(filter(None, said)))


def updates(incident: Incident) -> Iterator[Block]:
    """What people were told, in every language in which they were."""
    rows = Update.objects.filter(incident=incident).prefetch_related("texts").order_by("at", "created_at")
    found = list(rows)
    if found:
        yield Heading(_("Updates"))
    for update in found:
        said = [update.get_audience_display(), update.get_public_state_display(), update.by_label]
        is_out = update.stage == "sent"
        said += [] if is_out else [update.get_stage_display(), update.decline_reason]
        yield Line(exact(update.at), " · ".join(str(each) for each in said if each))
        for text in update.texts.all():
            yield Text(f"{text.title}\n{text.text}" if text.title else text.text)


def reports(incident: Incident) -> Iterator[Block]:
    """What was reported to authorities, when it was due, and the proof."""
    found = around.authority_reports(incident)
    if found:
        yield Heading(_("Reports to authorities"))
    for report in found:
        due = _("due %(time)s") % {"time": exact(report.due_at)}
        yield Line(str(report.authority), f"{report.get_state_display()} · {due}")
        steps = [
            (_("Written by"), report.drafted_by, report.drafted_at),
            (_("Approved by"), report.approved_by, report.approved_at),
            (_("Sent by"), report.sent_by, report.sent_at),
        ]
        for name, person, at in steps:
            if at:
                yield Line(name, f"{person or ''} {exact(at)}".strip())
        how = [report.get_sent_how_display(), report.sent_reference, report.late_reason, report.not_needed_reason]
        if any(how):
            yield Text(" · ".join(filter(None, how)))
        for file in report.proofs.all():
            yield Line(_("Proof"), f"{file.name} · SHA-256 {file.sha256}")
        if report.text:
            yield Text(report.text)


def rating(incident: Incident) -> Iterator[Block]:
    """What whoever reported it thought of how it was handled."""
    found = Rating.objects.filter(incident=incident).first()
    if found is None:
        return
    yield Heading(_("How was it handled?"))
    yield Line(f"{found.stars}/5", f"{found.get_stars_display()} · {exact(found.changed_at)}")
    if found.text:
        yield Text(found.text)


def _figure(clock: Clock) -> str:
    values = {"counted": duration(clock.counted), "span": duration(clock.span)}
    said = [str(ClockState(clock.state).label), _("%(counted)s of %(span)s") % values]
    if clock.due_at:
        said.append(_("due %(time)s") % {"time": exact(clock.due_at)})
    return " · ".join(said)


def _segment(segment: Segment) -> str:
    state = str(State(segment.state).label)
    is_paused = segment.mode == Mode.PAUSED and segment.reason
    words = str(HoldReason(segment.reason).label) if is_paused else ", ".join(segment.labels) or state
    counted = duration(segment.counted) if segment.mode == Mode.COUNTED else str(Mode(segment.mode).label)
    return f"{exact(segment.since)} – {exact(segment.until)} · {words} · {counted}"


def _span(since: datetime, until: datetime | None) -> str:
    return f"{exact(since)} – {exact(until)}" if until else _("since %(time)s") % {"time": exact(since)}
