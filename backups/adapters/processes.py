"""Running a program of somebody else: an argument list, a wall clock, bounded output, and an end in any case."""

import ctypes
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, BinaryIO

from backups.adapters.errors import OutputTooLarge, Stopped, TimeIsUp, ToolBroke
from backups.adapters.output import Kept, Tail, drain, readable

#: What is kept of a program's output for the step's record: the end, where the reason stands.
TAIL_BYTES = 16 * 1024

#: From SIGTERM to SIGKILL.
GRACE_SECONDS = 2.0

#: How often a running program is looked at: for the wall clock, and for a lease that was lost.
LOOK_EVERY_SECONDS = 0.1

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


@dataclass(frozen=True)
class Finished:
    """What one command did: `argv` with its secrets masked, `tail` as the readable end of what it printed.

    `output` holds its standard output where that was asked for; else both streams are in the tail.
    """

    argv: tuple[str, ...]
    exit_code: int
    seconds: float
    tail: str
    output: bytes = b""

    @property
    def command(self) -> str:
        """The command on one line, as evidence shows it."""
        return readable(" ".join(self.argv).encode(errors="surrogateescape"))


def plain_environment(**more: str) -> dict[str, str]:
    """What a tool sees of our environment: nothing but what it needs. Its messages are in English, for us to read."""
    return {"PATH": os.defpath, "LANG": "C.UTF-8", "LC_MESSAGES": "C", "TZ": "UTC", "HOME": "/nonexistent", **more}


class Feed:
    """Standard input that is written while the program runs, by a thread of its own. `write` gets the stream.

    A program that ends early is no fault of the writer; what else goes wrong there is raised by `check`.
    """

    def __init__(self, write: Callable[[BinaryIO], None]) -> None:
        self._write = write
        self._error: BaseException | None = None
        self._thread: threading.Thread | None = None

    @contextmanager
    def opened(self) -> Iterator[int]:
        """The end that the program reads from: ours is closed once it has its own, so that its end is noticed."""
        reading, writing = os.pipe()
        self._thread = threading.Thread(target=self._feed, args=(writing,), name="feed", daemon=True)
        self._thread.start()
        try:
            yield reading
        finally:
            os.close(reading)

    def check(self) -> None:
        """Wait for the writer, which ends with the program at the latest. Raises what went wrong in it."""
        if self._thread is not None:
            self._thread.join()
        if self._error is not None:
            raise self._error

    def _feed(self, writing: int) -> None:
        try:
            with os.fdopen(writing, "wb") as stream:
                self._write(stream)
        except BrokenPipeError:
            return
        except BaseException as error:  # noqa: BLE001 - raised again by check(), in the thread that waits for it
            self._error = error


class Child:
    """One program that runs, in a session of its own. Its output is read all the time, so that it never waits for us.

    keep_output: how many bytes of standard output to keep; 0 sends it to the tail.  shown: the command as evidence
    tells it, without what we put around it. It dies with us (Linux).
    """

    def __init__(
        self,
        argv: Sequence[str | Path],
        *,
        env: Mapping[str, str],
        stdin: bytes | BinaryIO | Feed | None = None,
        keep_output: int = 0,
        cwd: Path | str = "/",
        secrets: Iterable[str] = (),
        shown: Sequence[str | Path] | None = None,
    ) -> None:
        self._secrets = [secret for secret in secrets if secret]
        self.argv = tuple(self._masked(str(argument)) for argument in shown or argv)
        self._tail = Tail(TAIL_BYTES)
        self._kept = Kept(keep_output) if keep_output else None
        self.started_at = time.monotonic()
        with _input(stdin) as given:
            try:
                self.process = subprocess.Popen(
                    [os.fspath(argument) for argument in argv],
                    stdin=given,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE if self._kept else subprocess.STDOUT,
                    cwd=cwd,
                    env=dict(env),
                    start_new_session=True,
                    preexec_fn=_die_with_us,  # noqa: PLW1509 - one system call
                )
            except OSError as error:
                raise ToolBroke(tool=Path(self.argv[0]).name).shown_by(self._never_ran(error)) from error
        self._readers = self._read()

    @property
    def pid(self) -> int:
        return self.process.pid

    def alive(self) -> bool:
        return self.process.poll() is None

    def kill(self) -> None:
        """End it from another thread than the one that waits for it."""
        self._signal(signal.SIGKILL)

    def too_much(self) -> bool:
        """Whether it printed more than was asked for."""
        return self._kept is not None and self._kept.over

    def end(self, *, first: signal.Signals = signal.SIGTERM, grace: float = GRACE_SECONDS) -> None:
        """End it and its whole process group: asked first, then killed. Twice is once."""
        if self.alive():
            self._signal(first)
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(grace)
        self._signal(signal.SIGKILL)
        self.process.wait()
        self._close()

    def finished(self) -> Finished:
        """What it did, once it has ended."""
        return Finished(
            argv=self.argv,
            exit_code=self.process.returncode if self.process.returncode is not None else -1,
            seconds=time.monotonic() - self.started_at,
            tail=self._masked(readable(self._tail.get())),
            output=self._kept.get() if self._kept else b"",
        )

    def _read(self) -> list[threading.Thread]:
        streams: list[tuple[IO[bytes] | None, Tail | Kept]]
        if self._kept:
            streams = [(self.process.stdout, self._kept), (self.process.stderr, self._tail)]
        else:
            streams = [(self.process.stdout, self._tail)]
        readers = [threading.Thread(target=drain, args=pair, daemon=True) for pair in streams]
        for reader in readers:
            reader.start()
        return readers

    def _close(self) -> None:
        # A grandchild outside the group may hold the pipe open: what it still prints is nobody's business.
        for reader in self._readers:
            reader.join(GRACE_SECONDS)

    def _signal(self, number: signal.Signals) -> None:
        with suppress(ProcessLookupError, PermissionError):  # the group is empty
            os.killpg(self.process.pid, number)

    def _masked(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, "***")
        return text

    def _never_ran(self, error: OSError) -> Finished:
        return Finished(argv=self.argv, exit_code=-1, seconds=0.0, tail=readable(str(error).encode(errors="replace")))


def run(
    argv: Sequence[str | Path],
    *,
    env: Mapping[str, str],
    timeout: float,
    stdin: bytes | BinaryIO | None = None,
    keep_output: int = 0,
    cwd: Path | str = "/",
    secrets: Iterable[str] = (),
    stop: threading.Event | None = None,
    on_start: Callable[[int], None] | None = None,
) -> Finished:
    """Run a program to its end and tell what it did; an exit code other than 0 is no error here.

    timeout: wall clock in seconds.  stop: set it from another thread to end the program.  secrets: masked in what
    is told. Raises TimeIsUp, Stopped, OutputTooLarge, and ToolBroke when it cannot be started.
    """
    child = Child(argv, env=env, stdin=stdin, keep_output=keep_output, cwd=cwd, secrets=secrets)
    try:
        if on_start:
            on_start(child.pid)
        return attend(child, timeout=timeout, stop=stop, keep_output=keep_output)
    finally:
        child.end()


def attend(child: Child, *, timeout: float, stop: threading.Event | None = None, keep_output: int = 0) -> Finished:
    """Wait for the end of a child, or bring it about: by the wall clock, on demand, or because it prints too much."""
    deadline = time.monotonic() + timeout
    reason: TimeIsUp | Stopped | OutputTooLarge | None = None
    while reason is None and child.alive():
        try:
            child.process.wait(LOOK_EVERY_SECONDS)
        except subprocess.TimeoutExpired:
            if stop is not None and stop.is_set():
                reason = Stopped()
            elif time.monotonic() >= deadline:
                reason = TimeIsUp()
            elif child.too_much():
                reason = _too_much(child, keep_output)
    child.end()
    if reason is None and child.too_much():
        reason = _too_much(child, keep_output)
    if reason is not None:
        raise reason.shown_by(child.finished())
    return child.finished()


def _too_much(child: Child, limit: int) -> OutputTooLarge:
    return OutputTooLarge(tool=Path(child.argv[0]).name, limit_bytes=limit)


@contextmanager
def _input(given: bytes | BinaryIO | Feed | None) -> Iterator[Any]:
    """Standard input of a child: a file as it is, bytes through a file without a name, a pipe, or nothing."""
    if given is None:
        yield subprocess.DEVNULL
    elif isinstance(given, Feed):
        with given.opened() as end:
            yield end
    elif isinstance(given, bytes):
        with tempfile.TemporaryFile() as own:
            own.write(given)
            own.seek(0)
            yield own
    else:
        yield given


def _die_with_us() -> None:
    if _libc is not None:
        _libc.prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
