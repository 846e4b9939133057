"""The whole product, started as people start it: time to the sign-in page, and memory when it rests.

    python -m bench.at_rest [SECONDS]      (rests for 60 seconds unless said otherwise)

The first start makes database, keys and first rows in an empty data folder. What it takes to install the packages
depends on the network and is measured by hand.
"""

import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil

from bench.figure import Figure, note, say, within

AIM_START, AIM_MEGABYTES = 60, 700


def figures(rest: float) -> Iterator[Figure]:
    from tests.support.product import Product

    with tempfile.TemporaryDirectory(prefix="holdfast-bench-") as folder:
        Path(folder).chmod(0o711)
        product = Product(Path(folder) / "data")
        try:
            yield within("first start to the sign-in page", value=started(product), limit=AIM_START, unit="s")
            time.sleep(rest)
            shares = memory(product)
            for part, megabytes in shares.items():
                note(f"{part}: {megabytes:.0f} MB")
            total = sum(shares.values())
            yield within("memory at rest (PSS, all processes)", value=total, limit=AIM_MEGABYTES, unit="MB")
            product.stop()
            yield within("second start to the sign-in page", value=started(product), limit=AIM_START, unit="s")
            product.stop()
        finally:
            product.kill_everything()


def started(product) -> float:
    product.lines.clear()
    began = time.perf_counter()
    product.start().wait_until_ready()
    return time.perf_counter() - began


def memory(product) -> dict[str, float]:
    """Proportional set size of every process below the launcher, in MB, by the start of its command."""
    top = psutil.Process(product.process.pid)
    shares: dict[str, float] = {}
    for process in [top, *top.children(recursive=True)]:
        try:
            command = " ".join(process.cmdline())[:60]
            shares[f"{process.pid} {command}"] = process.memory_full_info().pss / 1024 / 1024
        except psutil.NoSuchProcess:
            continue
    return shares


def main() -> int:
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    return say(figures(float(sys.argv[1]) if len(sys.argv) > 1 else 60))


if __name__ == "__main__":
    sys.exit(main())
