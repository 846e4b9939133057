"""Files that people add to an incident."""

import uuid
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone

from common.files import Readable, store
from common.models import StoredFile
from common.text import safe_name
from incidents.choices import EventKind
from incidents.errors import IsOver, TooManyFiles
from incidents.kinds import Guarded
from incidents.models import Attachment, Incident
from incidents.selectors.hearing import is_heard
from incidents.services.rows import BY_LINK, LABEL_LENGTH, Who, lock, write_down
from people.models import User
from people.selectors import works

#: With one report, or one answer.
AT_ONCE = 10
#: Of one incident: from those who reported it, and in all.
FROM_REPORTERS, IN_ALL = 50, 200
LIMIT_BYTES = 25 * 1024 * 1024


@transaction.atomic
def attach(
    *,
    incident_id: uuid.UUID,
    stream: Readable,
    name: str,
    by: Who | None,
    is_public: bool = False,
    evidence_item: str = "",
    now: datetime | None = None,
) -> Attachment:
    """Take one file in for an incident. Its bytes are refused before they are kept when they are a program in disguise.

    by: a person; `system:<job>`; None for whoever used the tracking link. What comes from the reporter, by the link or
    by mail is shown to the reporter whatever `is_public` says.
    Raises FileRefused, FileTooBig, StorageFull, TooManyFiles, or IsOver for reporters of what is over.
    """
    # Before the row is held: this may take a while.
    file = take_in(stream, name)
    incident = lock(incident_id)
    is_from_reporter = not isinstance(by, User) or by.pk == incident.reporter_id
    now = now or timezone.now()
    if not is_heard(incident, now) and not (isinstance(by, User) and works(by)):
        raise IsOver
    return place(
        incident,
        file,
        by=by,
        is_from_reporter=is_from_reporter,
        is_public=is_public,
        evidence_item=evidence_item,
        now=now,
    )


def take_in(stream: Readable, name: str) -> StoredFile:
    """One file, under a safe name, in the transaction of what it belongs to. Raises as `attach` does."""
    name = safe_name(name, otherwise="file")
    return store(Guarded(stream, name), name=name, limit_bytes=LIMIT_BYTES)


def place(
    incident: Incident,
    file: StoredFile,
    *,
    by: Who | None,
    is_from_reporter: bool,
    is_public: bool,
    now: datetime,
    evidence_item: str = "",
) -> Attachment:
    """A file that was taken in becomes one of the incident's, which the caller holds."""
    _check_room(incident, is_from_reporter)
    key = uuid.uuid4()
    event = write_down(
        incident,
        EventKind.ATTACHED,
        verb="incident.file_attached",
        by=by or BY_LINK,
        now=now,
        values={"attachment": str(key), "sha256": file.sha256, "size_bytes": file.size_bytes},
        shown={"what": file.name, "from_reporter": is_from_reporter, "by_link": by is None},
        url=reverse("incident_file", args=[incident.reference, key]),
        is_public=is_public or is_from_reporter,
    )
    return Attachment.objects.create(
        id=key,
        incident=incident,
        file=file,
        event=event,
        name=file.name,
        added_by=by if isinstance(by, User) else None,
        by_label=str(by)[:LABEL_LENGTH] if isinstance(by, User) else "",
        by_link=by is None,
        at=now,
        is_from_reporter=is_from_reporter,
        is_public=is_public or is_from_reporter,
        evidence_item=evidence_item,
    )


def _check_room(incident: Incident, is_from_reporter: bool) -> None:
    counted = incident.attachments.aggregate(all=Count("pk"), theirs=Count("pk", filter=Q(is_from_reporter=True)))
    if counted["all"] >= IN_ALL:
        raise TooManyFiles(limit=IN_ALL)
    if is_from_reporter and counted["theirs"] >= FROM_REPORTERS:
        raise TooManyFiles(limit=FROM_REPORTERS)
