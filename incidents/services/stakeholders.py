"""Who else wants to know: people named at an incident, and people who asked to be told of such incidents."""

import uuid
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from catalog.models import Service
from common.versions import raise_version
from incidents.choices import SCALES_OF_SEVERITY
from incidents.errors import Unfit
from incidents.models import Incident, NewsSubscription, Stakeholder, Update
from incidents.selectors.telling import stakeholders_of
from incidents.services.audience import matter_of, urgency_of
from incidents.services.rows import Who, lock
from ledger.services import record
from notify.services import tell
from people.models import Team, User


@transaction.atomic
def name_stakeholder(
    *, incident_id: uuid.UUID, by: User, person: User | None = None, team: Team | None = None
) -> Stakeholder:
    """From now on this person, or everybody of this team, is told of the incident. Twice is once. Raises Unfit."""
    if (person is None) == (team is None):
        raise Unfit(fields={"person": [_("Choose a person or a team.")]})
    if person is not None and (not person.is_active or person.is_machine):
        raise Unfit(fields={"person": [_("This person cannot be reached.")]})
    incident = lock(incident_id)
    named, is_new = Stakeholder.objects.get_or_create(incident=incident, person=person, team=team)
    if is_new:
        record(verb="incident.stakeholder_named", subject=incident, actor=by, data={"label": str(person or team)})
    return named


@transaction.atomic
def unname_stakeholder(*, stakeholder_id: uuid.UUID, by: User) -> None:
    """Not told of it by name any more. Raises Stakeholder.DoesNotExist."""
    named = Stakeholder.objects.select_related("incident", "person", "team").get(pk=stakeholder_id)
    record(verb="incident.stakeholder_unnamed", subject=named.incident, actor=by, data={"label": str(named)})
    named.delete()


@transaction.atomic
def subscribe_to_news(
    *, person: User, by: Who, severities: Iterable[Any] = (), services: Iterable[Service] = ()
) -> NewsSubscription:
    """Tell this person of incidents of these severities that touch these services. Set again, it is replaced."""
    wanted = sorted({str(each) for each in severities})
    if not set(wanted) <= {str(each) for each in SCALES_OF_SEVERITY}:
        raise Unfit(fields={"severities": [_("Severities are 1 to 4.")]})
    row, is_new = NewsSubscription.objects.select_for_update().get_or_create(person=person)
    row.severities = wanted
    (row if is_new else raise_version(row)).save(update_fields=["severities", "version"])
    row.services.set(services)
    data = {"severities": wanted, "services": sorted(str(each) for each in row.services.values_list("pk", flat=True))}
    record(verb="news.subscribed", subject=row, actor=by, data=data)
    return row


@transaction.atomic
def unsubscribe_from_news(*, person: User, by: Who) -> bool:
    """False when there was nothing to end."""
    row = NewsSubscription.objects.filter(person=person).first()
    if row is None:
        return False
    record(verb="news.unsubscribed", subject=row, actor=by)
    row.delete()
    return True


def tell_stakeholders(incident: Incident, update: Update, text: Any, *, but: User, dedupe_key: str) -> None:
    """Each in their own language; channels that subscribed to it hear it too."""
    tell(
        kind="incident.stakeholders",
        about=incident,
        to=stakeholders_of(incident),
        context={"incident": incident, "text": text, "title": incident.public_title or incident.shown_title},
        urgency=urgency_of(incident),
        dedupe_key=dedupe_key,
        matter=matter_of(incident),
        but=[but],
    )
