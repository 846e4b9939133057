"""Real SMTP servers on the loopback, well and badly behaved."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

ACCEPTED = "250 OK"


@dataclass
class Sink:
    """Keeps what it is given. `answers` to DATA are used up in order; then it accepts. RCPT is refused by `refuses`."""

    answers: list[str] = field(default_factory=list)
    refuses: str = ""
    drops: int = 0
    #: Set by a test that lets the server wait before it answers; `reached` tells the test that it waits.
    waits_for: threading.Event | None = None
    reached: threading.Event = field(default_factory=threading.Event)
    #: While this is there and not set, the server takes every mail and answers none.
    hangs: threading.Event | None = None
    taken: list[bytes] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    port: int = 0

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self.refuses:
            return self.refuses
        envelope.rcpt_tos.append(address)
        return ACCEPTED

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.taken.append(envelope.original_content)
        self.recipients.extend(envelope.rcpt_tos)
        if self.drops:
            self.drops -= 1
            server.transport.abort()
        if self.hangs:
            self.reached.set()
            await server.loop.run_in_executor(None, self.hangs.wait, 60)
        if self.waits_for:
            waits_for, self.waits_for = self.waits_for, None
            self.reached.set()
            await server.loop.run_in_executor(None, waits_for.wait, 30)
        return self.answers.pop(0) if self.answers else ACCEPTED

    @property
    def mails(self) -> list[EmailMessage]:
        return [message_from_bytes(raw, policy=policy.default) for raw in self.taken]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def running(sink: Sink) -> Iterator[Sink]:
    sink.port = free_port()
    controller = Controller(sink, hostname="127.0.0.1", port=sink.port)
    controller.start()
    try:
        yield sink
    finally:
        controller.stop()


@contextmanager
def mute() -> Iterator[int]:
    """A server that takes the connection and never says a word. Yields its port."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(5)
        yield listener.getsockname()[1]


@contextmanager
def dripping() -> Iterator[int]:
    """A server that greets one letter at a time for ever, so that no single wait is long. Yields its port."""
    over = threading.Event()
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(5)
        thread = threading.Thread(target=_drip, args=(listener, over), daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        over.set()
        thread.join(5)


def _drip(listener: socket.socket, over: threading.Event) -> None:
    connection, _address = listener.accept()
    with connection:
        while not over.wait(0.05):
            try:
                connection.send(b"2")
            except OSError:
                return
