"""The demo's organisation: shared services of a company, in the language of the installation.

Every name is a text of the catalogs; nothing here is proven by being written down.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from catalog.choices import Criticality, DependencyKind, DocumentKind
from catalog.models import Provider, Service, Site, System
from catalog.services import add_dependency, add_document, add_provider, add_service, add_site, add_system, set_impacts
from people.choices import Role
from people.models import User
from people.selectors import organisation
from people.services import add_team, name_organisation, set_manager

ACTOR = "system:demo"
#: What a house is called that nobody named.
NOT_NAMED = "Holdfast"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True)
class Organisation:
    """What later steps of the demo point to."""

    people: dict[str, User]
    services: dict[str, Service]
    systems: dict[str, System]


def found(now: datetime, people: dict[str, User]) -> Organisation:
    """Write down what the business needs, what it runs on, who outside carries it, and who answers for what.

    people: who stands for each role, as far as somebody does.
    """
    _name_house()
    _teams(people)
    sites = _sites()
    systems = _systems(sites, people)
    services = _services(people)
    _dependencies(services, systems)
    _outside(services, systems, people, now.date())
    return Organisation(people, services, systems)


def _name_house() -> None:
    """A name of the story, where nobody gave one; the clock stays."""
    house = organisation()
    if house.name == NOT_NAMED:
        name_organisation(name=_("Example Shared Services"), time_zone=house.time_zone, by=ACTOR)


def _teams(people: dict[str, User]) -> None:
    manager = people.get(Role.MANAGER)
    add_team(
        name=_("IT operations"),
        by=ACTOR,
        manager=manager,
        members=[people[role] for role in (Role.RESPONDER, Role.ADMINISTRATOR) if role in people],
    )
    add_team(
        name=_("Finance shared services"),
        by=ACTOR,
        manager=manager,
        members=[people[role] for role in (Role.REPORTER, Role.REVIEWER) if role in people],
    )
    for role, person in people.items():
        if manager is not None and role not in {Role.MANAGER, Role.AUDITOR}:
            set_manager(person_id=person.pk, manager=manager, by=ACTOR)


def _sites() -> dict[str, Site]:
    return {
        "head": add_site(by=ACTOR, name=_("Head office")),
        "centre": add_site(by=ACTOR, name=_("Data centre")),
        "branch": add_site(by=ACTOR, name=_("Branch office")),
    }


def _systems(sites: dict[str, Site], people: dict[str, User]) -> dict[str, System]:
    owner = people.get(Role.RESPONDER)
    named = {
        "accounting": (_("Accounting system"), sites["centre"]),
        "archive": (_("Invoice archive"), sites["centre"]),
        "portal": (_("Purchasing portal"), sites["centre"]),
        "contracts": (_("Contract register"), sites["head"]),
        "payroll": (_("Payroll system"), sites["centre"]),
        "share": (_("File share of the branch office"), sites["branch"]),
    }
    return {
        key: add_system(by=ACTOR, name=name, site=site, owner=owner, recovery_time_objective=2 * HOUR)
        for key, (name, site) in named.items()
    }


def _services(people: dict[str, User]) -> dict[str, Service]:
    owner = people.get(Role.MANAGER)
    invoices = add_service(
        by=ACTOR,
        name=_("Supplier invoices"),
        description=_("Invoices of suppliers are received, checked, posted, paid and kept for ten years."),
        criticality=Criticality.CRITICAL,
        owner=owner,
        recovery_time_objective=4 * HOUR,
        recovery_point_objective=DAY,
        maximum_tolerable_downtime=2 * DAY,
        minimum_objective=_("Invoices that are due within three days are paid from paper."),
    )
    impacts = [("money", [1, 2, 3]), ("legal", [1, 1, 3]), ("reputation", [1, 2, 2])]
    set_impacts(
        service_id=invoices.pk,
        by=ACTOR,
        impacts=[
            {"criterion": criterion, "after": after, "level": level}
            for criterion, levels in impacts
            for after, level in zip((4 * HOUR, DAY, 3 * DAY), levels, strict=True)
        ],
    )
    rest: dict[str, dict[str, Any]] = {
        "payroll": {"name": _("Payroll"), "criticality": Criticality.CRITICAL},
        "purchasing": {"name": _("Purchasing"), "criticality": Criticality.IMPORTANT},
        "contracts": {"name": _("Contract management"), "criticality": Criticality.NORMAL},
        "branch": {"name": _("Work of the branch office"), "criticality": Criticality.NORMAL},
    }
    for details in rest.values():
        details |= {"recovery_time_objective": 8 * HOUR, "recovery_point_objective": DAY, "owner": owner}
    return {"invoices": invoices} | {key: add_service(by=ACTOR, **details) for key, details in rest.items()}


def _dependencies(services: dict[str, Service], systems: dict[str, System]) -> None:
    required = [
        ("invoices", "accounting"),
        ("invoices", "archive"),
        ("payroll", "payroll"),
        ("purchasing", "portal"),
        ("contracts", "contracts"),
        ("branch", "share"),
    ]
    for service, system in required:
        add_dependency(by=ACTOR, service=services[service], on_system=systems[system])
    add_dependency(by=ACTOR, service=services["payroll"], on_system=systems["accounting"], kind=DependencyKind.DEGRADED)
    add_dependency(
        by=ACTOR, service=services["purchasing"], on_service=services["contracts"], kind=DependencyKind.OPTIONAL
    )


def _outside(services: dict[str, Service], systems: dict[str, System], people: dict[str, User], today: date) -> None:
    owner = people.get(Role.RESPONDER)
    network: Provider = add_provider(
        by=ACTOR,
        name=_("Network for electronic invoices"),
        description=_("Brings the invoices of suppliers and hands them to accounting and archive."),
        services=[services["invoices"]],
        owner=owner,
    )
    add_provider(
        by=ACTOR,
        name=_("Operator of the data centre"),
        systems=[systems[key] for key in ("accounting", "archive", "portal", "payroll")],
        owner=owner,
    )
    maker = add_provider(by=ACTOR, name=_("Maker of the invoice archive"), systems=[systems["archive"]], owner=owner)
    papers: list[dict[str, Any]] = [
        {"title": _("Contract on electronic invoices"), "kind": DocumentKind.CONTRACT, "provider": network},
        {"title": _("Licence of the invoice archive"), "kind": DocumentKind.LICENCE, "provider": maker},
        {"title": _("Certificate of the purchasing portal"), "kind": DocumentKind.CERTIFICATE},
    ]
    papers[2]["system"] = systems["portal"]
    for paper, days in zip(papers, (200, 40, 12), strict=True):
        add_document(by=ACTOR, owner=owner, expires_on=today + timedelta(days=days), **paper)
