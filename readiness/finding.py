"""Find anything: one search over every room, each of which shows only what the reader may see."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

import actions.selectors
import backups.selectors
import catalog.selectors
import incidents.selectors
import notify.selectors
import people.selectors
import runbooks.selectors
from common.search import EXACT, Hit, Looking, looking_for
from people.selectors import Anyone

#: Every room that can be searched.
ROOMS: tuple[Callable[[str, Anyone], list[Hit]], ...] = (
    incidents.selectors.search,
    runbooks.selectors.search,
    catalog.selectors.search,
    actions.selectors.search,
    backups.selectors.search,
    people.selectors.search,
    notify.selectors.search,
)
#: kind of hit → its drawing, and the heading it stands under.
KINDS: dict[str, tuple[str, str | Promise]] = {
    "incident": ("i-incident", _("Incidents")),
    "plan": ("i-plan", _("Plans")),
    "service": ("i-overview", _("Services")),
    "system": ("i-backup", _("Systems")),
    "provider": ("i-link", _("Providers")),
    "site": ("i-flag", _("Sites")),
    "policy": ("i-backup", _("Backup policies")),
    "run": ("i-restore", _("Runs")),
    "action": ("i-check", _("Actions")),
    "improvement_plan": ("i-check", _("Improvement plans")),
    "document": ("i-note", _("Documents")),
    "person": ("i-user", _("People")),
    "message": ("i-mail", _("Messages")),
}


@dataclass(frozen=True)
class Group:
    """What was found of one kind, the best first."""

    kind: str
    icon: str
    label: str | Promise
    hits: list[Hit]


@dataclass(frozen=True)
class Found:
    """Everything that was found, the kind with the best hit first."""

    groups: list[Group]
    #: Nothing has the words as they were typed: these are only like them.
    is_guess: bool

    @property
    def count(self) -> int:
        return sum(len(group.hits) for group in self.groups)

    @property
    def named(self) -> str:
        """The page of the one thing whose reference was typed, else empty."""
        exact = [hit for group in self.groups for hit in group.hits if hit.rank >= EXACT]
        return exact[0].url if len(exact) == 1 else ""


def find(text: str, user: Anyone) -> Found:
    """Whatever the user may see that has these words; else what is like them. Any text at all is harmless."""
    hits = _hits(text, user, Looking.WORDS)
    is_guess = not hits
    if is_guess:
        hits = _hits(text, user, Looking.LIKE)
    groups: dict[str, list[Hit]] = {}
    for hit in hits:
        groups.setdefault(hit.kind, []).append(hit)
    listed = [Group(kind, *KINDS.get(kind, ("i-link", kind)), of_kind) for kind, of_kind in groups.items()]
    return Found(listed, is_guess and bool(hits))


def _hits(text: str, user: Anyone, looking: Looking) -> list[Hit]:
    with looking_for(looking):
        return sorted((hit for room in ROOMS for hit in room(text, user)), key=lambda hit: -hit.rank)
