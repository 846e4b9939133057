"""Incidents that are like one, or like a text: by shared words, rare ones most.

Bounded however many incidents there are: how often a word stands anywhere is read from statistics
(`incidents.selectors.rarity`), only words that are rare enough are looked up in the index of the column `search`, of
what they lead to only the best is compared whole, and only what is shown is read whole.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from incidents import likeness
from incidents.choices import LIVE, State
from incidents.models import Incident, Review
from incidents.reviews import ReviewState
from incidents.selectors.rarity import counts_of, query_of
from incidents.selectors.seeing import visible_to
from people.selectors import Anyone, reads_all

SHOWN = 3
#: So many rows are looked at for all words together.
BUDGET = 2_000
#: Where a word stands in more rows than was thought, so many times as many are looked at, and no more.
PATIENCE, LEAST = 4, 200
#: So many of the newest are looked through where all words are common, or only what is live is wanted.
NEWEST = 1_000
#: So many of the best are compared whole, by so many words at most.
COMPARED, LOOKED_UP = 60, 12
#: For each that is shown so many of the best are asked for: some of them the reader may not see.
SPARE = 4
#: Of a long report so many words are counted.
COUNTED = 300
#: Less than this is chance.
LIKE_ENOUGH = 0.06
#: What is shared beside words adds so much.
SAME_SYSTEM, SAME_CAUSE, IS_CASE = 0.10, 0.25, 0.03
#: These are not what happened before.
NOT_OFFERED = (State.CANCELLED, State.MERGED)


@dataclass(frozen=True)
class Similar:
    """One incident that is like this one. review: what it taught, where that was approved."""

    incident: Incident
    review: Review | None
    likeness: float


@dataclass(frozen=True)
class _Asked:
    """What is looked for. cause, systems: of the incident that others shall be like."""

    terms: list[str]
    but: UUID | None = None
    cause: str = ""
    systems: frozenset[UUID] = frozenset()


def similar_to(incident: Incident, user: Anyone, *, most: int = SHOWN) -> list[Similar]:
    """Earlier incidents like this one that the user may read, the most like first. Five queries at most."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tsvector_to_array(i.search), ARRAY(SELECT system_id FROM incidents_incident_systems "
            "WHERE incident_id = i.id) FROM incidents_incident i WHERE i.id = %s",
            [incident.pk],
        )
        words, systems = cursor.fetchone() or ([], [])
    asked = _Asked(likeness.stems(words)[:COUNTED], incident.pk, incident.cause_key, frozenset(systems))
    return _similar(asked, user, most, is_live=False)


def similar_to_text(text: str, user: Anyone, *, most: int = SHOWN) -> list[Similar]:
    """The same for what somebody says."""
    return _similar(_asked(text), user, most, is_live=False)


def live_like(text: str, user: Anyone, *, most: int = SHOWN) -> list[Similar]:
    """Of what is being worked on, what is like what somebody says: for those who read incidents whole."""
    return _similar(_asked(text), user, most, is_live=True)


def _asked(text: str) -> _Asked:
    return _Asked(likeness.terms_of(text[: COUNTED * 20])[:COUNTED])


def _similar(asked: _Asked, user: Anyone, most: int, *, is_live: bool) -> list[Similar]:
    if not asked.terms or not reads_all(user):
        return []
    counts, total = counts_of(asked.terms)
    weight = likeness.weights(counts, total)
    wanted = {term: weight[term] for term in likeness.rarest(weight)}
    keys = _live(wanted) if is_live else _candidates(wanted, counts)
    ranked = _ranked(keys, wanted, asked)[: most * SPARE]
    scores = {key: score for score, _number, key in ranked}
    rows = visible_to(user).filter(pk__in=scores).select_related("review").defer("description", "steps_tried")
    found = [Similar(row, _case(row), scores[row.pk]) for row in rows]
    return sorted(found, key=lambda each: (-each.likeness, -each.incident.number))[:most]


def _case(row: Incident) -> Review | None:
    review: Review | None = getattr(row, "review", None)
    return review if review is not None and review.state == ReviewState.APPROVED else None


def _ranked(keys: list[UUID], wanted: dict[str, float], asked: _Asked) -> list[tuple[float, int, UUID]]:
    """[(how like it is, its number, its key), …], the most like first. Their words, and those of their cases, count."""
    if not keys:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_COMPARE, [keys, list(NOT_OFFERED), asked.but])
        rows = cursor.fetchall()
    scored = [(_score(wanted, row, asked), number, key) for key, number, *row in rows]
    return sorted((each for each in scored if each[0] >= LIKE_ENOUGH), reverse=True)


def _score(wanted: dict[str, float], row: Sequence[Any], asked: _Asked) -> float:
    cause, systems, is_case, words = row
    score = likeness.likeness(wanted, likeness.stems(words))
    if not asked.systems.isdisjoint(systems):
        score += SAME_SYSTEM
    if cause and cause == asked.cause:
        score += SAME_CAUSE
    return score + (IS_CASE if score and is_case else 0.0)


_COMPARE = """
    SELECT i.id, i.number, i.cause_key,
        ARRAY(SELECT system_id FROM incidents_incident_systems WHERE incident_id = i.id),
        r.id IS NOT NULL, tsvector_to_array(i.search || coalesce(r.search, ''::tsvector))
    FROM incidents_incident i LEFT JOIN incidents_review r ON r.incident_id = i.id AND r.state = 'approved'
    WHERE i.id = ANY(%s) AND NOT i.state = ANY(%s) AND i.id IS DISTINCT FROM %s
"""


def _candidates(wanted: dict[str, float], counts: dict[str, float]) -> list[UUID]:
    """Incidents that hold rare words of what is wanted, or whose case does; those that hold most first."""
    room, parts, arguments = float(BUDGET), list[str](), list[Any]()
    for term in sorted(wanted, key=lambda each: counts[each]):
        room -= counts[term]
        if room < 0:
            break
        parts.append(_LOOK_UP)
        looked_at = max(int(counts[term] * PATIENCE), LEAST)
        limit = max(int(min(counts[term] * 2, BUDGET)), 100)
        arguments += [wanted[term], query_of(term), looked_at, limit, wanted[term], query_of(term), limit]
    if not parts:
        parts, arguments = _among_newest(wanted)
    return _best(" UNION ALL ".join(parts), arguments)


def _live(wanted: dict[str, float]) -> list[UUID]:
    """The same of what is being worked on, the newest of it."""
    return _best(*_held(list(wanted)[:LOOKED_UP], wanted, _NEWEST_LIVE, [list(LIVE), NEWEST]))


def _among_newest(wanted: dict[str, float]) -> tuple[list[str], list[Any]]:
    """Where every word stands in very many, only the newest are looked through for those that tell most."""
    part, arguments = _held(list(wanted)[:SHOWN], wanted, _NEWEST, [NEWEST])
    return [part], arguments


def _held(terms: Iterable[str], wanted: dict[str, float], rows: str, arguments: list[Any]) -> tuple[str, list[Any]]:
    """(a statement that gives what of these rows holds any of the terms, with the weight of what it holds; arguments).

    rows: a statement of our own, with its arguments.
    """
    told = list(terms)
    held = " + ".join("%s * (search @@ to_tsquery('simple', %s))::int" for _each in told)
    weights = [value for term in told for value in (wanted[term], query_of(term))]
    part = f"(SELECT id, ({held})::float FROM ({rows}) AS newest WHERE search @@ to_tsquery('simple', %s))"  # noqa: S608  our own statement
    return part, [*weights, *arguments, " | ".join(query_of(term) for term in told)]


def _best(held: str, arguments: list[Any]) -> list[UUID]:
    statement = f"SELECT id FROM ({held}) AS held(id, weight) GROUP BY id ORDER BY sum(weight) DESC LIMIT {COMPARED}"  # noqa: S608  our own statement
    with connection.cursor() as cursor:
        cursor.execute(statement, arguments)
        return [key for (key,) in cursor.fetchall()]


_NEWEST = "SELECT id, search FROM incidents_incident ORDER BY reported_at DESC LIMIT %s"
#: What is added to the time keeps its order out of the index, which would lead through all that is over.
_NEWEST_LIVE = (
    "SELECT id, search FROM incidents_incident WHERE state = ANY(%s) ORDER BY reported_at + interval '0' DESC LIMIT %s"
)
#: Here it leads to the newest that hold the word, found by the word.
_LOOK_UP = (
    "(SELECT id, %s::float FROM (SELECT id, reported_at FROM incidents_incident "
    "WHERE search @@ to_tsquery('simple', %s) LIMIT %s) AS looked ORDER BY reported_at + interval '0' DESC LIMIT %s) "
    "UNION ALL "
    "(SELECT incident_id, %s::float FROM incidents_review WHERE search @@ to_tsquery('simple', %s) "
    "AND state = 'approved' ORDER BY approved_at + interval '0' DESC LIMIT %s)"
)
