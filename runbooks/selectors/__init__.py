"""Reads of emergency plans."""

from runbooks.selectors.plans import (
    Shown,
    best_text,
    causes_named,
    in_force,
    may_write,
    plans_for,
    published,
    sees_drafts,
    visible_to,
    with_causes,
    with_texts,
)
from runbooks.selectors.search import search
from runbooks.selectors.work import work_of

__all__ = [
    "Shown",
    "best_text",
    "causes_named",
    "in_force",
    "may_write",
    "plans_for",
    "published",
    "search",
    "sees_drafts",
    "visible_to",
    "with_causes",
    "with_texts",
    "work_of",
]
