"""A review is drafted from the timeline, written, sent for approval, and approved by somebody else."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common import own_names
from common.errors import NotAllowed
from common.text import UNSAFE
from common.versions import check_version, raise_version
from incidents.choices import Category, EventKind, State
from incidents.drafting import drafted, facts_of
from incidents.errors import OwnReview, ReviewIsFixed, Unfit
from incidents.models import Incident, Review
from incidents.reviews import FACTOR_LENGTH, MOST_FACTORS, NEEDED, TEXTS, TITLE_LENGTH, CaseKind, ReviewState
from incidents.selectors.reviews import approvers_of, is_barred, may_approve_reviews
from incidents.selectors.roles import in_charge_of
from incidents.services.audience import tell_moved
from incidents.services.checking import check_reason
from incidents.services.closing import close
from incidents.services.rows import lock, save, write_down
from ledger.services import record
from notify.services import cancel, tell
from people.models import User


@transaction.atomic
def begin_review(
    *, incident_id: uuid.UUID, by: User, version: int | None = None, now: datetime | None = None
) -> Review:
    """Look at what there is to learn: what is resolved is in review from now on, with a draft from its timeline.

    The review there is comes back when there is one. Raises CannotMove before the incident is resolved.
    """
    now = now or timezone.now()
    incident = lock(incident_id, version)
    existing = Review.objects.filter(incident=incident).first()
    if existing is not None:
        return existing
    if incident.state != State.CLOSED:
        incident.check_can_become(State.IN_REVIEW)
        before, incident.state = incident.state, State.IN_REVIEW
        save(incident, "state")
        values = {"from": before, "to": State.IN_REVIEW}
        write_down(incident, EventKind.MOVED, verb="incident.in_review", by=by, now=now, values=values)
        tell_moved(incident)
    review = Review.objects.create(
        incident=incident, author=by, written_by=by, barred=_barred(incident, [], by), **_draft(incident)
    )
    record(verb="review.begun", subject=review, actor=by, data={"incident": incident.reference})
    return review


@transaction.atomic
def write_review(*, review_id: uuid.UUID, by: User, changes: Mapping[str, Any], version: int | None = None) -> Review:
    """Write it.  changes: {column: value}, `category` of the cause among them. Who writes does not approve.

    Raises ReviewIsFixed, Stale, and Unfit with `fields`. The ledger keeps which columns changed, not the words.
    """
    review, incident = _hold(review_id, version)
    if not review.is_writable:
        raise ReviewIsFixed(now=ReviewState(review.state).label)
    given = _checked(changes)
    category = given.pop("category", incident.category)
    changed = [name for name, value in given.items() if getattr(review, name) != value]
    if changed:
        for name in changed:
            setattr(review, name, given[name])
        review.written_by, review.barred = by, _barred(incident, review.barred, by)
        raise_version(review).save(update_fields=[*changed, "written_by", "barred", "version"])
    if category != incident.category:
        incident.category = category
        save(incident, "category")
        if not changed:
            raise_version(review).save(update_fields=["version"])
        changed.append("category")
    if changed:
        record(verb="review.written", subject=review, actor=by, data={"changed": sorted(changed)})
    return review


@transaction.atomic
def submit_review(*, review_id: uuid.UUID, by: User, version: int | None = None, now: datetime | None = None) -> Review:
    """Send it for approval. Managers who had no part in it are asked. Raises Unfit where nobody could learn from it."""
    now = now or timezone.now()
    review, incident = _hold(review_id, version)
    review.check_can_become(ReviewState.IN_REVIEW)
    missing = {name: [_("Write a few words here before you send it.")] for name in NEEDED if not _said(review, name)}
    if not incident.category:
        missing["category"] = [_("Say what kind of cause it had.")]
    if missing:
        raise Unfit(fields=missing)
    review.state, review.submitted_at, review.submitted_by = ReviewState.IN_REVIEW, now, by
    review.barred = _barred(incident, review.barred, by)
    fields = ["state", "submitted_at", "submitted_by", "barred", "version"]
    raise_version(review).save(update_fields=fields)
    _write_down(review, incident, "submitted", by=by, now=now)
    tell(
        kind="review.waiting",
        about=review,
        to=approvers_of(review),
        context={"incident": incident, "review": review, "by": by},
        asks=True,
        but=[by],
    )
    return review


@transaction.atomic
def send_back_review(
    *, review_id: uuid.UUID, by: User, reason: str, version: int | None = None, now: datetime | None = None
) -> Review:
    """It is not good enough yet.  reason: what is missing, for those who write it."""
    check_reason(reason)
    now = now or timezone.now()
    review, incident = _hold(review_id, version)
    _check_may_approve(by, review)
    review.check_can_become(ReviewState.SENT_BACK)
    review.state, review.sent_back_reason = ReviewState.SENT_BACK, reason.strip()
    raise_version(review).save(update_fields=["state", "sent_back_reason", "version"])
    cancel(about=review, now=now)
    _write_down(review, incident, "sent_back", by=by, now=now, text=reason.strip())
    _tell_writers(review, incident, "review.sent_back", by)
    return review


@transaction.atomic
def approve_review(
    *, review_id: uuid.UUID, by: User, version: int | None = None, now: datetime | None = None
) -> Review:
    """It stands in the library from now on, and the incident is closed. Raises OwnReview for those who had a part."""
    now = now or timezone.now()
    review, incident = _hold(review_id, version)
    _check_may_approve(by, review)
    review.check_can_become(ReviewState.APPROVED)
    review.state, review.approved_at, review.approved_by = ReviewState.APPROVED, now, by
    raise_version(review).save(update_fields=["state", "approved_at", "approved_by", "version"])
    cancel(about=review, now=now)
    _write_down(review, incident, "approved", by=by, now=now)
    if incident.state == State.IN_REVIEW:
        close(incident_id=incident.pk, by=by)
    _tell_writers(review, incident, "review.approved", by)
    return review


def _hold(review_id: uuid.UUID, version: int | None) -> tuple[Review, Incident]:
    """The review and its incident, both held; the incident first, as everywhere."""
    incident = lock(Review.objects.values_list("incident_id", flat=True).get(pk=review_id))
    review = Review.objects.select_for_update().get(pk=review_id)
    review.incident = incident
    check_version(review, version)
    return review, incident


def _check_may_approve(by: User, review: Review) -> None:
    if not may_approve_reviews(by):
        raise NotAllowed
    if is_barred(by, review):
        raise OwnReview


def _draft(incident: Incident) -> dict[str, str]:
    services = [own_names.shown(service.name) for service in incident.services.all()]
    affected = [*services, *(system.name for system in incident.systems.all())]
    facts = facts_of(incident, incident.events.all())
    return drafted(incident, facts, affected, incident.followers.count())


def _barred(incident: Incident, before: list[uuid.UUID], by: User) -> list[uuid.UUID]:
    return sorted({*before, *in_charge_of(incident), by.pk})


def _said(review: Review, name: str) -> bool:
    return bool(getattr(review, name).strip())


def _checked(changes: Mapping[str, Any]) -> dict[str, Any]:
    """What may be stored. Raises Unfit with everything that may not."""
    wrong: dict[str, list[str]] = {}
    given = {name: _plain(value) for name, value in changes.items()}
    for name, length in {"title": TITLE_LENGTH, **TEXTS}.items():
        text = given.get(name, "")
        if len(text) > length or UNSAFE.search(text):
            wrong[name] = [_("At most %(length)s characters of text.") % {"length": length}]
    if "title" in given and not given["title"]:
        wrong["title"] = [_("Give it a title.")]
    factors = given.get("factors", [])
    if len(factors) > MOST_FACTORS or any(len(each) > FACTOR_LENGTH or UNSAFE.search(each) for each in factors):
        limits = {"most": MOST_FACTORS, "length": FACTOR_LENGTH}
        wrong["factors"] = [_("At most %(most)s, a line each, of at most %(length)s characters.") % limits]
    if given.get("kind", CaseKind.FAILURE) not in CaseKind.values:
        wrong["kind"] = [_("Choose a kind of case.")]
    if given.get("category", "") not in {"", *Category.values}:
        wrong["category"] = [_("Choose a category.")]
    if wrong:
        raise Unfit(fields=wrong)
    return given


def _plain(value: Any) -> Any:
    """As it is compared and kept: one kind of line break, nothing around it."""
    if isinstance(value, str):
        return value.replace("\r\n", "\n").strip()
    return [line for line in (" ".join(each.split()) for each in value) if line]


def _write_down(review: Review, incident: Incident, step: str, *, by: User, now: datetime, text: str = "") -> None:
    record(verb=f"review.{step}", subject=review, actor=by, data={"incident": incident.reference})
    write_down(
        incident,
        EventKind.REVIEW,
        verb=f"incident.review_{step}",
        by=by,
        now=now,
        text=text,
        values={"step": step},
        url=review.get_absolute_url(),
    )


def _tell_writers(review: Review, incident: Incident, kind: str, by: User) -> None:
    context = {"incident": incident, "review": review, "by": by, "reason": review.sent_back_reason}
    tell(kind=kind, about=review, to={review.author, review.submitted_by, review.written_by}, context=context, but=[by])
