"""Reading a stored copy through to its digest, against `hashlib.file_digest` on the same warm file.

python -m bench.hashing [MEGABYTES]      (512 unless said otherwise)
"""

import hashlib
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from bench.figure import Figure, say
from bench.house import house

MEBIBYTE = 1024 * 1024
ROUNDS = 5
AIM = 0.95
FILE = "database.dump"


def figures(folder: Path, megabytes: int) -> Iterator[Figure]:
    from backups.adapters.local import opened
    from backups.adapters.place import Place

    place = Place("bench", "Bench", str(folder / "vault"))
    with opened(place, is_new=True) as vault:
        with vault.staged("attempt") as staged:
            write(staged / FILE, megabytes)
            vault.publish("attempt", "bench/copy")
        path = folder / "vault" / "bench" / "copy" / FILE
        rounds = [(timed(lambda: bare(path)), timed(lambda: vault.sha256("bench/copy", FILE))) for _ in range(ROUNDS)]
    bare_rate, our_rate = (megabytes / statistics.median(column) for column in zip(*rounds, strict=True))
    ratio = our_rate / bare_rate
    yield Figure(
        f"hashing a copy of {megabytes} MiB",
        f"{our_rate:.0f} MiB/s",
        f"{bare_rate:.0f} MiB/s with hashlib.file_digest",
        round(ratio, 2),
        f"≥ {AIM:g} ×",
        ratio >= AIM,
    )


def write(path: Path, megabytes: int) -> None:
    with path.open("wb") as file:
        for _ in range(megabytes):
            file.write(os.urandom(MEBIBYTE))


def bare(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def main() -> int:
    megabytes = int(sys.argv[1]) if len(sys.argv) > 1 else 512
    with house() as folder:
        return say(figures(folder, megabytes))


if __name__ == "__main__":
    sys.exit(main())
