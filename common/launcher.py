"""One command that brings everything up and keeps it up: servers, web, workers, beat.

`python -m common.launcher`, reached by `manage.py up`. It loads the settings but no app, so it stays small. Each part
runs in a session of its own, so that Ctrl-C reaches only this process, which ends them in the right order.
"""

import fcntl
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
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import IO, Any

from django.conf import settings

from common.console import Console, Part
from common.embedded.errors import ServerError
from common.embedded.places import Places
from common.embedded.postgres import Postgres
from common.embedded.processes import adopt_orphans, born, end_descendants, end_tree, reap_orphans, spawn
from common.embedded.valkey import Valkey
from common.parts import NEAR, PARTS, PYTHON

#: How long workers may go on with what they are doing once we were asked to stop.
PATIENCE_SECONDS = 10
#: The server with the demo's databases.
DEMO = "demo"

#: A part that lived this long starts again at once; one that keeps dying waits longer each time.
HEALTHY_SECONDS = 60
LONGEST_PAUSE_SECONDS = 30


class Launcher:
    """Everything that runs for one DATA_DIR."""

    def __init__(self, places: Places) -> None:
        self.places = places
        self.parts: list[Part] = []
        self.asked_to_stop = 0
        self.console = Console()
        self.locks = ExitStack()
        self.has_demo = False
        self.is_noted = True

    def run(self) -> int:
        """Bring everything up and stay until asked to stop. Returns the exit code; leaves nothing running."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._ask_to_stop)
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # nohup asks for the opposite
            signal.signal(signal.SIGHUP, self._ask_to_stop)
        try:
            with self.locks:
                self._take_over()
                try:
                    self._start_servers()
                    self._prepare()
                    self._keep_up()
                finally:
                    self._stop()
        except ServerError as refusal:
            print(refusal, file=sys.stderr, flush=True)
            return 1
        return 0

    def _ask_to_stop(self, *_signal: Any) -> None:
        self.asked_to_stop += 1

    def _take_over(self) -> None:
        """Be the only one here: a lock that the system takes back from the dead, a free port, no leftovers."""
        lock = self.locks.enter_context((self.places.run / "up.lock").open("a+"))
        if not _locked(lock, seconds=1):  # somebody may only be asking whether it is held
            raise ServerError(
                f"Holdfast is already running with the data in {self.places.data_dir}: "
                "stop it first, or give another DATA_DIR and PORT."
            )
        family = socket.AF_INET6 if ":" in settings.LISTEN else socket.AF_INET
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((settings.LISTEN, settings.PORT))
            except OSError as problem:
                raise ServerError(
                    f"Port {settings.PORT} cannot be used ({problem.strerror}): "
                    "choose another, as in PORT=8001 make run."
                ) from None
        for name, (pid, started) in self._noted().items():
            if born(pid) == started:
                self.console.say(f"ending {name}, left over from before (process {pid})")
                end_tree(pid)
        adopt_orphans()

    def _start_servers(self) -> None:
        self.console.say(f"starting; everything is kept in {self.places.data_dir}")
        if settings.OWN_DATABASE:
            self._start_postgres()
        if settings.OWN_BROKER:
            valkey = Valkey.of(self.places)
            valkey.stop()
            start = partial(valkey.spawn, output=subprocess.PIPE, dies_with_us=signal.SIGTERM)
            self._add(Part("valkey", start), valkey.start(output=subprocess.PIPE, dies_with_us=signal.SIGTERM))

    def _start_postgres(self) -> None:
        """Commands share the database with us by a lock; one that started it by itself has to end first."""
        database = settings.DATABASES["default"]
        cluster = Postgres.of(self.places, self.places.secret("superuser-password"))
        users = self.locks.enter_context((self.places.run / "database.lock").open("a"))
        with (self.places.run / "database-starting.lock").open("a") as door:
            fcntl.flock(door, fcntl.LOCK_EX)
            if cluster.running() is not None and not _locked(users, seconds=20):
                raise ServerError("A command of manage.py is using the database: wait for its end, then start again.")
            cluster.stop()
            start = partial(cluster.spawn, output=subprocess.PIPE, dies_with_us=signal.SIGINT)
            self._add(Part("postgres", start), cluster.start(output=subprocess.PIPE, dies_with_us=signal.SIGINT))
            fcntl.flock(users, fcntl.LOCK_SH)
            cluster.ensure_database(database["NAME"], database["USER"], database["PASSWORD"])

    def _start_demo_when_there(self) -> None:
        """The demo's databases are on a server of their own, from the moment that somebody loads the demo."""
        if self.has_demo or not self.places.demo_postgres.is_dir():
            return
        self.has_demo = True
        cluster = Postgres.of_demo(self.places)
        cluster.stop()
        # As a child of our own: its keeper would take fifty megabytes for what we do anyway.
        start = partial(cluster.spawn, output=subprocess.PIPE, dies_with_us=signal.SIGINT)
        self._add(Part(DEMO, start), cluster.start(output=subprocess.PIPE, dies_with_us=signal.SIGINT))

    def _prepare(self) -> None:
        """Tables, translations, static files, the first start; its words are shown as they are."""
        part = Part("", partial(self._python, "manage.py", "prepare"))
        self._add(part, part.start())
        while part.process is not None and not self.asked_to_stop:
            self._pump()
            self._start_demo_when_there()
            code = part.process.poll()
            if code is not None:
                self.console.drain(part)
                self.parts.remove(part)
                part.process = None
                if code:
                    raise ServerError("Setting up did not succeed; the lines above say why.")

    def _keep_up(self) -> None:
        for name, command in PARTS.items():
            if not self.asked_to_stop:
                part = Part(name, partial(self._python, "-m", *command))
                self._add(part, part.start())
        threading.Thread(target=self._announce, daemon=True).start()
        while not self.asked_to_stop:
            self._pump()
            self._start_demo_when_there()
            for part in self.parts:
                self._revive(part)
            if not self.is_noted:
                self._note()

    def _revive(self, part: Part) -> None:
        now = time.monotonic()
        if part.process is not None and part.process.poll() is not None:
            self.console.drain(part)
            part.failures = 0 if now - part.started_at > HEALTHY_SECONDS else part.failures + 1
            self._put_off(part, f"ended (code {part.process.returncode})", now)
        elif part.process is None and now >= part.due_at:
            try:
                process = part.start()
            except OSError as problem:  # no room for a note, no memory for a process: that may pass
                part.failures += 1
                self._put_off(part, f"could not be started ({problem.strerror})", now)
            else:
                self._watch(part, process)

    def _put_off(self, part: Part, what: str, now: float) -> None:
        pause = min(2 ** max(part.failures - 1, 0), LONGEST_PAUSE_SECONDS)
        self.console.say(f"{part.name} {what}; starting it again in {pause} s")
        part.process, part.due_at = None, now + pause

    def _stop(self) -> None:
        """Workers first, with time to finish; then the servers; then whatever descends from us."""
        workers = [part for part in self.parts if part.name not in {"postgres", "valkey", DEMO}]
        servers = [part for part in self.parts if part not in workers]
        if self.parts:
            self.console.say("stopping")
        self._end(workers, signal.SIGTERM, PATIENCE_SECONDS)
        self._end([part for part in servers if part.name == "valkey"], signal.SIGTERM, PATIENCE_SECONDS)
        databases = [part for part in servers if part.name in {"postgres", DEMO}]
        self._end(databases, signal.SIGINT, 3 * PATIENCE_SECONDS)
        end_descendants()
        self._note()
        if self.parts:
            self.console.say("stopped")

    def _end(self, parts: list[Part], number: signal.Signals, seconds: float) -> None:
        """Ask the parts to end, and kill with all their children those that do not. A second Ctrl-C ends the wait."""
        asked = self.asked_to_stop
        alive = [part for part in parts if part.alive]
        for part in alive:
            if part.process is not None:
                part.process.send_signal(number)
        deadline = time.monotonic() + seconds
        while alive and time.monotonic() < deadline and self.asked_to_stop <= max(asked, 1):
            self._pump()
            alive = [part for part in alive if part.alive]
        for part in alive:
            if part.process is not None:
                end_tree(part.process.pid)
                part.process.wait()
        for part in parts:
            self.console.drain(part)
            part.process = None

    def _python(self, *arguments: str) -> "subprocess.Popen[bytes]":
        return spawn(
            [PYTHON, *arguments],
            output=subprocess.PIPE,
            # Few memory arenas: a process with threads keeps a third less for nothing.
            environment=os.environ | {"PYTHONUNBUFFERED": "1", "MALLOC_ARENA_MAX": "2"},
            cwd=settings.BASE_DIR,
            dies_with_us=signal.SIGTERM,
        )

    def _add(self, part: Part, process: "subprocess.Popen[bytes]") -> None:
        self.parts.append(part)
        self._watch(part, process)

    def _watch(self, part: Part, process: "subprocess.Popen[bytes]") -> None:
        part.process, part.started_at = process, time.monotonic()
        self.console.listen(part)
        self._note()

    def _pump(self) -> None:
        self.console.pump()
        reap_orphans([part.process.pid for part in self.parts if part.process is not None])

    def _announce(self) -> None:
        """Say where to go, once the sign-in page really answers."""
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        # By a name that is always allowed, whatever the address is called.
        sign_in_page = urllib.request.Request(f"http://{NEAR}:{settings.PORT}/", headers={"Host": "localhost"})
        while not self.asked_to_stop:
            try:
                with direct.open(sign_in_page, timeout=10):
                    self.console.show("", f"Holdfast is ready: http://localhost:{settings.PORT}".encode())
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.2)

    def _noted(self) -> dict[str, tuple[int, float]]:
        try:
            return {name: (pid, at) for name, (pid, at) in json.loads(self._notes().read_text()).items()}
        except (OSError, ValueError):
            return {}

    def _note(self) -> None:
        """Keep what we started, for a start after we were killed: whole or not at all."""
        alive = {part.name: part.process.pid for part in self.parts if part.process is not None}
        unfinished = self._notes().with_suffix(".part")
        try:
            unfinished.write_text(json.dumps({name: (pid, born(pid)) for name, pid in alive.items()}))
            unfinished.replace(self._notes())
        except OSError as problem:  # a full disk must not end what runs
            if self.is_noted:
                self.console.say(f"what runs could not be noted in {self.places.run}: {problem.strerror}")
            self.is_noted = False
        else:
            self.is_noted = True

    def _notes(self) -> Path:
        return self.places.run / "children.json"


def _locked(lock: IO[str], *, seconds: float = 0) -> bool:
    deadline = time.monotonic() + seconds
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            if time.monotonic() >= deadline:
                return False
            time.sleep(0.2)
        else:
            return True


if __name__ == "__main__":
    sys.exit(Launcher(Places(settings.DATA_DIR)).run())
