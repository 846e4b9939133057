"""Loading the demo organisation: a story whose sources are real, so that whatever it shows was measured."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from actions.choices import Kind
from actions.links import About, Source
from actions.services import open_action
from backups.models import BackupPolicy
from incidents.choices import Badness
from incidents.models import Incident
from incidents.services import report
from people.choices import Role
from people.services import end_set_up
from readiness.demo import plans
from readiness.demo.organisation import ACTOR, Organisation, found
from readiness.demo.protection import ARCHIVE, make_sources, protect
from readiness.services.beginnings import begin


def is_loaded() -> bool:
    """Whether the demo organisation is here."""
    return BackupPolicy.objects.filter(slug=ARCHIVE).exists()


def load() -> bool:
    """Load the demo organisation, once. Returns whether it was loaded now; called again it changes nothing.

    Sources are made first, then all rows in one transaction: a crash leaves nothing but files that the next call
    finds. Raises ServerError when the demo's database server cannot be started.
    """
    own = begin()
    if is_loaded():
        return False
    now = timezone.now()
    passwords = make_sources(now)
    with transaction.atomic(), override(settings.LANGUAGE_CODE):
        organisation = found(now)
        plans.publish_all(organisation)
        protect(organisation, passwords, own.repository)
        _report(organisation)
        end_set_up(by=ACTOR)
    return True


def _report(organisation: Organisation) -> None:
    """What somebody noticed this morning, and what was decided at once."""
    reporter, responder = organisation.people.get(Role.REPORTER), organisation.people.get(Role.RESPONDER)
    if reporter is None or responder is None:
        return
    now = timezone.now()
    incident = report(
        by=reporter,
        title=_("Supplier invoices are not in the archive"),
        description=_(
            "Invoices that we posted last week cannot be found in the archive. A supplier asks for one of them, "
            "and the tax office expects all of them on request."
        ),
        services=[organisation.services["invoices"]],
        systems=[organisation.systems["archive"]],
        occurred_at=now - timedelta(days=1),
        place=_("Head office"),
        badness=Badness.HINDERED,
        steps_tried=_("Searched by number and by supplier, signed in again, asked a colleague."),
        now=now,
    )
    _decide(incident, organisation)


def _decide(incident: Incident, organisation: Organisation) -> None:
    archive = BackupPolicy.objects.get(slug=ARCHIVE)
    open_action(
        title=_("Let the archive take in the missing invoices, and prove it by a restore test"),
        kind=Kind.FIX_BACKUP,
        owner=organisation.people[Role.RESPONDER],
        due_on=timezone.localdate() + timedelta(days=14),
        by=ACTOR,
        source=Source(
            "incident",
            incident.reference,
            url=incident.get_absolute_url(),
            label=incident.title,
            key=f"incidents.incident:{incident.pk}",
        ),
        about=About(archive.cause_key, archive.name, archive.get_absolute_url()),
    )
