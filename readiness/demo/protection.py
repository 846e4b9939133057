"""How the demo's systems are saved: real policies, which run at the first start. One of them fails, and rightly so."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from secrets import token_urlsafe
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from backups.choices import Engine, RunKind
from backups.models import BackupPolicy, Repository
from backups.services import create_policy, request_run
from common.embedded.places import Places
from people.choices import Role
from people.selectors import organisation
from readiness.demo import sources
from readiness.demo.organisation import ACTOR, Organisation
from readiness.demo.server import server_up, write

#: By this policy one sees that the demo is here.
ARCHIVE = "invoice-archive"
NEWEST_MAY_BE = timedelta(days=3)


@dataclass(frozen=True)
class Saved:
    """One policy of the demo. databases and folders: names below the demo's own."""

    slug: str
    system: str
    database: str = ""
    folder: str = ""
    assertions: tuple[dict[str, Any], ...] = field(default=())


def policies() -> list[Saved]:
    """What is saved, and what a copy has to show to count."""
    return [
        Saved(
            ARCHIVE,
            "archive",
            database="demo_archive",
            folder="archive",
            assertions=(
                _rows(_("Archived documents"), "SELECT count(*) FROM documents", 400),
                {
                    "label": _("The newest archived invoice is at most three days old"),
                    "path": "*.xml",
                    "ask": "newest",
                    "compare": "younger_than",
                    "value": int(NEWEST_MAY_BE.total_seconds()),
                },
            ),
        ),
        Saved(
            "accounting",
            "accounting",
            database="demo_accounting",
            assertions=(
                _rows(_("Posted invoices"), "SELECT count(*) FROM invoices", 400),
                _rows(_("No invoice without a supplier"), "SELECT count(supplier) FROM invoices", 400),
            ),
        ),
        Saved(
            "payroll",
            "payroll",
            database="demo_payroll",
            assertions=(_rows(_("Payslips"), "SELECT count(*) FROM payslips", 400),),
        ),
        Saved("purchasing-portal", "portal", folder="portal", assertions=(_files(_("Orders"), "orders/*", 50),)),
        Saved(
            "contracts", "contracts", folder="contracts", assertions=(_files(_("Signed contracts"), "signed/*", 30),)
        ),
        Saved("branch-office", "share", folder="branch", assertions=(_files(_("Weekly reports"), "reports/*", 10),)),
    ]


def make_sources(now: datetime) -> dict[str, str]:
    """Make the databases and folders that are not there yet. Returns the password of each database."""
    places = Places(Path(settings.DATA_DIR))
    tables = {
        "demo_accounting": sources.ACCOUNTING,
        "demo_archive": sources.ARCHIVE,
        "demo_payroll": sources.PAYROLL,
    }
    passwords = {database: token_urlsafe(24) for database in tables}
    with server_up() as cluster:
        for database, statements in tables.items():
            write(cluster, database, passwords[database], statements, sources.NUMBERS)
    folders = {
        "archive": sources.archived(now),
        "portal": sources.orders(now),
        "contracts": sources.contracts(now),
        "branch": sources.branch(now),
    }
    for name, files in folders.items():
        sources.put(places.demo / name, files)
    return passwords


def protect(organisation: Organisation, passwords: dict[str, str], repository: Repository) -> list[BackupPolicy]:
    """Set up the policies, and have each one saved, checked and restored as soon as a worker can."""
    made = []
    for position, each in enumerate(policies()):
        system = organisation.systems[each.system]
        policy = create_policy(
            by=ACTOR,
            name=system.name,
            slug=each.slug,
            system=system,
            repository=repository,
            owner=organisation.people.get(Role.RESPONDER),
            sources=list(_sources(each, passwords)),
            assertions=list(each.assertions),
            schedules=_schedules(position),
            accept_no_isolation=True,
        )
        made.append(policy)
    for kind in (RunKind.BACKUP, RunKind.CHECK, RunKind.RESTORE_TEST):
        for policy in made:
            request_run(policy_id=policy.pk, kind=kind, by=ACTOR)
    return made


def _sources(each: Saved, passwords: dict[str, str]) -> Iterable[dict[str, Any]]:
    places = Places(Path(settings.DATA_DIR))
    if each.database:
        yield {
            "name": "database",
            "engine": Engine.POSTGRESQL,
            "settings": {"host": str(places.demo_sockets), "database": each.database, "user": each.database},
            "password": passwords[each.database],
        }
    if each.folder:
        yield {"name": "files", "engine": Engine.FOLDER, "settings": {"path": str(places.demo / each.folder)}}


def _schedules(position: int) -> list[dict[str, str]]:
    """Every night, one after the other; restore tests once a week, each on another night."""
    zone, minute = organisation().time_zone, 5 * position
    return [
        {"kind": RunKind.BACKUP, "rule": f"{minute} 1 * * *", "time_zone": zone},
        {"kind": RunKind.CHECK, "rule": f"{minute} 4 * * *", "time_zone": zone},
        {"kind": RunKind.RESTORE_TEST, "rule": f"{minute} 5 * * {position + 1}", "time_zone": zone},
    ]


def _rows(label: str, query: str, least: int) -> dict[str, Any]:
    return {"label": label, "query": query, "compare": ">=", "value": least}


def _files(label: str, path: str, least: int) -> dict[str, Any]:
    return {"label": label, "path": path, "ask": "count", "compare": ">=", "value": least}
