"""What a check of the ledger found."""

from dataclasses import dataclass

from ledger.choices import Problem


@dataclass(frozen=True)
class Finding:
    """The first thing that does not fit. What is not known of it is empty."""

    problem: Problem
    seal: int | None = None
    position: int | None = None
    entry: int | None = None
    verb: str = ""
    subject: str = ""

    @property
    def message(self) -> str:
        """The sentence, in the language active when it is read."""
        return str(self.problem.label) % {
            "entry": self.entry,
            "verb": self.verb,
            "subject": self.subject,
            "seal": self.seal,
            "position": self.position,
        }


@dataclass
class Report:
    """What was looked at, and the first thing that is wrong; None when the ledger is whole.

    `unsealed` entries are signed but not yet closed: one of them that is removed leaves no trace.
    `unknown_signatures` are of keys that were here before all others and are gone.
    """

    entries: int = 0
    seals: int = 0
    unsealed: int = 0
    unknown_signatures: int = 0
    head: str = ""
    first_bad: Finding | None = None


class Wrong(Exception):
    """Ends a check with its finding."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.problem.value)
        self.finding = finding
