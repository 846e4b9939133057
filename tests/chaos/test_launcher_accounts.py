"""`manage.py up` for an ordinary user: no root, no accounts, nothing installed."""

import os
import pwd

import psutil

from common.embedded.processes import Account
from tests.support.clone import clone


def ordinary() -> Account | None:
    """Somebody without rights; ourselves, when we are that."""
    if os.geteuid() != 0:
        return None
    nobody = pwd.getpwnam("nobody")
    return Account(nobody.pw_uid, nobody.pw_gid)


def test_an_ordinary_user_starts_everything_in_the_own_clone(make_product, data_dir):
    account = ordinary()
    tree = data_dir.parent / "clone"
    python = clone(tree, account)
    product = make_product(data_dir=tree / "var", tree=tree, python=python, account=account).start()
    product.wait_until_ready()
    owner = account.uid if account else os.geteuid()
    assert {psutil.Process(pid).uids().real for pid in product.parts().values()} == {owner}
    assert product.stop() == 0
    assert product.left_running() == []


def test_a_folder_that_we_may_not_write_to_is_refused_by_name(make_product, data_dir):
    refused = make_product(data_dir=data_dir / "file" / "below")
    data_dir.mkdir()
    (data_dir / "file").touch()
    ended = refused.command("up")
    assert ended.returncode == 1
    assert ended.stdout.startswith("DATA_DIR is not usable: expected ")
    assert len(ended.stdout.strip().splitlines()) == 1
