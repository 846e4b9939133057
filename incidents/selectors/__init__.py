"""Reads of incidents."""

from incidents.clocks.reading import Clocks, clocks_of, visible_limits
from incidents.selectors.attachments import attachments_of, attachments_open_to, public_attachments_of
from incidents.selectors.board import Column, board_of
from incidents.selectors.evidence import Point, checklist_of
from incidents.selectors.figures import Figures, FiguresWanted, figures, recent_figures, sees_figures
from incidents.selectors.hearing import is_heard
from incidents.selectors.keys import key_of
from incidents.selectors.known import OFFERED, known_problems
from incidents.selectors.listing import Listed, found
from incidents.selectors.lists import beginning_of, view_at, views_of
from incidents.selectors.matrix import Matrix, severity_matrix
from incidents.selectors.meanwhile import happened_since
from incidents.selectors.merging import could_take_in, likely_the_same
from incidents.selectors.page import Page, events_of, page_of, public_events_of
from incidents.selectors.reviews import (
    CasesWanted,
    case_services,
    case_years,
    cases,
    found_cases,
    may_approve,
    needs_review,
    page_of_review,
    review_of,
    visible_reviews,
    writes_reviews,
)
from incidents.selectors.roles import Seat, commands, held_now, seats_of
from incidents.selectors.search import search
from incidents.selectors.seeing import (
    actionable_by,
    can_act,
    corrected_by,
    joinable_by,
    may_report,
    may_report_here,
    open_to,
    opened_by,
    reads_timeline,
    reported_by,
    tracked,
    visible_to,
)
from incidents.selectors.similar import Similar, live_like, similar_to, similar_to_text
from incidents.selectors.tasks import tasks_of, tasks_to_act_on, visible_tasks
from incidents.selectors.wanted import Wanted
from incidents.selectors.work import work_of

__all__ = [
    "OFFERED",
    "CasesWanted",
    "Clocks",
    "Column",
    "Figures",
    "FiguresWanted",
    "Listed",
    "Matrix",
    "Page",
    "Point",
    "Seat",
    "Similar",
    "Wanted",
    "actionable_by",
    "attachments_of",
    "attachments_open_to",
    "beginning_of",
    "board_of",
    "can_act",
    "case_services",
    "case_years",
    "cases",
    "checklist_of",
    "clocks_of",
    "commands",
    "corrected_by",
    "could_take_in",
    "events_of",
    "figures",
    "found",
    "found_cases",
    "happened_since",
    "held_now",
    "is_heard",
    "joinable_by",
    "key_of",
    "known_problems",
    "likely_the_same",
    "live_like",
    "may_approve",
    "may_report",
    "may_report_here",
    "needs_review",
    "open_to",
    "opened_by",
    "page_of",
    "page_of_review",
    "public_attachments_of",
    "public_events_of",
    "reads_timeline",
    "recent_figures",
    "reported_by",
    "review_of",
    "search",
    "seats_of",
    "sees_figures",
    "severity_matrix",
    "similar_to",
    "similar_to_text",
    "tasks_of",
    "tasks_to_act_on",
    "tracked",
    "view_at",
    "views_of",
    "visible_limits",
    "visible_reviews",
    "visible_tasks",
    "visible_to",
    "work_of",
    "writes_reviews",
]
