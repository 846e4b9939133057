"""What sandboxes promise where Holdfast does not run as root: their tests run once more, by somebody without rights."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.chaos.test_launcher_accounts import ordinary
from tests.support.clone import clone

#: Those that stand for the others: walls, remains, a restore, and attacks.
CHOSEN = [
    "tests/chaos/test_sandbox_walls.py",
    "tests/chaos/test_sandbox_remains.py",
    "tests/backups/test_sandbox_put.py",
    "tests/chaos/test_postgres_restore.py::test_what_was_saved_comes_back_the_same",
    "tests/chaos/test_hostile_dumps.py::test_functions_run_at_restore_and_find_no_rights",
    "tests/chaos/test_hostile_dumps.py::test_a_disk_that_is_full_is_said_as_such",
    "tests/chaos/test_hostile_dumps.py::test_even_a_superuser_inside_does_not_get_out",
]


@pytest.mark.timeout(900)
def test_the_sandbox_keeps_its_promises_without_root(data_dir):
    account = ordinary()
    tree = data_dir.parent / "clone"
    python = clone(tree, account)
    uv = Path(sys.prefix) / "bin" / "uv"
    tools = [uv, "pip", "install", "--quiet", "--python", python, "--requirement", tree / "requirements-dev.txt"]
    subprocess.run(tools, check=True, timeout=300)
    rights = {"user": account.uid, "group": account.gid, "extra_groups": []} if account else {}
    done = subprocess.run(
        [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:randomly", *CHOSEN],
        cwd=tree,
        env={"PATH": os.environ["PATH"], "HOME": str(tree), "LANG": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
        **rights,
    )
    assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-2000:]
