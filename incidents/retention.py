"""What of incidents is kept for a time only."""

from datetime import datetime, timedelta

from django.conf import settings

from common.retention import forgets
from incidents.mail.forgetting import forget_mails
from incidents.services import forget_unconfirmed, forget_uploads

UNSENT_KEPT = timedelta(days=1)


@forgets("files of unsent reports")
def uploads(now: datetime) -> int:
    """Files whose report did not follow within a day."""
    return forget_uploads(before=now - UNSENT_KEPT)


@forgets("addresses that nobody confirmed")
def unconfirmed(now: datetime) -> int:
    """Their owners never said that they want news."""
    return forget_unconfirmed(now=now)


@forgets("mails as they came")
def mails(now: datetime) -> int:
    """Their bytes and addresses. That each was taken, and what became of it, stays."""
    return forget_mails(before=now - settings.MESSAGES_KEPT)
