"""What the processes of the launcher say, line by line, each with the name of who says it."""

import os
import selectors
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass
class Part:
    """One process that is kept up, and when it is started again if it is not."""

    name: str
    start: Callable[[], "subprocess.Popen[bytes]"]
    process: "subprocess.Popen[bytes] | None" = None
    started_at: float = 0
    failures: int = 0
    due_at: float = 0
    unfinished_line: bytes = b""

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None


class Console:
    """The one terminal of many parts."""

    def __init__(self) -> None:
        self._readable = selectors.DefaultSelector()

    def listen(self, part: Part) -> None:
        """Show from now on what the part's process says."""
        if part.process is not None and part.process.stdout is not None:
            os.set_blocking(part.process.stdout.fileno(), False)
            self._readable.register(part.process.stdout, selectors.EVENT_READ, part)

    def pump(self) -> None:
        """Show what the parts say, for a fifth of a second at most."""
        for key, _events in self._readable.select(timeout=0.2):
            self._read(key.data, key.fileobj)

    def drain(self, part: Part) -> None:
        """Show the last words of a part that ended; what it left behind may still hold its stream open."""
        stream = part.process.stdout if part.process is not None else None
        while stream is not None and not stream.closed and self._read(part, stream):
            pass
        if stream is not None and not stream.closed:
            self._close(stream)
        if part.unfinished_line:
            self.show(part.name, part.unfinished_line)
            part.unfinished_line = b""

    def say(self, words: str) -> None:
        """A line of our own."""
        self.show("holdfast", words.encode())

    def show(self, name: str, line: bytes) -> None:
        """Print one line. Nothing in it can steer the terminal; without a name it stands as it is."""
        text = line.decode(errors="replace").rstrip()
        harmless = "".join(sign if sign.isprintable() or sign == "\t" else "\ufffd" for sign in text)
        try:
            print(f"{name:<8} | {harmless}" if name else harmless, flush=True)
        except OSError:
            return  # nobody reads any more; that is no reason to stop

    def _read(self, part: Part, stream: Any) -> bool:
        """Show what can be read now. False when there is nothing more."""
        try:
            block = os.read(stream.fileno(), 65536)
        except BlockingIOError:
            return False
        if not block:
            self._close(stream)
            return False
        *lines, part.unfinished_line = (part.unfinished_line + block).split(b"\n")
        for line in filter(None, lines):
            self.show(part.name, line)
        return True

    def _close(self, stream: Any) -> None:
        self._readable.unregister(stream)
        stream.close()
