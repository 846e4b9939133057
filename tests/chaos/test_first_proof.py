"""Two minutes after the start of an empty installation there is a recovery time that was measured on this machine."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.chaos.test_launcher_accounts import ordinary
from tests.chaos.test_worker_killed import Inside
from tests.support.clone import clone
from tests.support.product import Product, wait_until

TWO_MINUTES = 120


@pytest.mark.parametrize("who", ["ourselves", "an ordinary user"])
def test_an_empty_installation_proves_itself_within_two_minutes(
    make_product: Callable[..., Product], data_dir: Path, who: str
):
    tree = data_dir.parent / "clone"
    as_other = {}
    if who == "an ordinary user":
        account = ordinary()
        python = clone(tree, account)
        as_other = {"data_dir": tree / "var", "tree": tree, "python": python, "account": account}
    began = time.monotonic()
    product = make_product(**as_other).start()
    product.wait_until_ready()
    inside = Inside(product)
    measured = "SELECT outcome, recovery_time > '0', data_loss >= '0' FROM catalog_recoverymeasurement"
    wait_until(lambda: inside.ask(measured), TWO_MINUTES - (time.monotonic() - began))
    assert inside.ask(measured) == [("pass", True, True)]
    [(isolation,)] = inside.ask("SELECT isolation FROM backups_run WHERE kind = 'restore_test'")
    assert isolation in {"bwrap", "uid", "none"}
