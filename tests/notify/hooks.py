"""Real HTTP servers on the loopback, well and badly behaved."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Answer:
    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Taken:
    headers: dict[str, str]
    body: bytes


@dataclass
class HookServer:
    """Keeps what it is given. `answers` are used up in order; then it says 200."""

    port: int = 0
    answers: list[Answer] = field(default_factory=list)
    requests: list[Taken] = field(default_factory=list)
    #: The names that were asked for in TLS.
    names: list[str | None] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"


@contextmanager
def running_hook(trick: str = "", tls: ssl.SSLContext | None = None) -> Iterator[HookServer]:
    """A server, or one that never answers (`mute`), answers a byte at a time (`dripping`) or endlessly (`huge`)."""
    found, over = HookServer(), threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            found.requests.append(Taken(dict(self.headers), body))
            if trick:
                _play(trick, self.connection, over)
                return
            answer = found.answers.pop(0) if found.answers else Answer(200, b"fine")
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, *args: object) -> None: ...

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def finish_request(self, request: Any, client_address: Any) -> None:
            """TLS is spoken in the thread of the request; who does not trust us is gone again."""
            with suppress(OSError):
                super().finish_request(tls.wrap_socket(request, server_side=True) if tls else request, client_address)

    if tls:
        tls.sni_callback = lambda _line, name, _context: found.names.append(name)
    server = Server(("127.0.0.1", 0), Handler)
    found.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        over.set()
        server.shutdown()
        server.server_close()


def _play(trick: str, connection: socket.socket, over: threading.Event) -> None:
    head = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"
    with suppress(OSError):
        if trick == "dripping":
            connection.sendall(head)
        while trick != "huge" and not over.wait(0.05):
            if trick == "dripping":
                connection.sendall(b"x")
        if trick == "huge":
            connection.sendall(head)
            while not over.is_set():
                connection.sendall(b"x" * 65536)


class Names:
    """A name server of the test: each question is answered by the next of its addresses, the last for ever."""

    def __init__(self, *addresses: str) -> None:
        self.addresses, self.asked = list(addresses), []

    def __call__(self, host: str, port: int, *_others: object, **_options: object) -> list[Any]:
        with suppress(OSError):
            socket.inet_aton(host)
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (host, port))]
        self.asked.append(host)
        found = self.addresses.pop(0) if len(self.addresses) > 1 else self.addresses[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (found, port))]
