"""What waits for a person in the catalog."""

from datetime import date, datetime, time, timedelta

from django.utils.translation import gettext_lazy as _

from catalog.models import Document, Service
from catalog.selectors.basics import visible_to
from catalog.selectors.papers import SOON, review_is_due, today
from common import own_names
from common.work import MOST, WorkItem
from people.selectors import Anyone, working_for, zone_of


def work_of(user: Anyone, now: datetime) -> list[WorkItem]:
    """Documents of the user that run out, and services of the user whose analysis somebody should look at again."""
    people = working_for(user, now)
    ending = visible_to(user, Document).filter(is_active=True, owner__in=people, expires_on__lte=today() + SOON)
    services = visible_to(user, Service).filter(is_active=True, owner__in=people).order_by("created_at")
    documents = [
        WorkItem(
            kind="catalog.renew_document",
            title=_("Renew the document, or say that it is not needed any more"),
            about=str(document),
            url=document.get_absolute_url(),
            since=document.created_at,
            due_at=_end_of(document.expires_on),
            state_word=document.get_kind_display(),
            acting_for=people.get(document.owner_id, "") if document.owner_id else "",
        )
        for document in ending.select_related("provider", "service", "system").order_by("expires_on")[:MOST]
    ]
    return documents + [
        WorkItem(
            kind="catalog.review",
            title=_("Look at the targets of the service again"),
            about=own_names.shown(service.name),
            url=service.get_absolute_url(),
            since=service.created_at,
            due_at=_end_of(service.review_due_on),
            acting_for=people.get(service.owner_id, "") if service.owner_id else "",
        )
        for service in services[:MOST]
        if review_is_due(service)
    ]


def _end_of(day: date | None) -> datetime | None:
    """When the day is over for the organisation."""
    return None if day is None else datetime.combine(day + timedelta(days=1), time.min, tzinfo=zone_of(None))
