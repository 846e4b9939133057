"""An answer on the tracking page: words, files, or both."""

import uuid
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from common.files import Readable
from common.models import StoredFile
from incidents.errors import TooManyFiles
from incidents.models import Attachment, Incident
from incidents.services.attaching import AT_ONCE, take_in
from incidents.services.audience import tell_workers
from incidents.services.hearing import hear, place_answer
from incidents.services.holding import go_on_with_answer
from incidents.services.rows import BY_LINK
from incidents.services.talking import reply
from people.models import User


@transaction.atomic
def answer(*, incident_id: uuid.UUID, by: User | None, text: str, files: Iterable[StoredFile] = ()) -> Incident:
    """What the reporter adds.  by: None when the link is all we know.  files: taken in before, at most ten.

    Those who work on it hear of it once. Raises Unfit where there is neither, TooManyFiles, IsOver.
    """
    files = list(files)
    if len(files) > AT_ONCE:
        raise TooManyFiles(limit=AT_ONCE)
    heard = hear(incident_id)
    if text.strip() or not files:
        reply(incident_id=incident_id, by=by, text=text)
    else:
        go_on_with_answer(heard.at_work, by=by or BY_LINK, now=timezone.now())
        tell_workers(heard.at_work, "incident.reply", but=by, by_link=by is None)
    for file in files:
        place_answer(heard, file, by=by, now=timezone.now())
    return heard.report


@transaction.atomic
def add_file(*, incident_id: uuid.UUID, stream: Readable, name: str, by: User) -> Attachment:
    """One more file of the reporter's, without a word. Raises as `attach` does."""
    file = take_in(stream, name)
    return place_answer(hear(incident_id), file, by=by, now=timezone.now())
