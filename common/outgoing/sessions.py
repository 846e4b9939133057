"""Requests of libraries that send by `requests`: to addresses that were checked, as web hooks are.

Imported by adapters only: `requests` is slow to load.
"""

import socket
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

from common.errors import DomainError
from common.outgoing.addresses import Target, checked
from common.outgoing.answers import NoAnswer
from common.outgoing.lines import Deadline, connect, trusted

LONGEST_ANSWER = 1024 * 1024
PIECE = 64 * 1024


class PinnedSession(requests.Session):
    """Asks only where may be sent to, directly, without redirects, in bounded time and size.

    The name is resolved here and each of its addresses checked; the connection goes to one of those. Who changes the
    name's answer in between reaches nothing else. Certificates are always checked, against the name.
    """

    def __init__(self, deadline: Deadline) -> None:
        super().__init__()
        self.trust_env = False
        self.deadline = deadline
        #: Why an address was refused or not reached, which the library may wrap or swallow.
        self.trouble: DomainError | NoAnswer | None = None
        for prefix in ("http://", "https://"):
            self.mount(prefix, _Adapter(self))

    def request(self, method: Any, url: Any, *others: Any, **options: Any) -> requests.Response:
        """The answer, read whole. Raises RequestException."""
        bounds = {"allow_redirects": False, "verify": True, "stream": True, "proxies": None, "cert": None}
        answer = super().request(method, url, *others, **options | bounds)
        answer._content = b"".join(self._pieces(answer))
        if self.deadline.is_over:  # what was cut off looks as if it had ended
            raise requests.exceptions.ReadTimeout("It did not answer in time.", response=answer)
        return answer

    def open(self, scheme: str, host: str, port: int, seconds: float | None) -> socket.socket:
        """A connection to an address of the name. Raises AddressRefused, NoAnswer or OSError."""
        try:
            return connect(checked(Target(scheme, host, port, "/")), self.deadline, seconds)
        except (DomainError, NoAnswer) as trouble:
            self.trouble = trouble
            raise

    def _pieces(self, answer: requests.Response) -> Any:
        length = 0
        for piece in answer.iter_content(PIECE):
            length += len(piece)
            if length > LONGEST_ANSWER:
                answer.close()
                raise requests.exceptions.ContentDecodingError("The answer is too long.", response=answer)
            yield piece


class _Adapter(HTTPAdapter):
    """Lets the session open the connections."""

    def __init__(self, session: PinnedSession) -> None:
        self.session = session
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        """Pools whose connections ask the session for their socket."""
        super().init_poolmanager(*args, **options)
        session = self.session

        class Plain(_Pinned, HTTPConnection):
            opens = session

        class Secure(_Pinned, HTTPSConnection):
            opens = session

            def connect(self) -> None:
                """Trust whom web hooks trust."""
                self.ssl_context, self.ca_certs, self.ca_cert_dir = trusted(), None, None
                super().connect()

        class PlainPool(HTTPConnectionPool):
            ConnectionCls = Plain

        class SecurePool(HTTPSConnectionPool):
            ConnectionCls = Secure

        self.poolmanager.pool_classes_by_scheme = {"http": PlainPool, "https": SecurePool}


class _Pinned(HTTPConnection):
    """What urllib3 lets those replace who bring their own sockets, as its own SOCKS connections do."""

    opens: PinnedSession

    def _new_conn(self) -> socket.socket:
        seconds = self.timeout if isinstance(self.timeout, int | float) else None
        try:
            return self.opens.open("", self.host, self.port or self.default_port, seconds)
        except TimeoutError as error:
            raise ConnectTimeoutError(self, "It did not answer in time.") from error
        except (DomainError, NoAnswer, OSError) as error:
            raise NewConnectionError(self, str(error)) from error
