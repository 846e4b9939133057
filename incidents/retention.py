"""What of incidents is kept for a time only."""

from datetime import datetime, timedelta

from common.retention import forgets
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
