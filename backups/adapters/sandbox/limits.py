"""How much a sandbox may use."""

import shutil
from dataclasses import dataclass
from datetime import timedelta

#: The wall clock ends a busy process in words; the kernel's own limit is for one that got away from it.
CPU_SLACK_SECONDS = 10

MEBIBYTE = 1024 * 1024
GIBIBYTE = 1024 * MEBIBYTE


@dataclass(frozen=True)
class Limits:
    """The bounds of one sandbox: together for its wall clock and disk, for each command or process else.

    disk_bytes: what may lie in its folder; 0 is no bound of its own.  entries: so many files and folders may lie there,
    for a million empty files fill a disk too.  keep_free_bytes: what must stay free on the
    volume, whatever the folder holds.  memory_bytes: the address space of each process.  keep_free_memory_bytes: what
    must stay available on the host, whatever all processes use together.
    """

    wall_clock: timedelta = timedelta(hours=2)
    disk_bytes: int = 0
    entries: int = 500_000
    keep_free_bytes: int = 512 * MEBIBYTE
    memory_bytes: int = 4 * GIBIBYTE
    keep_free_memory_bytes: int = 128 * MEBIBYTE
    processes: int = 64
    open_files: int = 1024
    temporary_bytes: int = 256 * MEBIBYTE

    def prefix(self) -> list[str]:
        """The command that sets them for what follows. It runs inside, where the count of processes is its own."""
        seconds = max(1, int(self.wall_clock.total_seconds()))
        bounds = {
            "core": 0,
            "as": self.memory_bytes,
            "nproc": self.processes,
            "nofile": self.open_files,
            "cpu": seconds + CPU_SLACK_SECONDS,
            **({"fsize": self.disk_bytes} if self.disk_bytes else {}),
        }
        return [
            shutil.which("prlimit") or "prlimit",
            *(f"--{name}={bound}:{bound}" for name, bound in bounds.items()),
            "--",
        ]
