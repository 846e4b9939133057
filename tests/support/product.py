"""The whole product, started as people start it, in a data folder of its own."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path

import psutil
from django.conf import settings

from common.embedded.processes import Account
from config import environment

#: What a person's shell has and a test's environment must not pass on.
NOT_PASSED_ON = {*environment.EXPECTED, "PYTHONDONTWRITEBYTECODE", "DJANGO_SETTINGS_MODULE", "PYTHONPATH"}


def wait_until(what: Callable[[], object], seconds: float = 30, *, every: float = 0.1) -> None:
    """Wait for a condition; says nothing more than that it never came."""
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline, f"never came true in {seconds} s"
        time.sleep(every)


def free_port() -> int:
    """A port that nobody uses at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Product:
    """`manage.py up` with everything that belongs to it."""

    def __init__(
        self,
        data_dir: Path,
        *,
        tree: Path = settings.BASE_DIR,
        python: Path | str = sys.executable,
        account: Account | None = None,
        wrapper: tuple[str, ...] = (),
        variables: Mapping[str, str] | None = None,
    ) -> None:
        self.data_dir = data_dir
        self.tree = tree
        self.account = account
        self.port = free_port()
        self.arguments = [*wrapper, str(python), "manage.py"]
        self.lines: list[str] = []
        self.process: subprocess.Popen[str] | None = None
        inherited = {name: value for name, value in os.environ.items() if name not in NOT_PASSED_ON}
        own = {"DATA_DIR": str(data_dir), "PORT": str(self.port), "ENV_FILE": os.devnull, "DEMO": "no"}
        self.variables = inherited | own | dict(variables or {})

    def start(self) -> "Product":
        """Start it; its lines are collected in `lines`."""
        self.process = self.begin("up")
        threading.Thread(target=self._collect, args=[self.process], daemon=True).start()
        return self

    def command(self, *arguments: str, seconds: float = 60) -> "subprocess.CompletedProcess[str]":
        """One command of manage.py, to its end."""
        process = self.begin(*arguments)
        output, _ = process.communicate(timeout=seconds)
        return subprocess.CompletedProcess(arguments, process.returncode, output)

    def wait_until_ready(self, seconds: float = 180) -> None:
        """Until the launcher says that the first page answers."""
        self.wait_for("Holdfast is ready", seconds)

    def wait_for(self, words: str, seconds: float = 30) -> None:
        """Until a line says so; a product that ended says nothing more."""

        def said() -> bool:
            ended = self.process is None or self.process.poll() is not None
            found = any(words in line for line in self.lines)
            assert found or not ended, f"ended without {words!r}:\n" + "\n".join(self.lines)
            return found

        try:
            wait_until(said, seconds)
        except AssertionError as error:
            raise AssertionError("\n".join([str(error), *self.lines])) from None

    def get(self, path: str, seconds: float = 10) -> tuple[int, bytes]:
        """Status and body of a page; status 0 while nobody answers."""
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with direct.open(f"http://127.0.0.1:{self.port}{path}", timeout=seconds) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as refusal:
            return refusal.code, refusal.read()
        except OSError:
            return 0, b""

    def parts(self) -> dict[str, int]:
        """Name and process id of each part, as the launcher noted it."""
        noted = json.loads((self.data_dir / "run" / "children.json").read_text())
        return {name: pid for name, (pid, _born) in noted.items()}

    def stop(self, number: signal.Signals = signal.SIGINT, *, seconds: float = 60) -> int:
        """Ask the launcher to end, and give its exit code."""
        assert self.process is not None
        self.process.send_signal(number)
        return self.process.wait(seconds)

    def left_running(self) -> list[str]:
        """Every process that still belongs to this product."""
        return [" ".join(process.cmdline()) for process in self._family() if process.is_running()]

    def kill_everything(self) -> None:
        """As if the machine lost power."""
        for _round in range(3):
            for process in self._family():
                try:
                    process.kill()
                except psutil.Error:
                    continue
        if self.process is not None:
            self.process.wait(10)

    def _family(self) -> list[psutil.Process]:
        found = []
        for process in psutil.process_iter():
            try:
                ours = process.environ().get("DATA_DIR") == str(self.data_dir)
                if (ours or f"{self.data_dir}/" in " ".join(process.cmdline())) and process.pid != os.getpid():
                    found.append(process)
            except psutil.Error:
                continue
        return found

    def begin(self, *arguments: str) -> "subprocess.Popen[str]":
        """A command of manage.py, not waited for."""
        return subprocess.Popen(
            [*self.arguments, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            cwd=self.tree,
            env=self.variables,
            start_new_session=True,
            user=self.account.uid if self.account else None,
            group=self.account.gid if self.account else None,
            extra_groups=[] if self.account else None,
        )

    def _collect(self, process: "subprocess.Popen[str]") -> None:
        assert process.stdout is not None
        for line in process.stdout:
            self.lines.append(line.rstrip("\n"))
