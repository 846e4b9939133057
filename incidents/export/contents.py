"""What an export of one incident says, a part after the other. Words are in the active language."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from actions.models import Action
from common import own_names
from common.sheets.writing import quoted
from incidents.drafting import times_of
from incidents.models import Incident, Review, TimelineEvent
from incidents.reviews import TEXTS
from incidents.selectors import Point, checklist_of, key_of
from ledger.models import Entry
from notify.models import Delivery, Message

AT_ONCE = 500
PLAIN = (
    "reference", "shown_title", "public_title", "reported_as", "description", "state", "severity", "impact", "urgency",
    "source", "reporter_name", "reporter_email", "category", "is_major", "place", "error_code", "steps_tried",
    "occurred_at", "detected_at", "reported_at", "acknowledged_at", "mitigated_at", "resolved_at", "closed_at",
    "cancelled_at", "reopen_count", "hold_reason", "resume_at", "expected_at", "cause_key", "is_restricted", "version",
)  # fmt: skip


def incident_of(incident: Incident) -> dict[str, Any]:
    """Its columns, by the names that the API has for them, and how long it took."""
    said = {name: getattr(incident, name) for name in PLAIN}
    said["title"] = said.pop("shown_title")
    people = {name: str(getattr(incident, name) or "") for name in ("reporter", "owner", "team", "entered_by")}
    return {
        "id": str(incident.pk),
        **said,
        **people,
        "services": [own_names.shown(service.name) for service in incident.services.all()],
        "systems": [system.name for system in incident.systems.all()],
        "seconds": {each.name: each.length for each in times_of(incident)},
    }


def review_of(review: Review) -> dict[str, Any]:
    """What was learned, with who wrote and who approved it."""
    people = ("author", "written_by", "submitted_by", "approved_by")
    return {
        "state": review.state,
        "kind": review.kind,
        "title": review.title,
        **{name: getattr(review, name) for name in TEXTS},
        "factors": review.factors,
        **{name: str(getattr(review, name) or "") for name in people},
        "submitted_at": review.submitted_at,
        "approved_at": review.approved_at,
        "sent_back_reason": review.sent_back_reason,
        "version": review.version,
    }


TIMELINE = ("at", "kind", "by", "sentence", "text", "shown_to_reporter")


def timeline_of(incident: Incident) -> Iterator[Sequence[Any]]:
    """What happened, the first first."""
    events = incident.events.order_by("at", "created_at", "pk").iterator(chunk_size=AT_ONCE)
    return (_event(event) for event in events)


def _event(event: TimelineEvent) -> Sequence[Any]:
    return event.at, event.kind, event.by_label, event.sentence, event.text, event.is_public


MESSAGES = ("written_at", "kind", "to", "subject", "way", "state", "sent_at")


def messages_of(incident: Incident) -> Iterator[Sequence[Any]]:
    """What was told about it, one row for each way it went; without addresses."""
    about = {"about_type": incident._meta.label_lower, "about_id": str(incident.pk)}
    told = Message.objects.filter(**about).select_related("to").prefetch_related("deliveries").order_by("created_at")
    for message in told.iterator(chunk_size=AT_ONCE):
        ways: list[Delivery | None] = list(message.deliveries.all())
        for delivery in ways or [None]:
            yield message.created_at, message.kind, str(message.to or ""), message.subject, *_way(delivery)


def _way(delivery: Delivery | None) -> Sequence[Any]:
    return (delivery.way, delivery.state, delivery.sent_at) if delivery else ("", "", None)


ACTIONS = (
    "reference",
    "title",
    "kind",
    "state",
    "owner",
    "due_on",
    "done_at",
    "verified_at",
    "proof",
    "proof_reference",
)


def actions_of(incident: Incident) -> Iterator[Sequence[Any]]:
    """What must not be forgotten, with its proof."""
    for row in Action.objects.filter(source_key=key_of(incident)).select_related("owner").order_by("number"):
        yield (
            row.reference, row.title, row.kind, row.state, str(row.owner or ""), row.due_on, row.done_at,
            row.verified_at, row.proof_kind, row.proof_reference,
        )  # fmt: skip


EVIDENCE = ("item", "state", "file", "sha256", "bytes", "added_at", "by", "reason")


def evidence_of(points: Iterable[Point]) -> Iterator[Sequence[Any]]:
    """The checklist: a row for each file, one for each item without any."""
    for point in points:
        for file in point.files:
            yield point.name, point.state, file.name, file.sha256, file.file.size_bytes, file.at, file.by_label, ""
        if not point.files:
            reason = point.mark.reason if point.mark else ""
            yield point.name, point.state, "", "", None, point.mark.at if point.mark else None, "", reason


def ledger_of(incident: Incident) -> Iterator[dict[str, Any]]:
    """Who did what to it and its review, with the seal that holds each entry."""
    reviews = Review.objects.filter(incident=incident).values_list("pk", flat=True)
    keys = [str(incident.pk), *(str(pk) for pk in reviews)]
    types = [Incident._meta.label_lower, Review._meta.label_lower]
    entries = Entry.objects.filter(subject_type__in=types, subject_id__in=keys).select_related("sealed")
    columns = (
        "id", "at", "actor_kind", "actor_id", "actor_label", "verb", "subject_type", "subject_id", "subject_label",
        "data", "request_id", "address",
    )  # fmt: skip
    for entry in entries.order_by("id").iterator(chunk_size=AT_ONCE):
        sealed = getattr(entry, "sealed", None)
        place = {"seal": sealed and sealed.seal_id, "position": sealed and sealed.position}
        yield {**{name: getattr(entry, name) for name in columns}, **place, "digest": sealed.digest if sealed else ""}


def checklist(incident: Incident) -> list[Point]:
    """The evidence, item by item."""
    return checklist_of(incident)


def as_json(said: Any) -> bytes:
    """One object, to read."""
    return (json.dumps(said, ensure_ascii=False, indent=2, default=_plain) + "\n").encode("utf-8", "replace")


def as_lines(rows: Iterable[dict[str, Any]]) -> Iterator[bytes]:
    """One object a line."""
    for row in rows:
        yield (json.dumps(row, ensure_ascii=False, default=_plain) + "\n").encode("utf-8", "replace")


def as_table(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """CSV in UTF-8 in which no cell is a formula."""
    yield b"\xef\xbb\xbf" + _row(columns)
    for row in rows:
        yield _row(row)


def _row(cells: Sequence[Any]) -> bytes:
    line = io.StringIO(newline="")
    csv.writer(line, quoting=csv.QUOTE_ALL).writerow([quoted(_text(cell)) for cell in cells])
    return line.getvalue().encode("utf-8", "replace")


def _text(value: Any) -> str:
    return "" if value is None else str(_plain(value))


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%dT%H:%M:%S.%fZ}"
    if isinstance(value, timedelta):
        return value.total_seconds()
    return value if isinstance(value, int | float | bool) else str(value)
