"""Reviews and the cases of the library: who sees, writes and approves them."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any, Self
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import QueryDict

from actions.selectors import Line, as_lines, of_source
from catalog.models import Service
from common import own_names
from common import search as search_words
from common.search import matching
from incidents.choices import Category
from incidents.drafting import Facts, facts_of
from incidents.models import Incident, Review
from incidents.reviews import CaseKind, ReviewState
from incidents.selectors.keys import key_of
from incidents.selectors.seeing import visible_to
from people.choices import Role
from people.models import User
from people.selectors import Anyone, for_whom, has_role, reads_all, same_hands, with_role, works

#: Who approves reviews: those who answer for the work of others.
APPROVING = (Role.MANAGER, Role.ADMINISTRATOR)
SEARCH_LENGTH = 100
YEAR = re.compile(r"2[0-9]{3}", re.ASCII)


def visible_reviews(user: Anyone) -> QuerySet[Review]:
    """Reviews of the incidents that the user reads whole. Reporters and reviewers of access see none."""
    if not reads_all(user):
        return Review.objects.none()
    return Review.objects.filter(incident__in=visible_to(user)).select_related("incident")


def cases(user: Anyone) -> QuerySet[Review]:
    """What is in the library, as far as the user may see it; newest first."""
    return visible_reviews(user).filter(state=ReviewState.APPROVED).order_by("-approved_at", "-pk")


def review_of(incident: Incident) -> Review | None:
    """The review of an incident. None: nobody began one."""
    found = Review.objects.filter(incident=incident).select_related("author", "written_by", "approved_by").first()
    if found is not None:
        found.incident = incident
    return found


def needs_review(incident: Incident) -> bool:
    """Whether only an approved review closes it: the severe ones as the house set it, and major ones."""
    required: int = settings.REVIEW_REQUIRED_SEVERITY
    if not required or incident.cause_key.startswith("exercise:"):
        return False
    return incident.is_major or incident.severity <= required


def waiting_for_review() -> Q:
    """The incidents that only a review closes, and that have no approved one."""
    required: int = settings.REVIEW_REQUIRED_SEVERITY
    if not required:
        return Q(pk__in=[])
    is_needed = (Q(severity__lte=required) | Q(is_major=True)) & ~Q(cause_key__startswith="exercise:")
    approved = Review.objects.filter(incident=OuterRef("pk"), state=ReviewState.APPROVED)
    return is_needed & ~Q(Exists(approved))


def writes_reviews(user: Anyone) -> bool:
    """Whether the user writes reviews at all."""
    return works(user)


def may_approve_reviews(user: Anyone) -> bool:
    """Whether the user approves reviews at all, or acts for somebody absent who does."""
    return has_role(user, *APPROVING) or (works(user) and bool(for_whom(user, *APPROVING)))


def is_barred(user: User, review: Review) -> bool:
    """Whether the user had a part in it, in person or by a program, or could only approve for somebody who had."""
    barred = {*review.barred, review.incident.owner_id}
    if not barred.isdisjoint(same_hands(user)):
        return True
    return not has_role(user, *APPROVING) and all(each.pk in barred for each in for_whom(user, *APPROVING))


def may_approve(user: Anyone, review: Review) -> bool:
    """Whether the user may approve this one now."""
    is_waiting = review.state == ReviewState.IN_REVIEW
    return is_waiting and isinstance(user, User) and may_approve_reviews(user) and not is_barred(user, review)


def approvers_of(review: Review) -> list[User]:
    """Who is asked to approve it: managers without a part in it who see the incident, else administrators."""
    for role in (Role.MANAGER, Role.ADMINISTRATOR):
        free = [person for person in with_role(role) if not is_barred(person, review)]
        seeing = [person for person in free if visible_reviews(person).filter(pk=review.pk).exists()]
        if seeing:
            return seeing
    return []


@dataclass(frozen=True)
class CasesWanted:
    """Which cases are wanted. What an address says wrongly is as if it were not said."""

    category: str = ""
    kind: str = ""
    service: str = ""
    year: int | None = None
    search: str = ""

    @classmethod
    def read(cls, query: QueryDict) -> Self:
        category, kind, year = query.get("category", ""), query.get("kind", ""), query.get("year", "")
        return cls(
            category=category if category in Category.values else "",
            kind=kind if kind in CaseKind.values else "",
            service=query.get("service", "") if _is_service(query.get("service", "")) else "",
            year=int(year) if YEAR.fullmatch(year) else None,
            search=query.get("q", "").replace("\0", "").strip()[:SEARCH_LENGTH],
        )

    @property
    def is_unfiltered(self) -> bool:
        """Whether everything was asked for."""
        return self == CasesWanted()

    def said(self) -> list[tuple[str, str]]:
        """What differs from the plain list."""
        said = {"category": self.category, "kind": self.kind, "service": self.service}
        said |= {"year": str(self.year or ""), "q": self.search}
        return [(name, value) for name, value in said.items() if value]

    @property
    def query(self) -> str:
        """How it stands in an address, ending in & unless it is empty."""
        said = urlencode(self.said())
        return f"{said}&" if said else ""


def found_cases(user: Anyone, wanted: CasesWanted) -> QuerySet[Review]:
    """The cases of the library that the user sees and wants, the newest first."""
    found = cases(user).prefetch_related("incident__services", "incident__systems")
    narrowed: dict[str, Any] = {"kind": wanted.kind, "incident__category": wanted.category}
    narrowed["incident__services"] = wanted.service
    found = found.filter(**{name: value for name, value in narrowed.items() if value})
    if wanted.year:
        found = found.filter(approved_at__year=wanted.year)
    return matching(found, search_words.Wanted.of(wanted.search))


def case_years(user: Anyone) -> list[int]:
    """The years in which cases were approved, the newest first."""
    days: list[date] = list(cases(user).order_by().dates("approved_at", "year", order="DESC"))
    return [day.year for day in days]


def case_services(user: Anyone) -> QuerySet[Service]:
    """The services that cases are about."""
    return Service.objects.filter(incidents__review__in=cases(user).order_by()).distinct().order_by("name")


def _is_service(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


@dataclass(frozen=True)
class ReviewPage:
    """What stands around the words of a review. affected: names of services and systems, as the reader calls them."""

    facts: Facts
    affected: list[str]
    actions: list[Line]
    is_barred: bool


def page_of_review(review: Review, user: User) -> ReviewPage:
    """The facts of the timeline, what is affected, and the actions with their proof. The review must be visible."""
    incident = review.incident
    services = [own_names.shown(service.name) for service in incident.services.all()]
    return ReviewPage(
        facts=facts_of(incident, incident.events.all()),
        affected=[*services, *(system.name for system in incident.systems.all())],
        actions=as_lines(of_source(user, key_of(incident)), user),
        is_barred=is_barred(user, review),
    )
