"""Level 3: the dump is read from its first byte to its last, unpacked, and thrown away. In a sandbox.

`pg_restore --list` is never asked: it reads the head alone and praised dumps that were cut in the middle.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from backups.adapters import tools
from backups.adapters.endings import gave_up
from backups.adapters.errors import DumpDamaged, DumpTooNew, ToolBroke, ToolError, ToolMissing
from backups.adapters.postgres.archive import CUSTOM, Archive, look
from backups.adapters.processes import Finished
from backups.adapters.sandbox import Sandbox, opened


@dataclass(frozen=True)
class Verified:
    """A dump that is whole. `major` is the oldest release that can restore it."""

    kind: str
    major: int
    server_version: str
    tool: str
    finished: Finished | None


def verify(box: Sandbox, dump: Path | BinaryIO) -> Verified:
    """Read a whole dump, without copying it: it reaches the tool as its standard input.

    Raises DumpEmpty, DumpUnknown, DumpDamaged, DumpIncomplete, DumpTooNew, NotARegularFile, FileGone, TimeIsUp.
    """
    with opened(dump) as stream:
        archive = look(stream)
        tool = tool_for(box, archive)
        finished = _read_through(box, stream, tool) if archive.kind == CUSTOM else None
    return Verified(
        kind=archive.kind,
        major=archive.reads_from,
        server_version=archive.server_version,
        tool=f"pg_restore {tool.version}",
        finished=finished,
    )


def tool_for(box: Sandbox, archive: Archive, name: str = "pg_restore") -> tools.Tool:
    """The program that can read the dump. Raises DumpTooNew when it is newer than all of this host."""
    try:
        return tools.find(name, at_least_major=archive.reads_from, account=box.account)
    except ToolMissing:
        newest = tools.newest_major(name, box.account)
        if not newest:
            raise
        package = tools.package_of(name, archive.reads_from)
        raise DumpTooNew(major=archive.reads_from, newest=newest, package=package) from None


def _meaning(finished: Finished) -> ToolError:
    # Built without what the dump is packed with: that is about the program, not about the dump.
    kind = ToolBroke(tool="pg_restore") if "this build does not support" in finished.tail else DumpDamaged()
    return kind.shown_by(finished)


def _read_through(box: Sandbox, stream: BinaryIO, tool: tools.Tool) -> Finished:
    finished = box.run([tool.path, "--file=/dev/null"], stdin=stream, roots=tool.roots)
    if finished.exit_code != 0:
        raise gave_up(finished, "pg_restore") or _meaning(finished)
    return finished
