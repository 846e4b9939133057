"""With which other incident one could be the same thing."""

import re

from django.db.models import Q, QuerySet

from incidents.choices import LIVE
from incidents.models import Incident
from incidents.selectors.seeing import actionable_by
from people.selectors import Anyone

#: More of these help nobody who is in a hurry.
OFFERED = 6
SHORTEST_WORD = 3
MOST_WORDS = 12


def could_take_in(incident: Incident, user: Anyone) -> QuerySet[Incident]:
    """Live incidents that may take this one in, and that the user works on."""
    others = actionable_by(user).filter(state__in=LIVE, is_restricted=incident.is_restricted)
    return others.exclude(pk=incident.pk)


def likely_the_same(incident: Incident, user: Anyone) -> list[Incident]:
    """Those of them that look the same: the same thing affected, the same error code or words; the newest first."""
    same = Q(services__in=incident.services.all()) | Q(systems__in=incident.systems.all())
    if incident.error_code:
        same |= Q(error_code__iexact=incident.error_code)
    for piece in _pieces(incident.title):
        same |= Q(title__icontains=piece)
    found = could_take_in(incident, user).filter(same).distinct()
    return list(found.order_by("-reported_at")[:OFFERED])


def _pieces(text: str) -> list[str]:
    """What to look for: words, and pairs of characters where words are not set apart, as in Chinese."""
    found: list[str] = []
    for word in re.findall(r"\w+", text.lower()):
        if word.isascii():
            found += [word] if len(word) >= SHORTEST_WORD else []
        else:
            found += [word[start : start + 2] for start in range(max(1, len(word) - 1))]
    return list(dict.fromkeys(found))[:MOST_WORDS]
