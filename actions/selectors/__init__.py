"""Reads of actions and improvement plans."""

from actions.selectors.listing import Line, Wanted, as_lines, found, hide_sources, overdue_count
from actions.selectors.planning import PlanPage, Progress, page_of_plan, progress_of_phases, with_progress
from actions.selectors.search import search
from actions.selectors.seeing import (
    actionable_by,
    may_open,
    may_sign,
    of_source,
    sees_actions,
    visible_plans,
    visible_to,
)
from actions.selectors.work import work_of

__all__ = [
    "Line",
    "PlanPage",
    "Progress",
    "Wanted",
    "actionable_by",
    "as_lines",
    "found",
    "hide_sources",
    "may_open",
    "may_sign",
    "of_source",
    "overdue_count",
    "page_of_plan",
    "progress_of_phases",
    "search",
    "sees_actions",
    "visible_plans",
    "visible_to",
    "with_progress",
    "work_of",
]
