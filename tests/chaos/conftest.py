"""Whole products that may be killed; each test's is gone when it ends, whatever happened."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.product import Product

#: What only root can try: the others are what everybody can.
collect_ignore = [] if os.geteuid() == 0 else ["test_launcher_as_root.py"]


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """A data folder that servers of another account can reach."""
    folder = Path(tempfile.mkdtemp(prefix="holdfast-chaos-"))
    folder.chmod(0o711)
    yield folder / "data"
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def make_product(data_dir: Path) -> Iterator[Callable[..., Product]]:
    """Make products in one data folder; none of their processes outlives the test."""
    made: list[Product] = []

    def make(**options: Any) -> Product:
        made.append(Product(**{"data_dir": data_dir} | options))
        return made[-1]

    yield make
    for product in made:
        product.kill_everything()


@pytest.fixture
def product(make_product: Callable[..., Product]) -> Product:
    """A product that was started and is ready."""
    started = make_product().start()
    started.wait_until_ready()
    return started
