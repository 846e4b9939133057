"""Why a program ended without a word about what it was given: it was killed, never began, or something ran out.

Then nothing is known about a copy, and nobody is sent to take a new one.
"""

from backups.adapters.errors import DiskFull, MemoryLimit, ToolBroke, ToolError
from backups.adapters.processes import Finished

#: What ran out, in the words of pg_restore, of psql, of tar, or of a server that it brought down.
EXHAUSTED: tuple[tuple[str, type[ToolError]], ...] = (
    ("No space left on device", DiskFull),
    ("Disk quota exceeded", DiskFull),
    (": Wrote only ", DiskFull),
    ("out of memory", MemoryLimit),
    ("Cannot allocate memory", MemoryLimit),
    ("memory exhausted", MemoryLimit),
)

#: From here on an exit code tells of the start or of a signal: 125 to 127 could not begin, 128 and more was killed.
NOT_ITS_OWN = 125


def gave_up(finished: Finished, tool: str) -> ToolError | None:
    """What kept a program from judging; None when it ended in its own words, whatever they say.

    tool: the name it speaks under. What stands around it in a sandbox ends with 1 as well, but not with that name.
    """
    if finished.exit_code == 0:
        return None
    if kind := meant(finished.tail, EXHAUSTED):
        return kind().shown_by(finished)
    is_own = 0 < finished.exit_code < NOT_ITS_OWN and f"{tool}:" in finished.tail
    return None if is_own else ToolBroke(tool=tool).shown_by(finished)


def meant(said: str, reasons: tuple[tuple[str, type[ToolError]], ...]) -> type[ToolError] | None:
    """The first kind of error whose words were said."""
    return next((kind for words, kind in reasons if words in said), None)
