"""One incident as a ZIP that is checked without us: `sha256sum -c SHA256SUMS`."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils import timezone, translation

from common.archives import CHUNK, Archive
from common.files import open_file
from incidents.export import around, contents
from incidents.export.document import document
from incidents.models import Attachment, Incident, Review
from ledger.selectors import newest_seal

FORMAT = "holdfast-incident-1"
SUMS, MANIFEST = "SHA256SUMS", "manifest.json"


@dataclass(frozen=True)
class Reader:
    """For whom it is made: their name, their language and their zone."""

    name: str
    language: str
    zone: str


def stream(incident: Incident, reader: Reader) -> Iterator[bytes]:
    """The archive, piece by piece, in memory that does not grow with the timeline or the files."""
    pieces = _pieces(incident, reader)
    while True:
        # Between two pieces this thread may answer somebody else, in another language.
        with translation.override(reader.language), timezone.override(reader.zone):
            piece = next(pieces, None)
        if piece is None:
            return
        if piece:
            yield piece


def _pieces(incident: Incident, reader: Reader) -> Iterator[bytes]:
    archive, missing = Archive(), list[str]()
    for name, made in _written(incident, reader):
        yield from archive.part(name, made)
    for name, attachment in around.files(incident):
        try:
            with open_file(attachment.file):
                pass
        except FileNotFoundError:
            missing.append(name)
            continue
        yield from archive.part(name, _bytes(attachment))
    yield from archive.part(MANIFEST, [contents.as_json(_manifest(incident, reader, archive, missing))])
    sums = "".join(f"{digest}  {name}\n" for name, digest in archive.digests.items())
    yield from archive.part(SUMS, [sums.encode("utf-8", "replace")])
    yield archive.end()


def _written(incident: Incident, reader: Reader) -> Iterator[tuple[str, Any]]:
    """(name, pieces) of what we write ourselves."""
    yield "incident.json", [contents.as_json(contents.incident_of(incident) | {"rating": around.rating_of(incident)})]
    yield "incident.pdf", [document(incident, reader.name)]
    yield "timeline.csv", contents.as_table(contents.TIMELINE, contents.timeline_of(incident))
    yield "messages.csv", contents.as_table(contents.MESSAGES, contents.messages_of(incident))
    yield "updates.csv", contents.as_table(around.UPDATES, around.updates_of(incident))
    yield "calls.csv", contents.as_table(around.CALLS, around.calls_of(incident))
    yield "clocks.csv", contents.as_table(around.CLOCKS, around.segments_of(incident, timezone.now()))
    yield "roles.csv", contents.as_table(around.ROLES, around.roles_of(incident))
    yield "tasks.csv", contents.as_table(around.TASKS, around.tasks_of(incident))
    yield "authority_reports.csv", contents.as_table(around.REPORTS, around.reports_of(incident))
    yield "attachments.csv", contents.as_table(around.FILES, around.files_of(incident))
    yield "actions.csv", contents.as_table(contents.ACTIONS, contents.actions_of(incident))
    yield "evidence.csv", contents.as_table(contents.EVIDENCE, contents.evidence_of(contents.checklist(incident)))
    review = Review.objects.filter(incident=incident).first()
    if review is not None:
        yield "review.json", [contents.as_json(contents.review_of(review))]
    yield "ledger.jsonl", contents.as_lines(contents.ledger_of(incident))


def _bytes(attachment: Attachment) -> Iterator[bytes]:
    with open_file(attachment.file) as file:
        while chunk := file.read(CHUNK):
            yield chunk


def _manifest(incident: Incident, reader: Reader, archive: Archive, missing: list[str]) -> dict[str, Any]:
    seal = newest_seal()
    return {
        "format": FORMAT,
        "incident": incident.reference,
        "id": str(incident.pk),
        "state": incident.state,
        "made_at": timezone.now(),
        "made_for": reader.name,
        "language": reader.language,
        "ledger_head": {"seal": seal.number, "head": seal.head} if seal else None,
        "files": {name: {"sha256": digest, "bytes": archive.sizes[name]} for name, digest in archive.digests.items()},
        "missing": missing,
    }
