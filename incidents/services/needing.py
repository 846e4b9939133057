"""What has to come before an incident is closed."""

from incidents.errors import NeedsReview
from incidents.models import Incident, Review
from incidents.reviews import ReviewState
from incidents.selectors.reviews import needs_review


def check_reviewed(incident: Incident) -> None:
    """Raises NeedsReview where a review has to be approved before the incident is closed, and none is."""
    if needs_review(incident) and not Review.objects.filter(incident=incident, state=ReviewState.APPROVED).exists():
        raise NeedsReview(reference=incident.reference)
