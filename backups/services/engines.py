"""What the engine of a policy does for a run: the only room of the services that knows PostgreSQL's tools."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from backups.adapters.errors import DiskFull
from backups.adapters.local import Folder
from backups.adapters.place import Place
from backups.adapters.postgres.connect import Source
from backups.adapters.postgres.dump import Dumped, dump
from backups.adapters.postgres.verify import verify
from backups.adapters.sandbox import Limits, Sandbox
from backups.choices import StepName
from backups.errors import RepositoryFull
from backups.models import BackupPolicy, Copy
from backups.services.journal import Chain, Evidence
from backups.services.work import Work
from common.secrets import unseal

DUMP = "database.dump"

GIBIBYTE = 1024**3
#: A restored database may grow to this many times its size when it was saved before it is ended.
GROWTH = 4
#: What must be free before a restore begins, in sizes of the database.
ROOM = 2.5


def source_of(policy: BackupPolicy) -> Source:
    """The source with its password, for this moment only. Raises KeyMissing, SourceSettingsWrong."""
    return Source.of(policy.source, unseal(policy.source_secret) if policy.source_secret else "")


def save(work: Work, target: Path, chain: Chain, place: Place) -> Dumped:
    """Save the source into a new file; connect, canary and dump are steps of the chain."""

    def begin(name: str) -> None:
        if name != StepName.CONNECT:  # begun already: reading the source's settings belongs to it
            chain.begin(StepName(name))

    chain.begin(StepName.CONNECT)
    try:
        return dump(source_of(work.policy), target, wall_clock=work.remaining(), stop=work.stop, on_step=begin)
    except DiskFull as error:
        raise RepositoryFull(repository=place.name, location=place.location) from error


def well_formed(work: Work, copy: Copy, folder: Folder, step: Evidence) -> None:
    """Let the engine's own program read the whole dump, inside a sandbox. Raises what is wrong with it."""
    with sandbox(work, copy.manifest) as box, folder.file(copy.name, DUMP) as stream:
        verified = verify(box, stream)
        if verified.finished is not None:
            step.shown_by(verified.finished, version=verified.tool.rpartition(" ")[2])


def sandbox(work: Work, manifest: dict[str, Any]) -> Sandbox:
    """The place apart in which a copy of the policy is opened. Use it in a `with`."""
    limits = Limits(
        wall_clock=timedelta(seconds=work.remaining()),
        disk_bytes=GROWTH * database_bytes(manifest) + 4 * GIBIBYTE,
    )
    name = f"{work.run.reference}-{work.run.attempts}-{work.run.pk.hex[:8]}"
    return Sandbox(name, limits, stop=work.stop, accept_none=work.policy.accept_no_isolation)


def database_bytes(manifest: dict[str, Any]) -> int:
    """How large the database was when it was saved."""
    return int(manifest.get("database_bytes") or 0)
