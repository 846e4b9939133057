"""Earlier incidents that are like one, or like a text: by shared words, rare ones most.

Bounded however many incidents there are: how often a word stands anywhere is read from the statistics that the
database keeps of the column `search`, only words that are rare enough are looked up in its index, and only the best
of what they lead to is compared whole.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.db import connection
from django.db.models import QuerySet

from incidents import likeness
from incidents.choices import State
from incidents.models import Incident, Review
from incidents.reviews import ReviewState
from incidents.selectors.seeing import visible_to
from people.selectors import Anyone, reads_all

SHOWN = 3
#: With fewer incidents than this every word is counted; with more the database's statistics are asked.
FEW = 20_000
#: So many rows are looked at for all words together.
BUDGET = 2_000
#: So many of the newest are looked through where all words are common.
NEWEST = 1_000
#: So many of the best are compared whole.
COMPARED = 60
#: Of a long report so many words are counted.
COUNTED = 300
#: Less than this is chance.
LIKE_ENOUGH = 0.06
#: What is shared beside words adds so much.
SAME_SYSTEM, SAME_CAUSE, IS_CASE = 0.10, 0.25, 0.03
STATISTICS_SECONDS = 300
#: These are not what happened before.
NOT_OFFERED = (State.CANCELLED, State.MERGED)


@dataclass(frozen=True)
class Similar:
    """One earlier incident that is like this one. review: what it taught, where that was approved."""

    incident: Incident
    review: Review | None
    likeness: float


def similar_to(incident: Incident, user: Anyone, *, most: int = SHOWN) -> list[Similar]:
    """Earlier incidents like this one that the user may read, the most like first. Five queries at most."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tsvector_to_array(search) FROM incidents_incident WHERE id = %s", [incident.pk])
        row = cursor.fetchone()
    terms = likeness.stems(row[0]) if row else []
    return _similar(terms, user, most, but=incident, systems={system.pk for system in incident.systems.all()})


def similar_to_text(text: str, user: Anyone, *, most: int = SHOWN) -> list[Similar]:
    """The same for what somebody says."""
    return _similar(likeness.terms_of(text[: COUNTED * 20]), user, most)


def _similar(
    terms: list[str], user: Anyone, most: int, *, but: Incident | None = None, systems: set[UUID] | None = None
) -> list[Similar]:
    if not terms or not reads_all(user):
        return []
    counts, total = _counts(terms[:COUNTED])
    weight = likeness.weights(counts, total)
    wanted = {term: weight[term] for term in likeness.rarest(weight)}
    keys = _candidates(wanted, counts)
    rows = _readable(keys, user, but)
    words = _words([row.pk for row in rows])
    found = [
        Similar(row, _case(row), _score(wanted, words.get(row.pk, []), row, but, systems or set())) for row in rows
    ]
    like = [each for each in found if each.likeness >= LIKE_ENOUGH]
    return sorted(like, key=lambda each: (-each.likeness, -each.incident.number))[:most]


def _score(
    wanted: dict[str, float], words: Sequence[str], row: Incident, but: Incident | None, systems: set[UUID]
) -> float:
    score = likeness.likeness(wanted, likeness.stems(words))
    if systems & {system.pk for system in row.systems.all()}:
        score += SAME_SYSTEM
    if but is not None and but.cause_key and but.cause_key == row.cause_key:
        score += SAME_CAUSE
    return score + (IS_CASE if score and _case(row) else 0.0)


def _case(row: Incident) -> Review | None:
    review: Review | None = getattr(row, "review", None)
    return review if review is not None and review.state == ReviewState.APPROVED else None


def _readable(keys: list[UUID], user: Anyone, but: Incident | None) -> list[Incident]:
    rows: QuerySet[Incident] = visible_to(user).filter(pk__in=keys).exclude(state__in=NOT_OFFERED)
    if but is not None:
        rows = rows.exclude(pk=but.pk)
    return list(rows.select_related("review").defer("description", "steps_tried").prefetch_related("systems"))


def _counts(terms: list[str]) -> tuple[dict[str, float], float]:
    """In how many incidents each term stands, and how many there are: counted, or from the statistics."""
    known = cache.get("incidents:words")
    if known is None:
        known = _statistics()
        cache.set("incidents:words", known, STATISTICS_SECONDS)
    total, often, at_most = known
    if total < FEW:
        return _counted(terms)
    counts = {}
    for term in terms:
        if likeness.goes_on(term):
            held = sum(share for word, share in often.items() if word.startswith(term))
        else:
            held = often.get(term, 0.0)
        counts[term] = (held or at_most / 2) * total
    return counts, total


def _statistics() -> tuple[float, dict[str, float], float]:
    """(how many incidents, {word that stands in many: its share}, the largest share of all other words)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT reltuples FROM pg_class WHERE oid = 'incidents_incident'::regclass), "
            "most_common_elems::text::text[], most_common_elem_freqs FROM pg_stats "
            "WHERE schemaname = current_schema AND tablename = 'incidents_incident' AND attname = 'search'"
        )
        row = cursor.fetchone()
    if row is None or not row[1]:
        return 0.0, {}, 0.0
    total, words, shares = row
    # After the shares of the words come the smallest and the largest of them.
    often = dict(zip(words, shares, strict=False))
    return float(total), often, min(often.values())


def _counted(terms: list[str]) -> tuple[dict[str, float], float]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT wanted.term, count(i.id), (SELECT count(*) FROM incidents_incident) "
            "FROM unnest(%s::text[], %s::text[]) AS wanted(term, query) "
            "LEFT JOIN incidents_incident i ON i.search @@ to_tsquery('simple', wanted.query) GROUP BY wanted.term",
            [terms, [_query(term) for term in terms]],
        )
        rows = cursor.fetchall()
    return {term: float(count) for term, count, _total in rows}, float(rows[0][2]) if rows else 0.0


def _candidates(wanted: dict[str, float], counts: dict[str, float]) -> list[UUID]:
    """Incidents that hold rare words of what is wanted, or whose case does; those that hold most first."""
    room, parts, arguments = float(BUDGET), list[str](), list[Any]()
    for term in sorted(wanted, key=lambda each: counts[each]):
        room -= counts[term]
        if room < 0:
            break
        parts.append(_LOOK_UP)
        limit = max(int(min(counts[term] * 2, BUDGET)), 100)
        arguments += [wanted[term], _query(term), limit, wanted[term], _query(term), limit]
    if not parts:
        parts, arguments = _among_newest(wanted)
    statement = f"SELECT id FROM ({' UNION ALL '.join(parts)}) AS held(id, weight) GROUP BY id ORDER BY sum(weight) DESC LIMIT {COMPARED}"  # noqa: E501, S608  our own statement
    with connection.cursor() as cursor:
        cursor.execute(statement, arguments)
        return [key for (key,) in cursor.fetchall()]


def _among_newest(wanted: dict[str, float]) -> tuple[list[str], list[Any]]:
    """Where every word stands in very many, only the newest are looked through for those that tell most."""
    told = list(wanted)[:3]
    held = " + ".join("%s * (search @@ to_tsquery('simple', %s))::int" for _each in told)
    arguments = [value for term in told for value in (wanted[term], _query(term))]
    part = (
        f"(SELECT id, ({held})::float FROM (SELECT id, search FROM incidents_incident ORDER BY reported_at DESC "  # noqa: S608  our own statement
        "LIMIT %s) AS newest WHERE search @@ to_tsquery('simple', %s))"
    )
    return [part], [*arguments, NEWEST, " | ".join(_query(term) for term in told)]


#: What is added to the time keeps its order out of the index: the newest that hold the word, found by the word.
_LOOK_UP = (
    "(SELECT id, %s::float FROM incidents_incident WHERE search @@ to_tsquery('simple', %s) "
    "ORDER BY reported_at + interval '0' DESC LIMIT %s) UNION ALL "
    "(SELECT incident_id, %s::float FROM incidents_review WHERE search @@ to_tsquery('simple', %s) "
    "AND state = 'approved' ORDER BY approved_at + interval '0' DESC LIMIT %s)"
)


def _words(keys: list[UUID]) -> dict[UUID, list[str]]:
    """All words of these incidents, and of the cases that they became."""
    if not keys:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT i.id, tsvector_to_array(i.search || coalesce(r.search, ''::tsvector)) FROM incidents_incident i "
            "LEFT JOIN incidents_review r ON r.incident_id = i.id AND r.state = 'approved' WHERE i.id = ANY(%s)",
            [keys],
        )
        return dict(cursor.fetchall())


def _query(term: str) -> str:
    return f"'{term}'{':*' if likeness.goes_on(term) else ''}"
