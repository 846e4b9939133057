"""Is it this one? What others have reported already, and is being worked on."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db.models import Count, QuerySet

from incidents import likeness
from incidents.models import Incident
from incidents.selectors.seeing import joinable_by
from people.selectors import Anyone

#: More of these help nobody who is in a hurry.
OFFERED = 3
#: So many of the newest known problems are compared: no house works on more at once that it named to its staff.
COMPARED = 500
#: Of a long report so many characters are compared: people call it by its name in the first of them.
COMPARED_LENGTH = 2_000
_CODE = re.compile(r"[A-Za-z]+[-_]?\d+")


@dataclass(frozen=True)
class _Known:
    """One known problem as far as it is compared. words: of its public title."""

    key: UUID
    words: list[str]
    code: str
    at: datetime
    is_same_thing: bool = False


def known_problems(
    user: Anyone, *, text: str = "", service_id: str = "", system_id: str = "", error_code: str = ""
) -> list[Incident]:
    """At most three live problems by their public title: about the same thing, with the same code or in the same words.

    Words are compared as those of similar incidents are (`incidents.likeness`), and nothing but the public title is:
    otherwise whoever types could find out what else stands in it. Rare words count most. Without any of it: the
    newest. Each has `people_count`, the reporter included. What the user has already is left out.
    """
    rows = joinable_by(user).order_by("-reported_at")
    if user.pk is not None:
        rows = rows.exclude(reporter__isnull=False, reporter=user.pk).exclude(followers=user.pk)
    said = f"{text[:COMPARED_LENGTH]} {error_code}"
    if said.strip() or service_id or system_id:
        keys = _alike(_read(rows, service_id, system_id), said)
    else:
        keys = list(rows.values_list("pk", flat=True)[:OFFERED])
    people = Count("followers", distinct=True) + Count("merged", distinct=True) + 1
    found = Incident.objects.annotate(people_count=people).in_bulk(keys)
    return [found[key] for key in keys if key in found]


def _read(rows: QuerySet[Incident], service_id: str, system_id: str) -> list[_Known]:
    """The newest, with whether they are about the same service or system."""
    columns = rows.values_list("pk", "public_title", "error_code", "reported_at")[:COMPARED]
    known = [_Known(pk, likeness.terms_of(title), code.lower(), at) for pk, title, code, at in columns]
    keys = [each.key for each in known]
    same: set[UUID] = set()
    if service_id:
        services = Incident.services.through.objects.filter(service=UUID(service_id), incident__in=keys)
        same |= set(services.values_list("incident_id", flat=True))
    if system_id:
        systems = Incident.systems.through.objects.filter(system=UUID(system_id), incident__in=keys)
        same |= set(systems.values_list("incident_id", flat=True))
    return [replace(each, is_same_thing=each.key in same) for each in known]


def _alike(known: list[_Known], said: str) -> list[UUID]:
    """The keys of the best, the best first."""
    wanted, codes = likeness.terms_of(said), {code.lower() for code in _CODE.findall(said)}
    held = {each.key: _held(wanted, each.words) for each in known}
    counts = {term: sum(term in words for words in held.values()) for term in wanted}
    weight = likeness.weights(counts, len(known))
    ranked = [
        (each.code in codes, _weight(weight, held[each.key]), each.is_same_thing, each.at, each.key) for each in known
    ]
    alike = sorted((each for each in ranked if any(each[:3])), reverse=True)
    return [each[-1] for each in alike[:OFFERED]]


def _held(wanted: Iterable[str], words: Iterable[str]) -> set[str]:
    """What of it is held; a word may go on, as the one that is being typed does."""
    words = set(words)
    return {
        term
        for term in wanted
        if term in words or (likeness.goes_on(term) and any(word.startswith(term) for word in words))
    }


def _weight(weight: Mapping[str, float], held: Iterable[str]) -> float:
    return sum(weight[term] for term in held)
