"""Something is wrong, says a person."""

import secrets
import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from catalog.models import Service, System
from common.models import StoredFile
from incidents.choices import SCALES, Badness, CallReason, EventKind, Source, State
from incidents.errors import NotLive, TooManyFiles, Unfit
from incidents.models import Incident
from incidents.selectors.matrix import severity_matrix
from incidents.services import attaching
from incidents.services.attaching import AT_ONCE
from incidents.services.audience import tell_receipt
from incidents.services.escalation import call_or_tell
from incidents.services.rows import BY_LINK, Who, lock, write_down
from incidents.times import check_occurred
from people.models import Team, User

TITLE_LENGTH = 160
#: A title made of the first words ends at a word where one ends in time.
SHORTEST_CUT = 60
#: What people type, at most; the database holds the same.
LENGTHS = {"description": 10_000, "title": TITLE_LENGTH, "place": 200, "error_code": 100, "steps_tried": 4000}


@transaction.atomic
def report(
    *,
    by: Who | None,
    description: str = "",
    title: str = "",
    services: Iterable[Service] = (),
    systems: Iterable[System] = (),
    occurred_at: datetime | None = None,
    place: str = "",
    badness: str = Badness.HINDERED,
    scales: tuple[int, int] | None = None,
    error_code: str = "",
    steps_tried: str = "",
    source: str = Source.PAGE,
    reporter: User | None = None,
    reporter_name: str = "",
    reporter_email: str = "",
    language: str = "",
    team: Team | None = None,
    files: Iterable[StoredFile] = (),
    key: str = "",
    known_id: uuid.UUID | None = None,
    now: datetime | None = None,
) -> Incident:
    """Take in what a person saw. Only a title or a description is needed; the rest may stay unknown.

    by: who enters it; `system:<job>`; None for somebody who is not signed in.
    reporter: whose report it is, where another enters it. reporter_name, reporter_email: somebody outside, who is
    sent the tracking link, in this `language`.
    badness: in the reporter's words.  scales: (impact, urgency) where somebody judged them; they win.
    team: whose it is from the start: its people hear of it.
    files: taken in before (`take_in`, `take_uploads`), at most ten.
    key: of the form or the mail; with the same key it is the same report, however often and quickly it is sent.
    known_id: of what somebody without an account has too. The report is merged into that one from the start; it keeps
    its own tracking page, needs no words, and nobody is called.
    Returns the incident, in triage. The people who work on incidents are told in the same transaction.
    Raises Unfit, TooManyFiles, NotLive for what cannot be joined any more.
    """
    now, files = now or timezone.now(), list(files)
    if key and (before := _sent_before(key)):
        return before
    given = {"description": description, "place": place, "error_code": error_code, "steps_tried": steps_tried}
    known = _held(known_id) if known_id else None
    words = _checked(given, title, otherwise=known.public_title if known else "")
    check_occurred(occurred_at, now=now)
    if len(files) > AT_ONCE:
        raise TooManyFiles(limit=AT_ONCE)
    is_outside = not isinstance(by, User) or bool(reporter_name or reporter_email)
    whose = reporter or (None if is_outside or not isinstance(by, User) else by)
    impact, urgency = scales or SCALES[Badness(badness)]
    incident = Incident.objects.create(
        **words,
        reported_as=words["title"],
        impact=impact,
        urgency=urgency,
        severity=severity_matrix().severity_of(impact, urgency),
        source=source,
        reporter=whose,
        entered_by=by if isinstance(by, User) and by != whose else None,
        reporter_name="" if whose else reporter_name.strip()[:200],
        reporter_email="" if whose else reporter_email.strip(),
        reporter_language="" if whose else _language(language),
        team=team,
        report_key=key,
        occurred_at=occurred_at,
        reported_at=now,
        tracking_token=new_token(),
        state=State.MERGED if known else State.TRIAGE,
        merged_into=known,
    )
    incident.refresh_from_db(fields=["number"])
    incident.services.set(services)
    incident.systems.set(systems)
    _write(incident, by, now)
    for file in files:
        _place(incident, file, by=by, now=now)
    who = by if isinstance(by, User) else None
    if known:
        _lead_to(known, incident, by, now)
    else:
        call_or_tell(incident, "incident.reported", reason=CallReason.OPENED, now=now, by=who)
    if whose is None or whose != by:
        tell_receipt(incident, by)
    return incident


def _held(known_id: uuid.UUID) -> Incident:
    """What is offered to be joined, held. Raises NotLive where it is not offered any more."""
    known = lock(known_id)
    if not known.is_live or known.is_restricted or not known.public_title:
        raise NotLive(reference=known.reference, now=known.get_state_display())
    return known


def _lead_to(known: Incident, incident: Incident, by: Who | None, now: datetime) -> None:
    """Both timelines say that the report is worked on there."""
    who, name = by or BY_LINK, str(incident.reporter_label)
    values: dict[str, Any] = {"from": State.TRIAGE, "to": State.MERGED, "what": known.reference}
    write_down(incident, EventKind.MOVED, verb="incident.merged", by=who, now=now, values=values, is_public=True)
    values, shown = {"what": incident.reference, "incident": incident.pk.hex}, {"name": name}
    url, text = incident.get_absolute_url(), incident.description
    write_down(
        known, EventKind.JOINED, verb="incident.joined", by=who, now=now, text=text, values=values, shown=shown, url=url
    )


def _place(incident: Incident, file: StoredFile, *, by: Who | None, now: datetime) -> None:
    """A file that came with the report is the reporter's, whoever typed it in."""
    attaching.place(incident, file, by=by, is_from_reporter=True, is_public=True, now=now)


@transaction.atomic
def join(
    *,
    incident_id: uuid.UUID,
    by: User,
    text: str = "",
    files: Iterable[StoredFile] = (),
    now: datetime | None = None,
) -> Incident:
    """Somebody else has the same problem and wants to be kept posted. Joining twice is joining once.

    text, files: what they were about to report, for those who work on it alone.
    Raises NotLive for what cannot be joined any more.
    """
    incident, now, files = lock(incident_id), now or timezone.now(), list(files)
    is_new = incident.reporter_id != by.pk and not incident.followers.filter(pk=by.pk).exists()
    if is_new:
        if not incident.is_live or incident.is_restricted:
            raise NotLive(reference=incident.reference, now=incident.get_state_display())
        incident.followers.add(by)
    if is_new or text.strip():
        write_down(
            incident,
            EventKind.JOINED,
            verb="incident.joined",
            by=by,
            now=now,
            text=text.strip()[: LENGTHS["description"]],
            values={"name": str(by)},
        )
    for file in files:
        attaching.place(incident, file, by=by, is_from_reporter=False, is_public=False, now=now)
    return incident


def first_words(text: str) -> str:
    """A title from a description: its first line, cut where a word ends."""
    line = next((line.strip() for line in text.splitlines() if line.strip()), "")
    if len(line) <= TITLE_LENGTH:
        return line
    cut = line[: TITLE_LENGTH - 1]
    end = cut.rfind(" ")
    return (cut[:end] if end >= SHORTEST_CUT else cut).rstrip() + "…"


def new_token() -> str:
    """Nobody can guess the address of a tracking page."""
    return secrets.token_urlsafe(32)


def check_lengths(given: dict[str, Any]) -> None:
    """Raises Unfit, naming every text that is longer than its column."""
    fields = {
        name: [_("At most %(limit)s characters.") % {"limit": LENGTHS[name]}]
        for name, value in given.items()
        if name in LENGTHS and len(value) > LENGTHS[name]
    }
    if fields:
        raise Unfit(fields=fields)


def _checked(given: dict[str, str], title: str, *, otherwise: str) -> dict[str, str]:
    """The words as they are stored.  otherwise: the title where nothing is said.

    Raises Unfit for what is too long, and for no words at all.
    """
    words = {name: text.strip() for name, text in given.items()}
    words["title"] = title.strip() or first_words(words["description"]) or otherwise
    check_lengths(words)
    if not words["title"]:
        raise Unfit(fields={"description": [_("Say what is wrong.")]})
    return words


def _sent_before(key: str) -> Incident | None:
    """The report that came by this key. Two at the same moment: the second waits until the first is there."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"incidents.report:{key}"])
    return Incident.objects.filter(report_key=key).first()


def _language(wanted: str) -> str:
    spoken = wanted or translation.get_language() or ""
    return spoken if spoken in dict(settings.LANGUAGES) else ""


def _write(incident: Incident, by: Who | None, now: datetime) -> None:
    name = str(incident.reporter or incident.reporter_name or incident.reporter_email)
    values = {"severity": incident.severity, "source": incident.source}
    shown: dict[str, Any] = {"name": name}
    if incident.reporter:
        values, shown = {"name": name, **values}, {}
    if incident.entered_by:
        values["entered_by"] = str(incident.entered_by)
    write_down(
        incident,
        EventKind.REPORTED,
        verb="incident.reported",
        by=by or BY_LINK,
        now=now,
        text=incident.description,
        values=values,
        shown=shown,
        is_public=True,
    )
