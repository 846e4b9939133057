"""Looking whether everything that Holdfast needs is there and works.

Every floor adds what it needs itself, in a module of the name `doctor`, which is found by its name.
"""

from common.doctor import database, house, storage, work
from common.doctor.findings import Finding, Verdict, broken, ok, warn
from common.doctor.rounds import examine, examines

__all__ = [
    "Finding",
    "Verdict",
    "broken",
    "database",
    "examine",
    "examines",
    "house",
    "ok",
    "storage",
    "warn",
    "work",
]
