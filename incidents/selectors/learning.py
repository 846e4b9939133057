"""What the page of an incident shows of what there is to learn."""

from dataclasses import dataclass

from incidents.choices import State
from incidents.models import Incident, Review
from incidents.selectors.evidence import Point, checklist_of
from incidents.selectors.reviews import needs_review, review_of, writes_reviews
from people.models import User


@dataclass(frozen=True)
class Learned:
    """The review of an incident, or whether one may be begun."""

    review: Review | None
    can_begin: bool
    needs_review: bool
    evidence: list[Point]


def learned_from(incident: Incident, user: User) -> Learned:
    """The same for one reader."""
    review = review_of(incident)
    is_over = incident.state in {State.RESOLVED, State.IN_REVIEW, State.CLOSED}
    return Learned(
        review=review,
        can_begin=review is None and is_over and writes_reviews(user),
        needs_review=needs_review(incident),
        evidence=checklist_of(incident),
    )
