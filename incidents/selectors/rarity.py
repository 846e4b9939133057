"""In how many incidents each word stands: counted where there are few, else read from the database's statistics."""

from django.core.cache import cache
from django.db import connection

from incidents import likeness

#: With fewer incidents than this every word is counted; with more the statistics of the column `search` are asked.
FEW = 5_000
STATISTICS_SECONDS = 300

#: (how many incidents, {word that stands in many: its share}, the largest share of all other words)
Statistics = tuple[float, dict[str, float], float]


def counts_of(terms: list[str]) -> tuple[dict[str, float], float]:
    """({term: in how many incidents it stands}, how many incidents there are)."""
    known: Statistics | None = cache.get("incidents:words")
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


def query_of(term: str) -> str:
    """The term for `to_tsquery`."""
    return f"'{term}'{':*' if likeness.goes_on(term) else ''}"


def _statistics() -> Statistics:
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
            [terms, [query_of(term) for term in terms]],
        )
        rows = cursor.fetchall()
    return {term: float(count) for term, count, _total in rows}, float(rows[0][2]) if rows else 0.0
