"""Finding plans by words."""

import re

from django.db.models import Q, QuerySet
from django.urls import reverse

from common.search import EXACT, Hit, Wanted, found, ranked
from people.selectors import Anyone
from runbooks.choices import VersionState
from runbooks.models import Plan, PlanText
from runbooks.selectors.plans import best_text, sees_drafts, visible_to

#: What a reader of drafts may find; what is over is not offered.
OFFERED = (VersionState.PUBLISHED, VersionState.DRAFT)


def search(text: str, user: Anyone) -> list[Hit]:
    """Plans by any word of their text, in any language, and by reference; drafts for those who see them."""
    wanted = Wanted.of(text)
    named = [_of_plan(plan) for plan in visible_to(user).filter(_called(wanted.text))] if wanted else []
    texts = found(_texts(user), wanted, names="title") if not named else []
    return named + list({hit.url: hit for hit in reversed([_hit(each, rank) for each, rank in ranked(texts)])}.values())


def _called(text: str) -> Q:
    """Plans with this reference, however it is written: "ep 2" is EP-002."""
    parts = re.fullmatch(r"([A-Za-z]{1,10})[\s_-]?0*([0-9]{1,10})", text)
    return Q(reference__iregex=rf"^{parts[1]}-?0*{parts[2]}$") if parts else Q(reference__iexact=text)


def _texts(user: Anyone) -> QuerySet[PlanText]:
    states = OFFERED if sees_drafts(user) else (VersionState.PUBLISHED,)
    texts = PlanText.objects.filter(version__plan__in=visible_to(user), version__state__in=states)
    return texts.select_related("version__plan").prefetch_related("version__texts")


def _of_plan(plan: Plan) -> Hit:
    return Hit(kind="plan", title=plan.reference, url=reverse("plan", args=[plan.reference]), rank=EXACT)


def _hit(text: PlanText, rank: float) -> Hit:
    """Whatever language the words were found in, the plan is named in the reader's."""
    version = text.version
    return Hit(
        kind="plan",
        title=(best_text(version) or text).title,
        reference=version.plan.reference,
        url=reverse("plan", args=[version.plan.reference]),
        detail="" if version.state == VersionState.PUBLISHED else version.get_state_display(),
        rank=rank,
    )
