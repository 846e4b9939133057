"""Reads of backups."""

from backups.selectors.copies import Condition, conditions
from backups.selectors.matrix import PolicyRow, matrix, rows_of
from backups.selectors.runs import (
    PhaseTime,
    RunPage,
    asked_by,
    assertions_of,
    by_reference,
    copies_of,
    newest_copy,
    number_of,
    passed_after,
    phases_of,
    policy_by_name,
    proof_of_policy,
    restore_tests,
    run_page,
    runs_of,
)
from backups.selectors.search import search
from backups.selectors.seeing import may_run, may_set_up, sees_backups, sees_output, visible_to
from backups.selectors.standing import stands, with_later
from backups.selectors.work import work_of

__all__ = [
    "Condition",
    "PhaseTime",
    "PolicyRow",
    "RunPage",
    "asked_by",
    "assertions_of",
    "by_reference",
    "conditions",
    "copies_of",
    "matrix",
    "may_run",
    "may_set_up",
    "newest_copy",
    "number_of",
    "passed_after",
    "phases_of",
    "policy_by_name",
    "proof_of_policy",
    "restore_tests",
    "rows_of",
    "run_page",
    "runs_of",
    "search",
    "sees_backups",
    "sees_output",
    "stands",
    "visible_to",
    "with_later",
    "work_of",
]
