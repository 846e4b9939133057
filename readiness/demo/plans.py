"""The demo's emergency plans, in both languages."""

from pathlib import Path

from django.conf import settings

from catalog.models import Service, System
from people.choices import Role
from people.models import User
from readiness.demo.organisation import ACTOR, Organisation
from runbooks.choices import Scenario
from runbooks.services import create_plan, draft_version, publish, write_text

TEXTS = Path(__file__).resolve().parent / "texts"


def publish_all(organisation: Organisation) -> None:
    """Two plans in force: for records that are missing, and for invoices that do not arrive."""
    services, systems, owner = organisation.services, organisation.systems, organisation.people.get(Role.MANAGER)
    put_in_force(
        "EP-002", Scenario.DATA_LOST, "records_missing", [services["invoices"]], [systems["archive"]], owner=owner
    )
    put_in_force("EP-003", Scenario.THIRD_PARTY, "invoices_do_not_arrive", [services["invoices"]], owner=owner)


def put_in_force(
    reference: str,
    scenario: str,
    text: str,
    services: list[Service],
    systems: list[System] | None = None,
    *,
    owner: User | None = None,
) -> None:
    """Publish a plan from its text files, one for each language, each beginning with its title."""
    plan = create_plan(
        reference=reference, by=ACTOR, scenario=scenario, services=services, systems=systems or [], owner=owner
    )
    version = draft_version(plan_id=plan.pk, by=ACTOR)
    for language, _name in settings.LANGUAGES:
        title, _line, body = (TEXTS / f"{text}.{language}.md").read_text(encoding="utf-8").partition("\n")
        write_text(
            version_id=version.pk, language=language, title=title.removeprefix("# "), text=body.strip(), by=ACTOR
        )
    publish(version_id=version.pk, by=ACTOR)
