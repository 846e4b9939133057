"""What was done around an incident, as rows of an export: roles, tasks, clocks, calls, updates, reports, files."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from incidents.clocks.counting import Clock
from incidents.clocks.reading import clocks_of
from incidents.models import Attachment, AuthorityReport, EscalationRun, Incident, IncidentTask, Rating, Update
from incidents.selectors.attachments import attachments_of

ROLES = ("role", "person", "since", "until")


def roles_of(incident: Incident) -> Iterator[Sequence[Any]]:
    """Who had which role, and from when until when."""
    for each in incident.roles.select_related("person").order_by("since", "role"):
        yield each.role, str(each.person), each.since, each.until


TASKS = ("title", "notes", "for", "role", "due_at", "state", "done_at", "done_by", "dropped_because", "came_from")


def tasks_of(incident: Incident) -> Iterator[Sequence[Any]]:
    """What had to be done, in the order in which it stood."""
    rows = IncidentTask.objects.filter(incident=incident).select_related("assignee", "done_by", "came_from")
    for each in rows.order_by("position", "created_at"):
        yield (
            each.title, each.notes, str(each.assignee or ""), each.role, each.due_at, each.state, each.done_at,
            str(each.done_by or ""), each.dropped_because, str(each.came_from or ""),
        )  # fmt: skip


CLOCKS = (
    "clock", "state", "target_seconds", "counted_seconds", "due_at", "segment_from", "segment_until", "segment_is",
    "segment_seconds", "incident_state", "waited_for", "holidays",
)  # fmt: skip


def clocks(incident: Incident, now: datetime) -> tuple[Clock, ...]:
    """Its clocks as they stand at this moment."""
    return clocks_of([incident], now)[incident.pk].all


def segments_of(incident: Incident, now: datetime) -> Iterator[Sequence[Any]]:
    """A row for each segment of each clock: those that are counted sum to the figure of the clock."""
    for clock in clocks(incident, now):
        said = clock.kind, clock.state, clock.target_seconds, clock.counted_seconds, clock.due_at
        for each in clock.segments():
            labels = ", ".join(each.labels)
            yield *said, each.since, each.until, each.mode, each.counted_seconds, each.state, each.reason, labels


CALLS = ("policy", "reason", "began_at", "ended_at", "ended_because", "round", "step", "state", "due_at", "taken_at", "whom")  # fmt: skip  # noqa: E501


def calls_of(incident: Incident) -> Iterator[Sequence[Any]]:
    """Who was called, a row for each step of each round; one for calls that ended before any step."""
    runs = EscalationRun.objects.filter(incident=incident).prefetch_related("steps").order_by("started_at")
    for run in runs:
        said = run.policy_name, run.reason, run.started_at, run.ended_at, run.end
        steps = list(run.steps.all())
        for each in steps:
            yield *said, each.round + 1, each.position, each.state, each.due_at, each.taken_at, each.names
        if not steps:
            yield *said, None, None, "", None, None, ""


UPDATES = (
    "at", "audience", "stage", "public_state", "by", "settled_by", "settled_at", "decline_reason", "expected_at",
    "next_at", "language", "title", "text",
)  # fmt: skip


def updates_of(incident: Incident) -> Iterator[Sequence[Any]]:
    """What reporters, stakeholders and the public were told, a row for each language."""
    rows = Update.objects.filter(incident=incident).select_related("settled_by").prefetch_related("texts")
    for each in rows.order_by("at", "created_at"):
        said = (
            each.at, each.audience, each.stage, each.public_state, each.by_label, str(each.settled_by or ""),
            each.settled_at, each.decline_reason, each.expected_at, each.next_at,
        )  # fmt: skip
        for text in each.texts.all():
            yield *said, text.language, text.title, text.text


REPORTS = (
    "authority", "state", "counted_from", "due_at", "written_by", "written_at", "approved_by", "approved_at", "sent_by",
    "sent_at", "sent_how", "their_reference", "late_reason", "not_needed_reason", "proofs", "text",
)  # fmt: skip


def reports_of(incident: Incident) -> Iterator[Sequence[Any]]:
    """What was reported to authorities. proofs: the digests of the files that prove it."""
    for each in authority_reports(incident):
        yield (
            str(each.authority), each.state, each.counted_from, each.due_at, str(each.drafted_by or ""),
            each.drafted_at, str(each.approved_by or ""), each.approved_at, str(each.sent_by or ""), each.sent_at,
            each.sent_how, each.sent_reference, each.late_reason, each.not_needed_reason,
            " ".join(file.sha256 for file in each.proofs.all()), each.text,
        )  # fmt: skip


def authority_reports(incident: Incident) -> list[AuthorityReport]:
    """The same as rows, what is due first before the others."""
    people = ("drafted_by", "approved_by", "sent_by")
    rows = AuthorityReport.objects.filter(incident=incident).select_related("authority", *people)
    return list(rows.prefetch_related("proofs__file").order_by("due_at"))


FILES = ("part", "name", "sha256", "bytes", "type", "added_at", "by", "from_reporter", "evidence_item")


def files(incident: Incident) -> list[tuple[str, Attachment]]:
    """[(its name in the archive, the file), …]: the oldest first."""
    ordered = attachments_of(incident).order_by("at", "pk")
    return [(f"attachments/{number:03d}-{each.name}", each) for number, each in enumerate(ordered, start=1)]


def files_of(incident: Incident) -> Iterator[Sequence[Any]]:
    """Every file that came with it, with its digest."""
    for part, each in files(incident):
        yield (
            part, each.name, each.sha256, each.file.size_bytes, each.file.content_type, each.at, each.by_label,
            each.is_from_reporter, each.evidence_item,
        )  # fmt: skip


def rating_of(incident: Incident) -> dict[str, Any] | None:
    """What whoever reported it thought of how it was handled."""
    found = Rating.objects.filter(incident=incident).select_related("by").first()
    if found is None:
        return None
    return {"stars": found.stars, "text": found.text, "by": str(found.by or ""), "at": found.changed_at}
