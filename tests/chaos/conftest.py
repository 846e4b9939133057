"""Whole products that may be killed; each test's is gone when it ends, whatever happened."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.backups.conftest import make_database, make_policy, policy, repository  # noqa: F401 - fixtures
from tests.backups.lab import lab, open_folder  # noqa: F401 - fixtures
from tests.chaos.house import House, furnished
from tests.ledger.conftest import alice, seal, write  # noqa: F401 - fixtures
from tests.servers.conftest import broker_hangs, broker_is_away, own_valkey_restarted  # noqa: F401 - fixtures
from tests.support.product import Product, wait_until

#: What only root can try: the others are what everybody can.
collect_ignore = [] if os.geteuid() == 0 else ["test_launcher_as_root.py", "test_full_disk.py"]


@contextmanager
def reachable_folder() -> Iterator[Path]:
    """A folder that servers of another account can reach."""
    folder = Path(tempfile.mkdtemp(prefix="holdfast-chaos-"))
    folder.chmod(0o711)
    try:
        yield folder / "data"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """The data folder of the products of one test."""
    with reachable_folder() as folder:
        yield folder


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


@pytest.fixture(scope="module")
def lasting_product() -> Iterator[Product]:
    """One product for several tests that leave it whole."""
    with reachable_folder() as folder:
        product = Product(folder).start()
        try:
            product.wait_until_ready()
            yield product
            assert product.stop() == 0
            assert product.left_running() == []
        finally:
            product.kill_everything()


@pytest.fixture(scope="session")
def lasting_house() -> Iterator[House]:
    """One product with people in it for all tests that leave it working."""
    with reachable_folder() as folder, furnished(folder) as found:
        yield found


@pytest.fixture
def house(lasting_house: House) -> House:
    """The product with people in it, working, with nothing left to do, and nothing said of what other tests sent."""
    wait_until(lambda: lasting_house.product.get("/readyz")[0] == 200, 60)
    lasting_house.wait_until_quiet(60)
    lasting_house.forget_the_past()
    return lasting_house
