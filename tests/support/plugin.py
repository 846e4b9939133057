"""Real servers for a test run: a cluster of its own, a database for each worker, a Valkey for each worker.

Loaded by `-p` before Django reads its settings, so that they find the addresses in the environment.
"""

import atexit
import fcntl
import gc
import os
import shutil
import signal
import tempfile
import time
from pathlib import Path
from typing import IO
from urllib.parse import quote

import pytest
from django.conf import settings

from common.embedded.places import Places
from common.embedded.postgres import SUPERUSER, THROWAWAY_OPTIONS, Postgres
from common.embedded.valkey import Valkey
from common.translations import compile_all
from config import environment

PREFIX = f"holdfast-tests-{os.geteuid()}-"
PASSWORD = "only-for-tests"
FOLDER_VARIABLE = "HOLDFAST_TESTS_FOLDER"

#: Held as long as the run lives; the system takes it back from the dead.
_lock: IO[str] | None = None


def _cluster(folder: Path) -> Postgres:
    return Postgres(folder / "postgres", folder / "pg", PASSWORD, folder / "servers", options=THROWAWAY_OPTIONS)


def _valkey(folder: Path, worker: str) -> Valkey:
    place = folder / f"valkey-{worker}"
    return Valkey(place, place / "socket", folder / "servers", durable=False)


def own_valkey() -> Valkey:
    """The server of the process that runs these tests."""
    return _valkey(_folder(), os.environ.get("PYTEST_XDIST_WORKER", "main"))


def _remove_leftovers() -> None:
    """Runs that were killed leave their folder, and perhaps a server; runs that live hold their lock."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        if not folder.is_dir() or folder.is_symlink() or folder.stat().st_uid != os.geteuid():
            continue
        if time.time() - folder.stat().st_ctime < 10:
            continue  # perhaps about to take its lock
        try:
            with (folder / "lock").open("a") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                _stop_and_remove(folder)
        except OSError:
            continue  # alive


def _stop_and_remove(folder: Path) -> None:
    _cluster(folder).stop()
    for place in folder.glob("valkey-*"):
        _valkey(folder, place.name.removeprefix("valkey-")).stop()
    shutil.rmtree(folder, ignore_errors=True)


def _make_folder() -> Path:
    global _lock
    _remove_leftovers()
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    _lock = (folder / "lock").open("a")
    fcntl.flock(_lock, fcntl.LOCK_EX)
    folder.chmod(0o711)
    os.environ[FOLDER_VARIABLE] = str(folder)
    return folder


def _is_worker() -> bool:
    return "PYTEST_XDIST_WORKER" in os.environ


def _folder() -> Path:
    return Path(os.environ[FOLDER_VARIABLE])


def _set_environment() -> None:
    """What the settings read. What the developer's own environment says must not change a test."""
    folder = _folder() if _is_worker() else _make_folder()
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    data_dir = folder / f"data-{worker}"
    Places(data_dir).make()
    (data_dir / "static").mkdir(exist_ok=True)
    for name in environment.EXPECTED:
        os.environ.pop(name, None)
    os.environ["ENV_FILE"] = os.devnull
    os.environ["DATA_DIR"] = str(data_dir)
    os.environ["DATABASE_URL"] = f"postgres://{SUPERUSER}:{PASSWORD}@/postgres?host={quote(str(folder / 'pg'))}"
    os.environ["REDIS_URL"] = f"unix://{_valkey(folder, worker).socket}?db=0"


_set_environment()
if not _is_worker():
    compile_all(environment.BASE_DIR / "locale")  # a fresh clone has none yet, and Django reads them at its start
    atexit.register(_stop_and_remove, _folder())


def pytest_configure() -> None:
    """Nothing is collected for a test, so static files go by their plain names."""
    plain = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    settings.STORAGES = settings.STORAGES | plain


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Before any worker is started: the cluster once, and a Valkey for each process that runs tests."""
    if session.config.option.collectonly:
        return
    folder = _folder()
    if not _is_worker():
        _cluster(folder).start(dies_with_us=signal.SIGQUIT)
    own_valkey().start(dies_with_us=signal.SIGKILL)


def pytest_collection_finish() -> None:
    """What is loaded by now stays until the end, and tests are short: looking for garbage took a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
