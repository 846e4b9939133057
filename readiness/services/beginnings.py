"""The first start: Holdfast knows itself, protects itself, and has one plan for its own database."""

import platform
from datetime import timedelta
from pathlib import Path

from django import get_version
from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from backups.models import BackupPolicy
from backups.services import protect_itself
from catalog.choices import Criticality
from catalog.models import Service, System
from catalog.services import add_dependency, add_service, add_site, add_system, change_system
from incidents.services import begin_promises
from people.services import begin_calendars
from runbooks.choices import Scenario
from runbooks.models import Plan
from runbooks.services import create_plan, draft_version, publish, write_text

ACTOR = "system:first_start"
PLAN = "EP-001"
TEXTS = Path(__file__).resolve().parent.parent / "texts"


def begin() -> BackupPolicy:
    """Set up what a new installation stands on. Called again it only notes a new release.

    Names are written in the installation's language; they can be changed afterwards like any other.
    """
    own = BackupPolicy.objects.filter(is_own=True).select_related("system").first()
    if own is not None:
        if own.system.release != release():
            change_system(system_id=own.system.pk, by=ACTOR, release=release())
        return own
    with transaction.atomic(), override(settings.LANGUAGE_CODE):
        site = add_site(by=ACTOR, name=_("This host"))
        system = add_system(by=ACTOR, name="Holdfast", site=site, release=release())
        service = add_service(
            by=ACTOR,
            name=_("Incident management and emergency plans"),
            criticality=Criticality.CRITICAL,
            recovery_time_objective=timedelta(hours=1),
            recovery_point_objective=timedelta(hours=24),
        )
        add_dependency(by=ACTOR, service=service, on_system=system)
        _plan(service, system)
        working, always = begin_calendars(by=ACTOR)
        begin_promises(working=working, always=always, by=ACTOR)
        return protect_itself(system=system, site=site)


def release() -> str:
    """What Holdfast runs on now: a new one was not proven yet."""
    number = connection.cursor().connection.server_version
    return f"PostgreSQL {number // 10000}.{number % 10000}, Django {get_version()}, Python {platform.python_version()}"


def _plan(service: Service, system: System) -> None:
    """One plan in force, in both languages, unless somebody wrote plans already."""
    if Plan.objects.exists():
        return
    plan = create_plan(reference=PLAN, by=ACTOR, scenario=Scenario.DATABASE, services=[service], systems=[system])
    version = draft_version(plan_id=plan.pk, by=ACTOR)
    for language, _name in settings.LANGUAGES:
        title, _line, text = (TEXTS / f"database_failure.{language}.md").read_text(encoding="utf-8").partition("\n")
        write_text(
            version_id=version.pk, language=language, title=title.removeprefix("# "), text=text.strip(), by=ACTOR
        )
    publish(version_id=version.pk, by=ACTOR)
