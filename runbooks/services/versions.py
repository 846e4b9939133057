"""Wordings of a plan: drafted, published once, never edited after that."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from actions.choices import Kind, ProofKind
from actions.links import Proof
from actions.models import Action
from actions.services import verify
from ledger.services import Actor, record
from people.models import User
from runbooks.choices import NEXT, VersionState
from runbooks.digests import digest
from runbooks.errors import CannotMove, IsFixed, NoDraft, NothingWritten, Unfit
from runbooks.models import Plan, PlanText, PlanVersion
from runbooks.services.basis import refresh_basis, subjects_of

TITLE_LENGTH = 160
TEXT_LENGTH = 100_000


@transaction.atomic
def draft_version(*, plan_id: uuid.UUID, by: Actor) -> PlanVersion:
    """The plan's draft: the one there is, or a new one that begins with the texts now in force."""
    plan = Plan.objects.select_for_update().get(pk=plan_id)
    draft = plan.versions.filter(state=VersionState.DRAFT).first()
    if draft is not None:
        return draft
    last = plan.versions.aggregate(last=Max("number"))["last"] or 0
    draft = PlanVersion.objects.create(plan=plan, number=last + 1)
    for text in PlanText.objects.filter(version__plan=plan, version__state=VersionState.PUBLISHED):
        PlanText.objects.create(version=draft, language=text.language, title=text.title, text=text.text)
    record(verb="plan_version.drafted", subject=draft, actor=by)
    return draft


@transaction.atomic
def write_text(*, version_id: uuid.UUID, language: str, title: str, text: str, by: Actor) -> PlanText:
    """Write a draft's title and text (Markdown) in one language, in place of what it had. Raises IsFixed."""
    version = PlanVersion.objects.select_for_update().get(pk=version_id)
    if version.state != VersionState.DRAFT:
        raise IsFixed(version=str(version))
    _check_words(language, title, text)
    written, _created = PlanText.objects.update_or_create(
        version=version, language=language, defaults={"title": title.strip(), "text": text}
    )
    record(verb="plan_version.written", subject=version, actor=by, data={"language": language, "length": len(text)})
    return written


@transaction.atomic
def publish(*, version_id: uuid.UUID, by: Actor, now: datetime | None = None) -> PlanVersion:
    """Put a draft in force. The version before it is superseded; its texts are hashed and can not change any more.

    What the plan names is proven by older wordings only, so its proof turns stale until it is measured again.
    """
    now = now or timezone.now()
    version = _lock(version_id)
    _check_move(version, VersionState.PUBLISHED)
    texts = list(version.texts.all())
    if not any(text.text.strip() for text in texts):
        raise NothingWritten(version=str(version))
    for old in version.plan.versions.filter(state=VersionState.PUBLISHED):
        old.state = VersionState.SUPERSEDED
        old.save(update_fields=["state"])
        record(verb="plan_version.superseded", subject=old, actor=by, data={"by": version.number})
    version.state, version.published_at = VersionState.PUBLISHED, now
    version.published_by = by if isinstance(by, User) else None
    version.sha256 = digest(version.plan.reference, version.number, texts)
    version.save(update_fields=["state", "published_at", "published_by", "sha256"])
    data = {"sha256": version.sha256, "languages": sorted(text.language for text in texts)}
    record(verb="plan_version.published", subject=version, actor=by, data=data)
    refresh_basis(subjects_of(version.plan), now)
    _prove_actions(version, now)
    return version


@transaction.atomic
def name_causes(*, version_id: uuid.UUID, actions: Iterable[Action], by: Actor) -> PlanVersion:
    """Say which actions a draft carries out, whole; publishing it verifies those that ask for a change of plan.

    The same again changes nothing. Raises IsFixed.
    """
    version, wanted = _lock(version_id), list(actions)
    if version.state != VersionState.DRAFT:
        raise IsFixed(version=str(version))
    if set(wanted) != set(version.because_of.all()):
        version.because_of.set(wanted)
        data = {"actions": sorted(action.reference for action in wanted)}
        record(verb="plan_version.causes_named", subject=version, actor=by, data=data)
    return version


@transaction.atomic
def name_causes_of_draft(*, plan_id: uuid.UUID, actions: Iterable[Action], by: Actor) -> PlanVersion:
    """The same for the draft of a plan. Raises NoDraft where none was begun."""
    draft = PlanVersion.objects.filter(plan=plan_id, state=VersionState.DRAFT).first()
    if draft is None:
        raise NoDraft
    return name_causes(version_id=draft.pk, actions=actions, by=by)


@transaction.atomic
def withdraw(*, version_id: uuid.UUID, by: Actor, reason: str, now: datetime | None = None) -> PlanVersion:
    """Take a version out of force, or give up a draft. Its texts stay for those who look back."""
    if not reason.strip():
        raise Unfit(fields={"reason": [_("Say why, in a few words.")]})
    version = _lock(version_id)
    _check_move(version, VersionState.WITHDRAWN)
    before, version.state = version.state, VersionState.WITHDRAWN
    version.save(update_fields=["state"])
    record(verb="plan_version.withdrawn", subject=version, actor=by, data={"from": before})
    refresh_basis(subjects_of(version.plan), now or timezone.now())
    return version


def _prove_actions(version: PlanVersion, now: datetime) -> None:
    """What this version was written for is verified by it."""
    references = [action.reference for action in version.because_of.all()]
    proof = Proof(ProofKind.PLAN_VERSION, str(version), reverse("plan", args=[version.plan.reference]), at=now)
    verify(kind=Kind.CHANGE_PLAN, references=references, proof=proof)


def _lock(version_id: uuid.UUID) -> PlanVersion:
    """The version, its plan held first, so that two publications follow one another."""
    plan_id = PlanVersion.objects.values_list("plan_id", flat=True).get(pk=version_id)
    Plan.objects.select_for_update().get(pk=plan_id)
    return PlanVersion.objects.select_for_update(of=["self"]).select_related("plan").get(pk=version_id)


def _check_move(version: PlanVersion, wanted: VersionState) -> None:
    if wanted not in NEXT[VersionState(version.state)]:
        raise CannotMove(now=VersionState(version.state).label, wanted=wanted.label)


def _check_words(language: str, title: str, text: str) -> None:
    fields: dict[str, list[str]] = {}
    if language not in dict(settings.LANGUAGES):
        fields["language"] = [_("Plans are written in the languages of the product.")]
    if not title.strip() or len(title) > TITLE_LENGTH or "\0" in title:
        fields["title"] = [_("Give it a title of at most 160 characters.")]
    if len(text) > TEXT_LENGTH or "\0" in text:
        fields["text"] = [_("The text is longer than 100,000 characters, or not text.")]
    if fields:
        raise Unfit(fields=fields)
