"""Is it this one? What others have reported already, and is being worked on."""

import re

from django.db.models import Case, Count, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable

from incidents.models import Incident
from incidents.selectors.seeing import joinable_by
from people.selectors import Anyone

#: More of these help nobody who is in a hurry.
OFFERED = 3
SHORTEST_WORD = 3
MOST_WORDS = 12


def known_problems(
    user: Anyone, *, text: str = "", service_id: str = "", system_id: str = "", error_code: str = ""
) -> QuerySet[Incident]:
    """At most three live problems by their public title: about the same thing, with the same code or in the same words.

    Without any of it: the newest. Each has `people_count`, the reporter included. What the user has already is left
    out. Words that many of them have in common count more.
    """
    known = joinable_by(user).annotate(people_count=Count("followers", distinct=True) + 1)
    said = f"{text} {error_code}"
    if said.strip() or service_id or system_id:
        same = _same(said, service_id, system_id)
        known = known.filter(same).annotate(sameness=_sameness(said)).order_by("-sameness", "-reported_at")
    else:
        known = known.order_by("-reported_at")
    if user.pk is not None:
        known = known.exclude(reporter__isnull=False, reporter=user.pk).exclude(followers=user.pk)
    return known[:OFFERED]


def pieces(text: str) -> list[str]:
    """What to look for: words, and pairs of characters where words are not set apart, as in Chinese."""
    found: list[str] = []
    for word in re.findall(r"\w+", text.lower()):
        if word.isascii():
            found += [word] if len(word) >= SHORTEST_WORD else []
        else:
            found += [word[start : start + 2] for start in range(max(1, len(word) - 1))]
    return list(dict.fromkeys(found))[:MOST_WORDS]


def _sameness(text: str) -> Combinable:
    """How many of the words it shares."""
    shared: Combinable = Value(0)
    for piece in pieces(text):
        shared += Case(When(public_title__icontains=piece, then=1), default=0)
    return shared


def _same(text: str, service_id: str, system_id: str) -> Q:
    wanted = [Q(public_title__icontains=piece) for piece in pieces(text)]
    wanted += [Q(error_code__iexact=word) for word in re.findall(r"[A-Za-z]+[-_]?\d+", text)[:MOST_WORDS]]
    wanted += [Q(services=service_id)] if service_id else []
    wanted += [Q(systems=system_id)] if system_id else []
    same = Q(pk__in=[])
    for one in wanted:
        same |= one
    return same
