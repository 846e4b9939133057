"""Talking with the people who reported it."""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from incidents.errors import Unfit
from incidents.models import Incident
from incidents.services.audience import tell_workers
from incidents.services.hearing import hear, write_answer
from incidents.services.holding import go_on_with_answer
from incidents.services.rows import BY_LINK
from incidents.services.updating import Words, post_update
from incidents.telling.choices import Audience
from people.models import User

#: What a reporter answers at once.
ANSWER_LENGTH = 4000


@transaction.atomic
def update_reporters(
    *,
    incident_id: uuid.UUID,
    by: User,
    text: str,
    public_title: str | None = None,
    expected_at: datetime | None = None,
    version: int | None = None,
) -> Incident:
    """Tell those who reported it, or joined, how it stands: `post_update` in one language, that of whoever writes.

    public_title: under which it is offered to others who report the same; None leaves it.
    expected_at: when it should be over; None leaves it unknown.
    """
    words = {translation.get_language() or settings.LANGUAGE_CODE: Words(text)}
    return post_update(
        incident_id=incident_id,
        by=by,
        audience=Audience.REPORTERS,
        texts=words,
        expected_at=expected_at,
        public_title=public_title,
        version=version,
    ).incident


@transaction.atomic
def reply(*, incident_id: uuid.UUID, by: User | None, text: str) -> Incident:
    """An answer on the tracking page.  by: the reporter; None when they are not signed in, and the link is all we know.

    Those who work on it hear of it, also where that is another one that took it in; what
    waited for it goes on. Returns the report.
    Raises Unfit without words or with too many, IsOver when nobody reads it any more.
    """
    if not text.strip():
        raise Unfit(fields={"text": [_("Write your answer first.")]})
    if len(text.strip()) > ANSWER_LENGTH:
        raise Unfit(fields={"text": [_("At most %(limit)s characters.") % {"limit": ANSWER_LENGTH}]})
    heard, now = hear(incident_id), timezone.now()
    write_answer(heard, by=by, text=text.strip(), now=now)
    go_on_with_answer(heard.at_work, by=by or BY_LINK, now=now)
    tell_workers(heard.at_work, "incident.reply", but=by, by_link=by is None)
    return heard.report
