"""One POST to an address: what web hooks are sent by."""

import http.client
from collections.abc import Mapping

from common.outgoing.addresses import Target, checked, read_target
from common.outgoing.answers import Answer, no_answer
from common.outgoing.lines import Deadline, connect, secured

DEADLINE_SECONDS = 10.0
MOST_ANSWER_BYTES = 4096


def post(url: str, *, body: bytes, headers: Mapping[str, str], deadline_seconds: float = DEADLINE_SECONDS) -> Answer:
    """Send a body to an address. Raises AddressRefused or NoAnswer. A redirect is an answer like any other.

    Whatever the other side does, this ends at the deadline, and at most 4 KB of the answer are read.
    """
    target = checked(read_target(url))
    with Deadline(deadline_seconds) as deadline:
        connection = _Pinned(target, deadline)
        try:
            connection.request("POST", target.path, body=body, headers={**headers, "Connection": "close"})
            answer = connection.getresponse()
            text = answer.read(MOST_ANSWER_BYTES)
            if deadline.is_over:
                raise TimeoutError
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise no_answer(error, is_late=deadline.is_over) from error
        finally:
            connection.close()
    return Answer(answer.status, text.decode(errors="replace"))


class _Pinned(http.client.HTTPConnection):
    """A connection to an address that was checked, whatever its name resolves to by now."""

    def __init__(self, target: Target, deadline: Deadline) -> None:
        super().__init__(target.host, target.port, timeout=deadline.seconds)
        self.target, self.deadline = target, deadline

    def connect(self) -> None:
        """To the first address that takes it; for https the certificate must be of the name."""
        self.sock = connect(self.target, self.deadline)
        if self.target.scheme == "https":
            self.sock = secured(self.sock, self.target.host)
