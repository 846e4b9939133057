"""Whether an answer of whoever reported it still finds somebody."""

from datetime import datetime

from django.conf import settings

from incidents.models import Incident
from incidents.telling.choices import OVER


def is_heard(incident: Incident, now: datetime) -> bool:
    """Whether those who worked on it still read answers, by whatever way they come.

    After it was closed or cancelled for as long as INCIDENTS_REOPENED_WITHIN says; what was merged is answered where
    it went.
    """
    if incident.state not in OVER:
        return True
    ended_at = incident.closed_at or incident.cancelled_at
    if incident.merged_into_id is not None or ended_at is None:
        return False
    return bool(now - ended_at <= settings.INCIDENTS_REOPENED_WITHIN)
