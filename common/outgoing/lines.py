"""Connections to addresses that were checked, which end at a deadline whatever the other side does."""

import socket
import ssl
import threading
from contextlib import suppress
from functools import cache
from types import TracebackType
from typing import Self

from django.conf import settings

from common.outgoing.addresses import Target


class Deadline:
    """Within it things may take their time; at its end every connection that it knows is cut off.

    A dripping server keeps every single wait short, so waits alone bound nothing.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.is_over = False
        self._held: list[socket.socket] = []
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
        for each in self._held:
            each.close()

    def hold(self, line: socket.socket) -> None:
        """Cut it off at the end. A handle of our own: libraries wrap theirs, or forget it while they still read."""
        self._held.append(line.dup())
        if self.is_over:
            self._end()

    def _end(self) -> None:
        self.is_over = True
        for each in list(self._held):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)


def connect(target: Target, deadline: Deadline, seconds: float | None = None) -> socket.socket:
    """A connection to the first of the checked addresses that takes it. Raises OSError.

    seconds: how long to wait at most for one answer of the network; the deadline's unless given.
    """
    whole = deadline.seconds if seconds is None else min(seconds, deadline.seconds)
    last: OSError | None = None
    for address in target.addresses:
        if deadline.is_over:
            raise TimeoutError
        try:
            line = socket.create_connection((address, target.port), timeout=whole / len(target.addresses))
        except OSError as error:
            last = error
        else:
            line.settimeout(whole)
            deadline.hold(line)
            return line
    raise last or OSError("no address")


def trusted() -> ssl.SSLContext:
    """Certificates are believed when the system's authorities vouch for them, or the house's own; names are checked."""
    return _trusted(settings.OUTGOING_CA_FILE)


@cache
def _trusted(ca_file: str) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if ca_file:
        context.load_verify_locations(ca_file)
    return context


def secured(line: socket.socket, host: str) -> ssl.SSLSocket:
    """The line as TLS, with a certificate of the name. Raises OSError."""
    return trusted().wrap_socket(line, server_hostname=host)
