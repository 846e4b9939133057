"""Finding incidents by words."""

from django.db.models import QuerySet

from common.search import EXACT, MOST, Hit, Wanted, found, ranked
from incidents.models import Incident
from incidents.selectors.seeing import open_to, visible_to
from people.selectors import Anyone, reads_all


def search(text: str, user: Anyone) -> list[Hit]:
    """What the user reads whole, by any of its words; what the user only joined, by its public title."""
    wanted = Wanted.of(text)
    number = wanted.number_after("INC")
    if number is not None:
        return [_hit(incident, user, EXACT) for incident in open_to(user).filter(number=number)]
    hits = [_hit(one, user, rank) for one, rank in ranked(found(visible_to(user), wanted, names="title", is_many=True))]
    return hits if reads_all(user) else [*hits, *(_hit(one, user, 0.0) for one in _joined(wanted, user)[:MOST])]


def _joined(wanted: Wanted, user: Anyone) -> QuerySet[Incident]:
    """Those of which the user may know no more than the title that staff are shown."""
    joined = open_to(user).exclude(reporter__isnull=False, reporter=user.pk)
    for word in wanted.words:
        joined = joined.filter(public_title__icontains=word)
    return joined.order_by("-reported_at") if wanted else joined.none()


def _title(incident: Incident, user: Anyone) -> str:
    if reads_all(user):
        return incident.shown_title
    return incident.told_title if incident.reporter_id == user.pk else incident.public_title


def _hit(incident: Incident, user: Anyone, rank: float) -> Hit:
    return Hit(
        kind="incident",
        title=_title(incident, user),
        reference=incident.reference,
        url=incident.get_absolute_url(),
        detail=incident.get_state_display(),
        rank=rank,
    )
