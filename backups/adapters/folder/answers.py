"""What a policy asks of a restored folder: whether files are there, how many, how new, and what one of them says."""

import os
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import file_digest

from backups.adapters.folder.patterns import matcher
from backups.adapters.folder.walk import Found, opened, walk
from backups.choices import Ask

#: So much of a file is read as text.
TEXT_BYTES = 64 * 1024


@dataclass(frozen=True)
class Question:
    """path: a name, a path or a pattern of one of them."""

    path: str
    ask: Ask


class _Asked:
    """One question, while the folder is walked through."""

    def __init__(self, question: Question) -> None:
        self.ask, self.is_meant = question.ask, matcher([question.path])
        self.count, self.newest, self.last = 0, 0.0, ""

    def take(self, found: Found) -> None:
        if found.kind != "file" or not self.is_meant(found.path):
            return
        self.count += 1
        self.newest = max(self.newest, found.status.st_mtime)
        if self.ask in READ:
            self.last = READ[self.ask](found)

    def answer(self) -> str | None:
        """None when there is no such file, or where one was asked for and there are several."""
        if self.ask == Ask.COUNT:
            return str(self.count)
        if self.ask == Ask.NEWEST:
            return datetime.fromtimestamp(self.newest, UTC).isoformat() if self.count else None
        return self.last if self.count == 1 else None


def answers(root: int, questions: Sequence[Question], *, look: Callable[[], None] = lambda: None) -> list[str | None]:
    """The answers of an open folder, in the order of the questions. It is walked through once."""
    asked = [_Asked(question) for question in questions]
    with closing(walk(root)) as walked:
        for found in walked:
            look()
            for each in asked:
                each.take(found)
    return [each.answer() for each in asked]


def _sha256(found: Found) -> str:
    with opened(found) as stream:
        return file_digest(stream, "sha256").hexdigest()  # type: ignore[arg-type]  # any readable file will do


def _text(found: Found) -> str:
    with opened(found) as stream:
        return os.read(stream.fileno(), TEXT_BYTES).decode("utf-8", errors="replace").strip()


READ: dict[Ask, Callable[[Found], str]] = {Ask.SHA256: _sha256, Ask.TEXT: _text}
