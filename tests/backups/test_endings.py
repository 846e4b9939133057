"""A program that was killed, or never began, says nothing about a copy."""

import pytest

from backups.adapters.endings import gave_up
from backups.adapters.errors import DiskFull, MemoryLimit, SourceBusy, ToolError, WrongCredential
from backups.adapters.postgres.connect import Source, meaning
from backups.adapters.processes import Finished
from backups.choices import Outcome

SOURCE = Source("db", 5432, "shop", "backup", "secret")


def ended(code: int, said: str = "") -> Finished:
    return Finished(("/bin/pg_restore",), code, 1.0, said)


@pytest.mark.parametrize("code", [-9, -11, 125, 126, 127, 137, 139])
def test_a_killed_program_came_to_no_verdict(code: int):
    error = gave_up(ended(code, "pg_restore: error: found something"), "pg_restore")
    assert error is not None
    assert (error.code, error.outcome) == ("tool_broke", Outcome.ERROR)


@pytest.mark.parametrize("said", ["bwrap: Creating new namespace failed", "prlimit: failed to set the RSS limit", ""])
def test_what_stands_around_the_program_is_not_the_program(said: str):
    error = gave_up(ended(1, said), "pg_restore")
    assert error is not None
    assert error.outcome == Outcome.ERROR


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("pg_restore: error: could not write: No space left on device", DiskFull),
        ("pg_restore: error: out of memory", MemoryLimit),
    ],
)
def test_what_ran_out_is_named(said: str, kind: type[ToolError]):
    assert isinstance(gave_up(ended(1, said), "pg_restore"), kind)


def test_its_own_words_are_a_verdict():
    assert gave_up(ended(1, "pg_restore: error: could not read from input file: end of file"), "pg_restore") is None
    assert gave_up(ended(0), "pg_restore") is None


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ('FATAL:  too many connections for role "backup"', SourceBusy),
        ("FATAL:  sorry, too many clients already", SourceBusy),
        ("FATAL:  remaining connection slots are reserved for roles with the SUPERUSER attribute", SourceBusy),
        ('FATAL:  role "backup" does not exist', WrongCredential),
        ('FATAL:  role "backup" is not permitted to log in', WrongCredential),
    ],
)
def test_a_source_without_a_free_connection_is_no_wrong_password(said: str, kind: type[ToolError]):
    assert type(meaning(said, SOURCE)) is kind
