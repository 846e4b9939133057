"""The page of everybody's own account."""

from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import pgettext
from django.views.generic import TemplateView

from people.choices import SENDABLE, Role
from people.models import User
from people.selectors import (
    absence_of,
    acting_for,
    code_waits,
    manager_of,
    masked,
    own_keys,
    roles_of,
    second_factors,
    sessions_of,
    stand_in,
    teams_of,
)
from people.views.signed import Signed

#: Enough to recognise one's own; the API has all.
SHOWN = 50


class Account(Signed, TemplateView):
    """/account/: who I am here, how I am reached, when I am away, where I am signed in, and my keys."""

    template_name = "people/account.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """`roles`, `teams`, `manager`, `away`, `acts`, `acting`, `absences`, `contacts`, `sessions`, `keys`,
        `has_factor`, `ends` (the last day, in words).
        """
        person, now = self.by, timezone.now()
        away = absence_of(person, now)
        this = self.request.session.session_key
        return super().get_context_data(
            nav="account",
            now=now,
            roles=[Role(name).label for name in sorted(roles_of(person))],
            teams=teams_of(person),
            manager=manager_of(person),
            away=away,
            acts=stand_in(person, now) if away else None,
            acting=User.objects.filter(pk__in=acting_for(person, now)),
            absences=[each for each in person.absences.select_related("substitute") if not each.is_over(now)],
            contacts=[
                {
                    "row": contact,
                    "shown": contact.address or masked(contact),
                    "code_waits": code_waits(contact, now),
                    "may_be_sent_to": contact.kind in SENDABLE,
                }
                for contact in person.contact_methods.all()
            ],
            sessions=[{"row": each, "is_this": each.session_key == this} for each in sessions_of(person)[:SHOWN]],
            keys=own_keys(person)[:SHOWN],
            has_factor=second_factors(person).exists(),
            ends=person.ends_on and date_format(person.ends_on, pgettext("date format", "j F Y")),
            **kwargs,
        )
