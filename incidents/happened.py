"""What became of an incident after somebody looked at it: in words for people, in values for programs."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class FieldChange:
    """One column: as a page says it, and as it stood (`seen`) and stands, plainly enough for JSON."""

    name: str
    label: str
    before: str
    after: str
    seen: Any
    now: Any


@dataclass(frozen=True)
class Happened:
    """One thing that somebody did: its sentence in the reader's language, and the columns that it changed."""

    at: datetime
    by: str
    sentence: str
    fields: list[FieldChange] = field(default_factory=list)

    def plain(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "at": self.at.isoformat(),
            "by": self.by,
            "sentence": self.sentence,
            "fields": {each.name: {"from": each.seen, "to": each.now} for each in self.fields},
        }
