"""The same promises where Holdfast does not run as root: the tests run once more, as somebody without rights."""

import os
import pwd
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tests.backups.lab import IS_ROOT

#: A choice of those that stand for the others: walls, remains, a restore and an attack.
CHOSEN = [
    "tests/backups/test_sandbox_walls.py",
    "tests/backups/test_sandbox_remains.py",
    "tests/backups/test_sandbox_put.py",
    "tests/backups/test_postgres_restore.py::test_what_was_saved_comes_back_the_same",
    "tests/backups/test_hostile_dumps.py::test_functions_run_at_restore_and_find_no_rights",
    "tests/backups/test_hostile_dumps.py::test_a_disk_that_is_full_is_said_as_such",
    "tests/backups/test_hostile_dumps.py::test_even_a_superuser_inside_does_not_get_out",
]


@pytest.mark.timeout(600)
def test_the_sandbox_keeps_its_promises_without_root():
    if not IS_ROOT:
        return  # then every test of this run has been one of an ordinary user
    somebody = pwd.getpwnam("nobody")
    with tempfile.TemporaryDirectory(prefix="holdfast-nobody-") as home:
        os.chown(home, somebody.pw_uid, somebody.pw_gid)
        environment = {"PATH": os.environ["PATH"], "HOME": home, "TMPDIR": home, "PYTHONDONTWRITEBYTECODE": "1"}
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:randomly", *CHOSEN],
            cwd=Path.cwd(),
            env=environment,
            user=somebody.pw_uid,
            group=somebody.pw_gid,
            extra_groups=[],
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-2000:]
