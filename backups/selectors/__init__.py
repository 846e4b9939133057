"""Reads of backups."""

from backups.selectors.matrix import PolicyRow, matrix, rows_of
from backups.selectors.runs import (
    PhaseTime,
    RunPage,
    by_reference,
    copies_of,
    newest_copy,
    number_of,
    phases_of,
    policy_by_name,
    restore_tests,
    run_page,
    runs_of,
)
from backups.selectors.seeing import may_run, may_set_up, sees_backups, sees_output, visible_to

__all__ = [
    "PhaseTime",
    "PolicyRow",
    "RunPage",
    "by_reference",
    "copies_of",
    "matrix",
    "may_run",
    "may_set_up",
    "newest_copy",
    "number_of",
    "phases_of",
    "policy_by_name",
    "restore_tests",
    "rows_of",
    "run_page",
    "runs_of",
    "sees_backups",
    "sees_output",
    "visible_to",
]
