"""One incident is taken along: written down before the first byte leaves."""

from django.db import transaction

from incidents.models import Incident
from ledger.services import record
from people.models import User


@transaction.atomic
def export_incident(*, incident: Incident, by: User, form: str) -> None:
    """Write down that somebody takes a whole incident along.  form: zip or pdf."""
    record(verb="incident.exported", subject=incident, actor=by, data={"form": form, "state": incident.state})
