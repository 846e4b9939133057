"""Whose work somebody does, and what waits for people about themselves and for those who keep keys."""

from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from common.work import MOST, Urgency, WorkItem
from people.choices import Role
from people.models import User
from people.selectors.absences import acting_for
from people.selectors.keys import about_to_end
from people.selectors.persons import Anyone, has_role


def working_for(user: Anyone, now: datetime) -> dict[UUID, str]:
    """Whose work is the user's: {id: name of an absent person, empty for the user's own}. Two queries at most."""
    if not user.is_authenticated:
        return {}
    absent = acting_for(user, now)
    names = {person.pk: str(person) for person in User.objects.filter(pk__in=absent)} if absent else {}
    return {user.pk: "", **names}


def work_of(user: Anyone, now: datetime) -> list[WorkItem]:
    """Keys that are about to end, for those who keep them."""
    if not has_role(user, Role.ADMINISTRATOR):
        return []
    keys = about_to_end(now).order_by("expires_at")[:MOST]
    return [
        WorkItem(
            kind="people.renew_key",
            title=_("Renew the key of a program, or let it end"),
            about=key.name,
            url=reverse("admin:people_apikey_change", args=[key.pk]),
            since=key.created_at,
            due_at=key.expires_at,
            urgency=Urgency.SOON,
        )
        for key in keys
    ]
