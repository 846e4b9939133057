"""What an outage of a service costs as time goes by, and that somebody looked at it again."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import timedelta
from itertools import pairwise
from operator import attrgetter
from typing import Any, NotRequired, TypedDict

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.choices import Criterion
from catalog.errors import ImpactFalls, WrongDetails
from catalog.models import Impact, Service
from catalog.services.reminding import announce_review
from catalog.services.writing import lock
from common import spans
from common.text import safe_line
from common.versions import raise_version
from ledger.services import Actor, record
from people.models import User
from people.selectors import zone_of

#: Four criteria at ten moments each is more than anybody reads.
MOST_IMPACTS = 40


class ImpactDetails(TypedDict):
    """One rating. criterion: of `choices.Criterion`.  after: how long the service has been away."""

    criterion: str
    after: timedelta
    level: int
    note: NotRequired[str]


@transaction.atomic
def set_impacts(
    *, service_id: uuid.UUID | str, impacts: Iterable[ImpactDetails], by: Actor, version: int | None = None
) -> Service:
    """Rate what an outage does over time, whole: what is not named any more is gone.

    Raises WrongDetails, ImpactFalls where a later moment is rated lower than an earlier one, Stale or DoesNotExist.
    """
    service = lock(Service, service_id, version)
    wanted = [_checked(Impact(service=service, **_stripped(each))) for each in impacts]
    _check_together(wanted)
    kept = list(service.impacts.all())
    if set(map(_said, kept)) != set(map(_said, wanted)):
        before, after = _as_data(kept), _as_data(wanted)
        service.impacts.all().delete()
        Impact.objects.bulk_create(wanted)
        raise_version(service).save(update_fields=["version"])
        record(verb="service.impacts_rated", subject=service, actor=by, data={"before": before, "after": after})
    return service


@transaction.atomic
def confirm_review(*, service_id: uuid.UUID | str, by: User, version: int | None = None) -> Service:
    """Say that somebody looked at the service's targets and impacts, and that they hold. A second time a day is none.

    Raises Stale or DoesNotExist.
    """
    service = lock(Service, service_id, version)
    today = timezone.now().astimezone(zone_of(None)).date()
    if service.reviewed_on != today:
        before, service.reviewed_on, service.reviewed_by = service.reviewed_on, today, by
        raise_version(service).save(update_fields=["reviewed_on", "reviewed_by", "version"])
        record(verb="service.reviewed", subject=service, actor=by, data={"before": before, "after": today})
        announce_review(service)
    return service


def _stripped(details: ImpactDetails) -> dict[str, Any]:
    return {**details, "note": details.get("note", "").strip()}


def _checked(impact: Impact) -> Impact:
    try:
        safe_line(impact.note)
        impact.full_clean(validate_unique=False, validate_constraints=False)
        if impact.after <= timedelta(0):
            raise ValidationError(_("An impact is felt after some time."))
    except ValidationError as error:
        raise WrongDetails(fields={"impacts": error.messages}) from error
    return impact


def _check_together(impacts: Sequence[Impact]) -> None:
    if len(impacts) > MOST_IMPACTS:
        raise WrongDetails(fields={"impacts": [_("Rate at most %(count)s moments.") % {"count": MOST_IMPACTS}]})
    for criterion in Criterion:
        rated = sorted((each for each in impacts if each.criterion == criterion), key=attrgetter("after"))
        for earlier, later in pairwise(rated):
            if earlier.after == later.after:
                raise WrongDetails(fields={"impacts": [_("This moment is already rated for this service.")]})
            if later.level < earlier.level:
                earlier_words, later_words = spans.duration(earlier.after), spans.duration(later.after)
                raise ImpactFalls(criterion=criterion.label, earlier=earlier_words, later=later_words)


#: What a rating says, to tell it from another.
_said = attrgetter("criterion", "after", "level", "note")


def _as_data(impacts: Iterable[Impact]) -> list[dict[str, Any]]:
    """For the ledger, in order. Notes are people's own words: only that there is one."""
    ordered = sorted(impacts, key=attrgetter("criterion", "after"))
    return [
        {"criterion": each.criterion, "after": str(each.after), "level": each.level, "note": each.note and "…"}
        for each in ordered
    ]
