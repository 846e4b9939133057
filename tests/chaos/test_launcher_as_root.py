"""Started as root: the servers give up root's rights, wherever the clone lies."""

import pwd
import sys
from pathlib import Path

import psutil
import pytest
from django.conf import settings

from tests.support.clone import clone

WITHOUT = settings.BASE_DIR / "tests" / "support" / "without_account.py"


def servers_uids(product) -> set[int]:
    parts = product.parts()
    return {psutil.Process(parts[name]).uids().real for name in ("postgres", "valkey")}


def test_the_servers_run_as_postgres_or_nobody_and_keep_their_folders_closed(product):
    expected = next(entry for name in ("postgres", "nobody") for entry in pwd.getpwall() if entry.pw_name == name)
    assert servers_uids(product) == {expected.pw_uid}
    for folder in ("postgres", "postgres/data", "postgres/sockets", "valkey", "run", "secrets"):
        assert (product.data_dir / folder).stat().st_mode & 0o077 == 0


def test_without_an_account_postgres_the_servers_run_as_nobody(make_product):
    product = make_product(wrapper=(sys.executable, str(WITHOUT), "postgres")).start()
    product.wait_until_ready()
    assert servers_uids(product) == {pwd.getpwnam("nobody").pw_uid}
    assert product.stop() == 0
    assert product.left_running() == []


def test_an_account_postgres_that_comes_later_does_not_take_the_data_away(make_product):
    first = make_product(wrapper=(sys.executable, str(WITHOUT), "postgres"))
    assert first.command("migrate", "-v", "0").returncode == 0
    second = make_product()
    shown = second.command("showmigrations", "people")
    assert shown.returncode == 0, shown.stdout
    assert "[X] 0001_initial" in shown.stdout


def test_neither_postgres_nor_nobody_is_refused_in_one_sentence(make_product):
    refused = make_product(wrapper=(sys.executable, str(WITHOUT), "postgres,nobody")).command("up")
    assert refused.returncode == 1
    assert "neither an account `postgres` nor `nobody`" in refused.stdout
    assert "Traceback" not in refused.stdout


@pytest.fixture
def closed_clone(data_dir: Path) -> Path:
    """A clone below a folder that only root can enter."""
    closed = data_dir.parent / "closed"
    closed.mkdir(mode=0o700)
    return closed / "clone"


def test_a_clone_below_a_closed_folder_starts_with_copies_of_the_servers(make_product, data_dir, closed_clone):
    python = clone(closed_clone)
    product = make_product(tree=closed_clone, python=python).start()
    product.wait_until_ready()
    assert {path.name.split("-")[0] for path in (data_dir / "servers").iterdir()} == {"postgres", "valkey"}
    assert 0 not in servers_uids(product)
    assert product.stop() == 0
    assert product.left_running() == []
