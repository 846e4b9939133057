"""Loading the demo organisation: a story whose sources are real, so that whatever it shows was measured."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from actions.choices import Kind
from actions.links import About, Source
from actions.services import open_action
from backups.models import BackupPolicy
from common.embedded.places import Places
from incidents.choices import Badness
from incidents.models import Incident
from incidents.services import report
from people.choices import Role
from people.models import User
from people.services import end_set_up
from readiness.demo import plans
from readiness.demo.duty import set_up_duty
from readiness.demo.organisation import ACTOR, Organisation, found
from readiness.demo.protection import ARCHIVE, make_sources, protect
from readiness.services.beginnings import begin
from readiness.services.demo_people import SignIn, cast


def is_loaded() -> bool:
    """Whether the demo organisation is here."""
    return BackupPolicy.objects.filter(slug=ARCHIVE).exists()


def load(*, by: User | None = None, language: str = "") -> list[SignIn] | None:
    """Load the demo organisation, once. Called again it changes nothing.

    by: the administrator who asks; nobody at the first start.  language: in which it is told, else that of the
    installation. Sources are made first, then all rows in one transaction: a crash leaves nothing but files that the
    next call finds. Returns the sign-ins that were made for it, which are shown this once; None when it is here
    already.
    Raises ServerError when the demo's database server cannot be started, or nothing would keep it up.
    """
    own = begin()
    with _one_at_a_time(), override(language or settings.LANGUAGE_CODE):
        if is_loaded():
            return None
        now = timezone.now()
        passwords = make_sources(now)
        with transaction.atomic():
            people, sign_ins = cast(by=by)
            organisation = found(now, people)
            set_up_duty(organisation, now)
            plans.publish_all(organisation)
            protect(organisation, passwords, own.repository)
            _report(organisation)
            end_set_up(by=by or ACTOR)
    return sign_ins


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """The second of two who ask at the same moment finds it loaded. The lock is of the host, as the sources are."""
    with (Places(Path(settings.DATA_DIR)).run / "demo-loading.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


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
