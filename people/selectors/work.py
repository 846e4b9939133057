"""Whose work somebody does, and what waits for people about themselves and for those who keep keys."""

from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.work import MOST, Urgency, WorkItem
from people.choices import Role
from people.models import User
from people.selectors.absences import acting_for
from people.selectors.duty import on_duty_somewhere
from people.selectors.keys import about_to_end
from people.selectors.persons import Anyone, has_role, roles_of


def working_for(user: Anyone, now: datetime) -> dict[UUID, str]:
    """Whose work is the user's: {id: name of an absent person, empty for the user's own}. Two queries at most."""
    if not user.is_authenticated:
        return {}
    absent = acting_for(user, now)
    names = {person.pk: str(person) for person in User.objects.filter(pk__in=absent)} if absent else {}
    return {user.pk: "", **names}


def work_of(user: Anyone, now: datetime) -> list[WorkItem]:
    """The user's duty at this moment, and keys that are about to end, for those who keep them."""
    return [*_duties(user, now), *_keys(user, now)]


def _duties(user: Anyone, now: datetime) -> list[WorkItem]:
    """The user's own, and those of the absent for whom the user acts."""
    people = working_for(user, now)
    if not people or not roles_of(user):
        return []
    # Who is away and has a substitute is not on duty.
    mine = [(roster, duty) for roster, duty in on_duty_somewhere(people, now) if duty.person.pk == user.pk]
    return [
        WorkItem(
            kind="people.on_duty",
            title=_("You are on duty"),
            about=roster.name,
            url=roster.get_absolute_url(),
            since=duty.since,
            state_word=until(duty.until),
            acting_for=str(duty.instead_of or ""),
        )
        for roster, duty in mine[:MOST]
    ]


def _until(at: datetime) -> str:
    return gettext("until %(time)s") % {"time": date_format(timezone.localtime(at), "DATETIME_FORMAT")}


until = lazy(_until, str)


def _keys(user: Anyone, now: datetime) -> list[WorkItem]:
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
