"""Two hundred people report at once and ten work on it: how long a page and a call of the API take meanwhile.

    python -m bench.crowd

They come from a second process on the same machine and share its processors with the product: once all two hundred
have the form open together and type before they send; once nobody pauses, fifty at a time, which is as much as the
machine can do, and shows only how much that is.
"""

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.figure import Figure, say, told, within

PAGE_MS, API_MS = 1000, 300


def figures() -> Iterator[Figure]:
    from tests.chaos.crowd import p95, play
    from tests.support.product import Product

    with tempfile.TemporaryDirectory(prefix="holdfast-bench-") as folder:
        Path(folder).chmod(0o711)
        product = Product(Path(folder) / "data")
        try:
            product.start().wait_until_ready()
            found = play(product, "crowd", is_typed=True)
            pressed = play(product, "pressed")
            product.stop()
        finally:
            product.kill_everything()
    seconds = found["seconds"]
    yield within("200 report, 10 work: a page (p95)", value=p95(seconds["page"]) * 1000, limit=PAGE_MS, unit="ms")
    yield within(
        "200 report, 10 work: a call of the API (p95)", value=p95(seconds["api"]) * 1000, limit=API_MS, unit="ms"
    )
    said = [*found["said"], *pressed["said"]]
    wrong = [each for each in said if not 200 <= each["status"] < 400]
    yield within("200 report, 10 work: requests that went wrong", value=len(wrong), limit=0, unit="")
    for what in ("page", "api"):
        yield told(f"the same without a pause: {what} (p95)", f"{p95(pressed['seconds'][what]) * 1000:.0f} ms")
    yield told("200 report, 10 work: requests, both times", str(len(said)))


def main() -> int:
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    return say(figures())


if __name__ == "__main__":
    sys.exit(main())
