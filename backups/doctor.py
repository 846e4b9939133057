"""What saving and restoring needs on this host: programs of every release, and a place apart that really holds."""

import shutil
from collections.abc import Iterator

from backups.adapters import tools
from backups.adapters.sandbox.places import sandboxes
from backups.adapters.sandbox.probe import shelter_below
from backups.choices import Isolation
from common.doctor import Finding, broken, examines, ok, warn

#: Engines of other makers; without them their policies cannot be carried out, and nothing else suffers.
OPTIONAL = ("restic", "borg")


@examines("tools")
def programs() -> Iterator[Finding]:
    """Which releases of PostgreSQL can be saved and restored here."""
    for name in ("pg_dump", "pg_restore", "postgres"):
        majors = sorted({tool.major for tool in tools.found(name)})
        if majors:
            yield ok(f"{name} {', '.join(str(major) for major in majors)}")
        else:
            yield broken(f"{name} is not here", f"Install {tools.package_of(name, 0)}.")


@examines("sandbox")
def sandbox() -> Iterator[Finding]:
    """Whether restored data can be kept apart: tried, not read from versions."""
    shelter = shelter_below(sandboxes())
    if shelter.isolation == Isolation.BWRAP:
        yield ok(f"restored data is kept apart by {shelter.made_of}")
    elif shelter.isolation == Isolation.UID:
        yield warn(
            f"restored data is kept apart by an account of its own only ({shelter.instead_of})", "Install bubblewrap."
        )
    else:
        yield warn(
            f"restored data cannot be kept apart ({shelter.instead_of}): restore tests end as errors",
            "Install bubblewrap, or allow single policies to restore without isolation.",
        )


@examines("tools")
def optional() -> Iterator[Finding]:
    """Programs that only some policies need."""
    for name in OPTIONAL:
        path = shutil.which(name)
        yield ok(f"optional: {name} is {path or 'not here'}")
