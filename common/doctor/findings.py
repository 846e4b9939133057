"""What was found of one part."""

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """broken: something that is needed does not work.  warn: it works, and somebody should know or do something."""

    OK = "ok"
    WARN = "warn"
    BROKEN = "broken"


@dataclass(frozen=True)
class Finding:
    """One line: how it is, what was found, and what to do when it is not well. part: added by the round."""

    verdict: Verdict
    found: str
    advice: str = ""
    part: str = ""

    def __str__(self) -> str:
        advice = f"  ->  {self.advice}" if self.advice else ""
        return f"{self.verdict:<7} {self.part:<10} {self.found}{advice}"


def ok(found: str) -> Finding:
    """All is well."""
    return Finding(Verdict.OK, found)


def warn(found: str, advice: str) -> Finding:
    """It works, and something should be done."""
    return Finding(Verdict.WARN, found, advice)


def broken(found: str, advice: str) -> Finding:
    """It does not work, and Holdfast needs it."""
    return Finding(Verdict.BROKEN, found, advice)
