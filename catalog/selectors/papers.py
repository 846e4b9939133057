"""Documents by when they run out, and analyses by when they are due."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import F, QuerySet
from django.utils import timezone

from catalog.models import Document, Provider, Service, System
from catalog.selectors.basics import visible_to
from people.selectors import Anyone, zone_of

#: From so many days before its end a document is shown as running out.
SOON = timedelta(days=60)


@dataclass(frozen=True)
class Paper:
    """One document as a page shows it. days: until its last day, below zero after it; None without an end."""

    document: Document
    days: int | None

    @property
    def has_ended(self) -> bool:
        return self.days is not None and self.days < 0

    @property
    def ends_soon(self) -> bool:
        return self.days is not None and 0 <= self.days <= SOON.days


def today() -> date:
    """The day it is for the organisation."""
    return timezone.now().astimezone(zone_of(None)).date()


def documents(user: Anyone) -> QuerySet[Document]:
    """Documents in use that the user may see, what runs out first first, those without an end last."""
    rows = visible_to(user, Document).filter(is_active=True)
    rows = rows.select_related("provider", "service", "system", "owner", "file")
    return rows.order_by(F("expires_on").asc(nulls_last=True), "title")


def papers_of(user: Anyone, subject: Provider | Service | System) -> list[Paper]:
    """The documents about one thing."""
    return as_papers(documents(user).filter(**{subject._meta.model_name or "": subject}))


def as_papers(found: Iterable[Document]) -> list[Paper]:
    """Each with the days that are left."""
    now = today()
    return [Paper(each, None if each.expires_on is None else (each.expires_on - now).days) for each in found]


def review_is_due(service: Service) -> bool:
    """Whether somebody should look at its analysis again. One that nobody ever confirmed is due."""
    due_on = service.review_due_on
    return due_on is None or due_on < today()
