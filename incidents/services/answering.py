"""An answer on the tracking page: words, files, or both."""

import uuid
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from common.models import StoredFile
from incidents.errors import IsOver, TooManyFiles
from incidents.models import Incident
from incidents.selectors.hearing import is_heard
from incidents.services import attaching
from incidents.services.attaching import AT_ONCE
from incidents.services.audience import tell_workers
from incidents.services.holding import go_on_with_answer
from incidents.services.rows import BY_LINK, lock
from incidents.services.talking import reply
from people.models import User


@transaction.atomic
def answer(*, incident_id: uuid.UUID, by: User | None, text: str, files: Iterable[StoredFile] = ()) -> Incident:
    """What the reporter adds.  by: None when the link is all we know.  files: taken in before, at most ten.

    Those who work on it hear of it once. Raises Unfit where there is neither, TooManyFiles, IsOver.
    """
    files = list(files)
    if text.strip() or not files:
        incident = reply(incident_id=incident_id, by=by, text=text)
    else:
        incident, now = lock(incident_id), timezone.now()
        if not is_heard(incident, now):
            raise IsOver
        go_on_with_answer(incident, by=by or BY_LINK, now=now)
        tell_workers(incident, "incident.reply", but=by, by_link=by is None)
    if len(files) > AT_ONCE:
        raise TooManyFiles(limit=AT_ONCE)
    for file in files:
        attaching.place(incident, file, by=by, is_from_reporter=True, is_public=True, now=timezone.now())
    return incident
