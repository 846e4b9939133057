"""What is being handled right now: the request's id and the address it came from."""

from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True)
class Handling:
    """One request, or nothing (`request_id` empty) in a job or a command."""

    request_id: str = ""
    address: str = ""


current: ContextVar[Handling] = ContextVar("handling", default=Handling())  # noqa: B039  it is frozen
