"""What people enter about actions, checked before anything is stored."""

import re
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from actions.choices import ABOUT_ONE_THING, Kind
from actions.errors import Unfit
from actions.links import About, Source
from common.text import safe_line, safe_text
from people.choices import Role
from people.models import User
from people.selectors import has_role

TITLE_LENGTH = 160
TEXT_LENGTH = 4000
LONGEST_AHEAD = timedelta(days=3653)
#: What may own an action: auditors only read.
OWNING = tuple(role for role in Role if role != Role.AUDITOR)

_KEY = re.compile(r"[a-z_]{1,40}\.[a-z_]{1,40}:[A-Za-z0-9-]{1,36}")


def check_details(
    *, title: str, description: str, kind: str, about: About | None, source: Source | None
) -> dict[str, str]:
    """The words of an action, trimmed. Raises Unfit with a sentence for each field that is not right."""
    fields: dict[str, list[str]] = {}
    words = {"title": title.strip(), "description": description.strip()}
    if not words["title"] or len(words["title"]) > TITLE_LENGTH:
        fields["title"] = [_("Say in at most %(length)s characters what has to be done.") % {"length": TITLE_LENGTH}]
    _collect(fields, "title", safe_line, words["title"])
    _check_text(fields, "description", words["description"])
    if kind not in Kind.values:
        fields["kind"] = [_("Choose one of the kinds of actions.")]
    elif kind in ABOUT_ONE_THING and about is None:
        fields["about"] = [_("Say what this is about: its proof arrives for one policy, system or other thing.")]
    if about is not None and not _KEY.fullmatch(about.key):
        fields["about"] = [_("Name one thing that Holdfast knows.")]
    for link in (about, source):
        if link is not None and link.url and (not link.url.startswith("/") or link.url.startswith("//")):
            fields["url"] = [_("A link leads to a page of Holdfast, from its slash on.")]
    if fields:
        raise Unfit(fields=fields)
    return words


def check_owner(owner: User | None) -> User:
    """Raises Unfit for somebody who cannot act."""
    if owner is None or not owner.is_active or owner.is_machine or not has_role(owner, *OWNING):
        raise Unfit(fields={"owner": [_("Choose somebody who is here and may act.")]})
    return owner


def check_day(name: str, day: Any, *, after: date) -> date:
    """Raises Unfit for a day that is over, or so far away that nobody means it."""
    if not isinstance(day, date) or day < after:
        raise Unfit(fields={name: [_("Choose a day that is still to come.")]})
    if day > after + LONGEST_AHEAD:
        raise Unfit(fields={name: [_("This is more than ten years ahead. Check the year.")]})
    return day


def check_words(name: str, text: str) -> str:
    """A reason or evidence that somebody can understand later. Raises Unfit without one."""
    fields: dict[str, list[str]] = {}
    if not text.strip():
        fields[name] = [_("Say why, in a few words.") if name == "reason" else _("Say what shows it.")]
    _check_text(fields, name, text)
    if fields:
        raise Unfit(fields=fields)
    return text.strip()


def _check_text(fields: dict[str, list[str]], name: str, text: str) -> None:
    if len(text) > TEXT_LENGTH:
        fields[name] = [_("At most %(length)s characters.") % {"length": TEXT_LENGTH}]
    _collect(fields, name, safe_text, text)


def _collect(fields: dict[str, list[str]], name: str, check: Any, text: str) -> None:
    try:
        check(text)
    except ValidationError as error:
        fields[name] = list(error.messages)
