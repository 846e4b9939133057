"""The product protects itself: its own database and files are one more system that is saved and proven."""

import uuid
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from backups.adapters.local import MARK
from backups.choices import Engine, RunKind
from backups.models import BackupPolicy, Repository
from backups.services.policies import note_method
from backups.services.repositories import OWN_COPIES
from backups.services.requesting import request_run
from backups.services.scheduling import set_schedule
from backups.services.sources import Wanted, facts_of, set_sources
from catalog.models import Site, System
from ledger.services import record
from people.selectors import organisation

ACTOR = "system:first_start"
SLUG = "holdfast"
NAME = "Holdfast"
REPOSITORY = "This host"

#: When each kind falls due, in the organisation's wall time.
SCHEDULES = {
    RunKind.BACKUP: "15 2 * * *",
    RunKind.CHECK: "45 2 * * *",
    RunKind.RESTORE_TEST: "15 3 * * 0",
}


def protect_itself(*, system: System, site: Site | None = None) -> BackupPolicy:
    """Save Holdfast's own database and files from now on, and prove it at once. Called again it changes nothing.

    system: what stands for Holdfast in the catalog.
    """
    policy = BackupPolicy.objects.filter(is_own=True).first()
    if policy is not None:
        return policy
    with transaction.atomic():
        policy = _create(system, _repository(site))
        for kind, rule in SCHEDULES.items():
            set_schedule(policy=policy, kind=kind, rule=rule, time_zone=organisation().time_zone, by=ACTOR)
        request_run(policy_id=policy.pk, kind=RunKind.BACKUP, by=ACTOR)
        request_run(policy_id=policy.pk, kind=RunKind.CHECK, by=ACTOR)
        request_run(policy_id=policy.pk, kind=RunKind.RESTORE_TEST, by=ACTOR)
    return policy


def _repository(site: Site | None) -> Repository:
    location = Path(settings.DATA_DIR) / OWN_COPIES
    ours = {"name": REPOSITORY, "site": site, "id": _mark_in(location) or uuid.uuid4()}
    repository, is_new = Repository.objects.get_or_create(kind="local", location=str(location), defaults=ours)
    if is_new:
        record(verb="repository.created", subject=repository, actor=ACTOR, data={"location": str(location)})
    return repository


def _mark_in(location: Path) -> uuid.UUID | None:
    """The repository that was here before this database: its copies stay, and new ones join them."""
    try:
        return uuid.UUID((location / MARK).read_text(encoding="ascii").strip())
    except (OSError, ValueError):
        return None


def _create(system: System, repository: Repository) -> BackupPolicy:
    policy = BackupPolicy.objects.create(
        name=NAME,
        slug=SLUG,
        system=system,
        repository=repository,
        is_own=True,
        owner=system.owner,
        fresh_for=timedelta(hours=26),
        wall_clock=timedelta(hours=2),
        smallest_bytes=1024,
        # What comes back is our own, digest by digest: proof without a sandbox is better than none
        # (docs/decisions/0002).
        accept_no_isolation=True,
        assertions=[
            {
                "label": "Entries of the ledger",
                "query": "SELECT count(*) FROM ledger_entry",
                "compare": ">=",
                "value": 1,
            }
        ],
    )
    # The database first: whatever it mentions was stored before, and is among the files that are saved after it.
    own = [{"engine": engine, "settings": {"own": True}} for engine in (Engine.POSTGRESQL, Engine.FOLDER)]
    sources = [Wanted.of(source) for source in own]
    set_sources(policy, sources)
    record(verb="backup_policy.created", subject=policy, actor=ACTOR, data={"sources": facts_of(sources)})
    note_method(system, now=timezone.now())
    return policy
