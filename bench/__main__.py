"""All benchmarks, one after the other, as one table.

make bench            prints the table and writes docs/figures.md
make bench CHECK=1    prints the table, and exits 1 when an aim is missed
make bench ONLY=ledger
"""

import json
import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from bench.figure import Figure, note
from bench.house import ROOT

#: Module and its arguments, in the order of the table.
ALL = ["due_sweep", "hashing", "restore_test", "ledger", "search", "learning", "incidents", "crowd", "at_rest"]
PAGE = ROOT / "docs" / "figures.md"
INTRODUCTION = """# Figures

Measured by `make bench`; each figure stands beside its reference from the same run, because absolute times say little
about another machine. `make bench CHECK=1` fails when an aim is missed. A figure without an aim is for orientation.
"""


def main() -> int:
    only = os.environ.get("ONLY", "").split() or ALL
    figures, failed = [], []
    for name in only:
        note(f"--- {name}")
        found, code = run(name)
        figures += found
        if code and not any(figure.holds is False for figure in found):
            failed.append(name)
    table = "\n".join(rows(figures))
    print(table)
    for name in failed:
        print(f"{name}: could not be measured")
    if only == ALL and not os.environ.get("CHECK"):
        PAGE.write_text(f"{INTRODUCTION}\n{machine()}\n\n{table}\n", encoding="utf-8")
    missed = [figure for figure in figures if figure.holds is False]
    return 1 if failed or (os.environ.get("CHECK") and missed) else 0


def run(name: str) -> tuple[list[Figure], int]:
    """The figures of one benchmark, which runs in a process of its own."""
    command = [sys.executable, "-m", f"bench.{name}"]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    return [Figure(**json.loads(line)) for line in lines], done.returncode


def rows(figures: list[Figure]) -> list[str]:
    """The table, as Markdown."""
    found = ["| what | measured | reference | ratio | aim | |", "|---|---|---|---|---|---|"]
    words = {True: "holds", False: "**missed**", None: ""}
    for each in figures:
        ratio = "" if each.ratio is None else f"{each.ratio:g}"
        found.append(
            f"| {each.what} | {each.measured} | {each.reference} | {ratio} | {each.aim} | {words[each.holds]} |"
        )
    return found


def machine() -> str:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    model = models[0] if models else platform.machine()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    return (
        f"{datetime.now(UTC):%Y-%m-%d}: {os.cpu_count()} processors ({model}), {memory:.0f} GB memory,"
        f" {platform.system()} {platform.release()}, Python {platform.python_version()}."
    )


if __name__ == "__main__":
    sys.exit(main())
