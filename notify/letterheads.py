"""How mails about a thing hang together and are answered: asked of the room that has the thing.

Messages know things by type and id alone. Where a room reads answers, it says so here, and mails about its things
carry what an answer will bring back.
"""

from collections.abc import Callable
from dataclasses import dataclass

from notify.models import Message


@dataclass(frozen=True)
class Letterhead:
    """What mails about one thing have in common.

    thread: the part before the @ of an id that no mail has and all name, so that programs show them as one
    conversation.  reply_to: where answers are read; empty where nobody reads them.  tag: stands in every subject.
    """

    thread: str
    reply_to: str = ""
    tag: str = ""

    def tagged(self, subject: str) -> str:
        """The subject, with the tag unless it names the same already."""
        return subject if not self.tag or self.tag in subject else f"[{self.tag}] {subject}"


Look = Callable[[Message], Letterhead | None]
_ROOMS: dict[str, Look] = {}


def declare(about_type: str, look: Look) -> None:
    """A room answers for mails about its rows.  about_type: `app.model`."""
    _ROOMS[about_type] = look


def letterhead_of(message: "Message") -> Letterhead | None:
    """What a mail of this message carries; None where each stands alone."""
    look = _ROOMS.get(message.about_type)
    return look(message) if look else None
