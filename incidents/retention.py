"""What is kept of reports that were never sent."""

from datetime import datetime, timedelta

from common.retention import forgets
from incidents.services import forget_uploads

UNSENT_KEPT = timedelta(days=1)


@forgets("files of unsent reports")
def uploads(now: datetime) -> int:
    """Files whose report did not follow within a day."""
    return forget_uploads(before=now - UNSENT_KEPT)
