"""Clones of the product for somebody else or somewhere else, installed the way `make run` installs."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from django.conf import settings

from common.embedded.processes import Account, run_as


def clone(target: Path, owner: Account | None = None) -> Path:
    """Copy what git knows of the tree, with changes that are not committed yet, and install. Returns its Python."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=settings.BASE_DIR,
        check=True,
        capture_output=True,
    )
    for name in filter(None, listed.stdout.decode().split("\0")):
        if (settings.BASE_DIR / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(settings.BASE_DIR / name, target / name)
    python = _install(target, owner)
    if owner is not None:
        for path in (target, *target.rglob("*")):
            os.chown(path, owner.uid, owner.gid, follow_symlinks=False)
    return python


def _install(tree: Path, owner: Account | None) -> Path:
    python = tree / ".venv" / "bin" / "python"
    uv = Path(sys.prefix) / "bin" / "uv"
    install = [uv, "pip", "install", "--quiet", "--link-mode", "copy", "--python", python]
    for command in (
        [_python_for(owner), "-m", "venv", "--without-pip", tree / ".venv"],
        [*install, "--requirement", tree / "requirements.txt"],
    ):
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, timeout=300)
    return python


def _python_for(owner: Account | None) -> Path:
    """A Python that the owner can run: ours, else the system's (ours may lie in root's home)."""
    for candidate in (Path(sys._base_executable), Path("/usr/bin/python3")):  # type: ignore[attr-defined]
        try:
            if run_as(owner, [candidate, "-c", "import sys; sys.exit(sys.version_info < (3, 11))"]).returncode == 0:
                return candidate
        except OSError:
            continue
    raise AssertionError("no Python 3.11 or newer that an ordinary user can run: install python3")
