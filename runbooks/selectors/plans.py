"""Reads of emergency plans."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Prefetch, Q, QuerySet
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from actions import selectors as actions
from actions.models import Action
from actions.references import number_of
from catalog.models import Service, System
from people.choices import READING, Role
from people.selectors import Anyone, has_role, may_as, people_of_manager, roles_of, whose_duties
from runbooks.choices import VersionState
from runbooks.markdown import to_html
from runbooks.models import Plan, PlanText, PlanVersion

#: They see plans that are not in force too.
SEES_DRAFTS = (*READING, Role.REVIEWER)


@dataclass(frozen=True)
class Shown:
    """A plan as it is read: its version in force, in the reader's language where there is one."""

    plan: Plan
    version: PlanVersion
    text: PlanText

    @property
    def title(self) -> str:
        return self.text.title

    @property
    def html(self) -> SafeString:
        """The text below a page's own heading."""
        return to_html(self.text.text, below=1)

    @property
    def html_below(self) -> SafeString:
        """The text in a section that has a heading itself."""
        return to_html(self.text.text, below=2)


def sees_drafts(user: Anyone) -> bool:
    """Whether the user sees wordings that are not in force."""
    return has_role(user, *SEES_DRAFTS)


def visible_to(user: Anyone) -> QuerySet[Plan]:
    """Plans in force for everybody with a role; drafts and withdrawn ones for those who work on them or read all."""
    if sees_drafts(user):
        return Plan.objects.all()
    if not roles_of(user):
        return Plan.objects.none()
    return Plan.objects.filter(versions__state=VersionState.PUBLISHED).distinct()


def in_force(user: Anyone) -> list[Shown]:
    """Every plan in force that the user may read, by title. Three queries."""
    plans = with_texts(visible_to(user).filter(versions__state=VersionState.PUBLISHED).distinct())
    return sorted(_shown(plans), key=lambda shown: shown.title)


def plans_for(services: Iterable[Service], systems: Iterable[System]) -> list[Shown]:
    """The plans in force that name one of these services or systems. Three queries."""
    named = Q(services__in=list(services)) | Q(systems__in=list(systems))
    plans = with_texts(Plan.objects.filter(named, versions__state=VersionState.PUBLISHED).distinct())
    return sorted(_shown(plans), key=lambda shown: shown.plan.reference)


def published(plan: Plan) -> Shown | None:
    """The plan as it is in force; None when no version is."""
    return next(iter(_shown(with_texts(Plan.objects.filter(pk=plan.pk)))), None)


def best_text(version: PlanVersion, language: str | None = None) -> PlanText | None:
    """The version's text in the language, else in the product's, else in any."""
    texts = {text.language: text for text in version.texts.all()}
    for wanted in (language or get_language() or "", settings.LANGUAGE_CODE):
        if wanted.lower() in texts:
            return texts[wanted.lower()]
    return next((texts[language] for language in sorted(texts)), None)


def with_texts(plans: QuerySet[Plan]) -> QuerySet[Plan]:
    """Plans with `versions_in_force`: none or one, with its texts."""
    in_force = PlanVersion.objects.filter(state=VersionState.PUBLISHED).select_related("published_by")
    versions = Prefetch("versions", in_force.prefetch_related("texts"), to_attr="versions_in_force")
    return plans.select_related("owner").prefetch_related(versions)


def with_causes(plans: QuerySet[Plan], user: Anyone) -> QuerySet[Plan]:
    """The same, with `drafts`: none or one, for those who see drafts; each version with its `seen_causes`."""
    causes = Prefetch("because_of", actions.visible_to(user).order_by("number"), to_attr="seen_causes")
    versions = PlanVersion.objects.select_related("published_by").prefetch_related("texts", causes)
    in_force = versions.filter(state=VersionState.PUBLISHED)
    drafts = versions.filter(state=VersionState.DRAFT) if sees_drafts(user) else versions.none()
    return plans.select_related("owner").prefetch_related(
        Prefetch("versions", in_force, to_attr="versions_in_force"), Prefetch("versions", drafts, to_attr="drafts")
    )


def causes_named(user: Anyone, references: Iterable[str]) -> dict[str, Action]:
    """The actions with these references that the user may see, by reference."""
    numbers = {number: each for each in references if (number := number_of(each)) is not None}
    found = actions.visible_to(user).filter(number__in=numbers)
    return {numbers[each.number]: each for each in found}


def may_write(user: Anyone, plan: Plan) -> bool:
    """Whether the user may say what a draft is for: administrators, and the manager who answers for the plan.

    That is its owner or the owner's manager; whoever acts for the owner may too.
    """
    if has_role(user, Role.ADMINISTRATOR):
        return True
    if plan.owner_id is None or not may_as(user, Role.MANAGER):
        return False
    return plan.owner_id in whose_duties(user) or people_of_manager(user).filter(pk=plan.owner_id).exists()


def _shown(plans: Iterable[Plan]) -> list[Shown]:
    found = []
    for plan in plans:
        for version in plan.versions_in_force:  # type: ignore[attr-defined]
            text = best_text(version)
            if text is not None:
                found.append(Shown(plan, version, text))
    return found
