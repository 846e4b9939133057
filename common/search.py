"""Finding by words, in one shape for every app. Chinese is found by pairs of characters.

An app that can be searched offers `selectors.search(text, user) -> list[Hit]` in its
`selectors/search.py`: at most `MOST` hits of a kind, the best first, read in a number of queries that
does not grow, with what the user may not see left out by the query itself: it gives its own visible
rows to `found(rows, Wanted.of(text), names="title")` and makes a `Hit` of each that comes back (`ranked`).

The column `search` stands in the database only, kept by it (`common.search_columns` in a migration):
models do not know it, so no list reads it. Each row's text is cut into words and, where it is Chinese,
Japanese or Korean, into overlapping pairs of characters; what is looked for is cut the same way.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, auto
from typing import Any, TypeVar

from django.contrib.postgres.search import SearchQueryField, SearchVectorField, TrigramWordSimilarity
from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction
from django.db.models import BooleanField, DateTimeField, ExpressionWrapper, F, FloatField, Func, Model, QuerySet, Value
from django.db.models.expressions import RawSQL
from django.utils.functional import Promise

#: Hits of one app that a page shows.
MOST = 20
#: Matching rows that are ranked: the newest. So a word that stands everywhere costs no more than one that does not.
RANKED = 200
#: Rows that are looked through for a word that stands in many.
NEWEST = 2_000
#: What is longer is cut: nobody types it, and nothing else may cost much.
LONGEST = 200
MOST_WORDS = 12
#: How like a word of a name must be to one that was typed, where nothing has it as typed (0–1). "invocies" is 0.38.
LIKE_ENOUGH = 0.35
SHORTEST_MISSPELT = 4
#: The rank of what was named by its reference: a search for nothing else goes straight there.
EXACT = 10.0


class Looking(Enum):
    """What rooms look for. Who asks all of them asks for the words, then for what is like them where none has any."""

    WORDS = auto()
    LIKE = auto()
    WORDS_THEN_LIKE = auto()


_looking: ContextVar[Looking] = ContextVar("looking", default=Looking.WORDS_THEN_LIKE)

_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
_RUNS = re.compile(rf"[{_CJK}]+|[^\W_{_CJK}]+")
_IS_CJK = re.compile(rf"[{_CJK}]")

Found = TypeVar("Found", bound=Model)


@dataclass(frozen=True)
class Hit:
    """One thing that was found.

    kind: `incident`, `plan` … for the icon and the heading it stands under.  title: its name.
    reference: what people call it by, where it has one.  url: its page; empty where the reader has none of it.
    detail: a line that tells it from others.  rank: higher is better, `EXACT` for the very thing that was named,
    below zero for what is only like what was typed.
    """

    kind: str
    title: str
    url: str
    reference: str = ""
    detail: str | Promise = ""
    rank: float = 0.0


@dataclass(frozen=True)
class Wanted:
    """What somebody looks for: the words, cut as the database cuts them. Empty when there is nothing to look for."""

    text: str
    words: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> "Wanted":
        """From what was typed: any text at all is harmless."""
        plain = unicodedata.normalize("NFKC", text.replace("\0", " ")[:LONGEST])
        plain = "".join(sign for sign in plain if not "\ud800" <= sign <= "\udfff")[:LONGEST]
        return cls(" ".join(plain.split()), tuple(dict.fromkeys(cut(plain)))[:MOST_WORDS])

    @property
    def tsquery(self) -> str:
        """All words, each of which may go on: for `to_tsquery`. Holds nothing but letters and digits of the text."""
        return " & ".join(f"'{word}'{':*' if _may_go_on(word) else ''}" for word in self.words)

    def number_after(self, prefix: str) -> int | None:
        """The number, when the text is a reference with this prefix: "INC-0042", "inc 42". None otherwise."""
        named = re.fullmatch(rf"{prefix}[\s_-]?([0-9]{{1,18}})", self.text, re.IGNORECASE)
        return int(named[1]) if named else None

    def __bool__(self) -> bool:
        return bool(self.words)


def cut(text: str) -> list[str]:
    """The words of a text as the database cuts them, in their order: Chinese as overlapping pairs of characters."""
    plain = unicodedata.normalize("NFKC", text).lower()
    return [piece for run in _RUNS.findall(plain) for piece in _pieces(run)]


def _pieces(run: str) -> list[str]:
    """A word as it is; Chinese as overlapping pairs, a single character as itself."""
    if not _IS_CJK.match(run) or len(run) == 1:
        return [run]
    return [run[at : at + 2] for at in range(len(run) - 1)]


def _may_go_on(word: str) -> bool:
    """Whether the word may be the beginning of a longer one: not a whole pair, nor a single Latin letter."""
    return (len(word) == 1) == bool(_IS_CJK.match(word))


def matching(rows: QuerySet[Found], wanted: Wanted) -> QuerySet[Found]:
    """The rows that hold every word, in the order they had: for lists. All of them when nothing is looked for."""
    return rows.filter(_matches(wanted)) if wanted else rows


def found(
    rows: QuerySet[Found], wanted: Wanted, *, names: str, newest: str = "-created_at", is_many: bool = False
) -> list[Found]:
    """The best rows, each with `rank`. Where none has the words as typed, those whose name is like them, below zero.

    names: the column with the trigram index.  is_many: there may be hundreds of thousands; a word that stands
    everywhere is then answered by the newest rows, and one that does not by its index: left to itself the planner,
    which knows nothing of beginnings of words, would read everything for one of the two.
    """
    if not wanted:
        return []
    looking = _looking.get()
    best = [] if looking is Looking.LIKE else _with_words(rows, wanted, newest, is_many=is_many)
    return _like(rows, wanted, names, newest, is_many=is_many) if not best and looking is not Looking.WORDS else best


@contextmanager
def looking_for(what: Looking) -> Iterator[None]:
    """Until it ends, every room that is asked looks for this."""
    token = _looking.set(what)
    try:
        with _likeness() if what is Looking.LIKE else nullcontext():
            yield
    finally:
        _looking.reset(token)


def newest_keys(rows: QuerySet[Any], wanted: Wanted, newest: str) -> list[Any]:
    """Keys of the newest of the rows that hold every word, `RANKED` at most: for lists of what may be very many."""
    if not wanted:
        return []
    with connection.cursor() as cursor:
        try:
            statement, arguments = _among_newest(rows, wanted, newest)
        except EmptyResultSet:
            return []
        cursor.execute(statement, arguments)
        keys = [key for (key,) in cursor.fetchall()]
    return keys if len(keys) == RANKED else list(_by_index(rows, wanted, newest).values_list("pk", flat=True))


def _with_words(rows: QuerySet[Found], wanted: Wanted, newest: str, *, is_many: bool) -> list[Found]:
    best: list[Found] = []
    try:
        if is_many:
            keys = RawSQL(*_among_newest(rows, wanted, newest))  # noqa: S611  the words are an argument
            best = _best(rows, keys, wanted, newest)
    except EmptyResultSet:
        return []  # the reader may see none of these rows at all
    if len(best) < MOST:
        best = _best(rows, _by_index(rows, wanted, newest).values("pk"), wanted, newest)
    return best


def _among_newest(rows: QuerySet[Any], wanted: Wanted, newest: str) -> tuple[str, tuple[Any, ...]]:
    """Asks for the keys of those of the newest rows that hold the words. The limit keeps the words out of the index."""
    words = rows.order_by(newest).annotate(found_in=_Column("pk")).values_list("pk", "found_in")[:NEWEST]
    inner, arguments = words.query.sql_with_params()
    statement = f"SELECT pk FROM ({inner}) AS newest(pk, words) WHERE words @@ to_tsquery('simple', %s) LIMIT {RANKED}"  # noqa: S608  our own statement
    return statement, (*arguments, wanted.tsquery)


def _by_index(rows: QuerySet[Found], wanted: Wanted, newest: str) -> QuerySet[Found]:
    """The newest of all rows that hold the words. What is added keeps the order out of the index."""
    at = ExpressionWrapper(F(newest.removeprefix("-")) + timedelta(0), output_field=DateTimeField())
    return matching(rows.order_by(at.desc()), wanted)[:RANKED]


def _best(rows: QuerySet[Found], keys: Any, wanted: Wanted, newest: str) -> list[Found]:
    return list(rows.filter(pk__in=keys).annotate(rank=_rank(wanted)).order_by("-rank", newest)[:MOST])


def ranked(rows: Iterable[Found]) -> Iterator[tuple[Found, float]]:
    """What `found` gave, each row with its rank."""
    return ((row, float(row.rank)) for row in rows)  # type: ignore[attr-defined]


def _like(rows: QuerySet[Found], wanted: Wanted, names: str, newest: str, *, is_many: bool) -> list[Found]:
    """Among the newest first: where many are like it, so are enough of these, and no index has to find them all."""
    typed = " ".join(word for word in wanted.words if len(word) >= SHORTEST_MISSPELT and not _IS_CJK.match(word))
    if not typed:
        return []
    like = rows.annotate(rank=TrigramWordSimilarity(typed, names) - 1.0).order_by("-rank", "pk")
    best: list[Found] = []
    with nullcontext() if _looking.get() is Looking.LIKE else _likeness():
        try:
            if is_many:
                keys = RawSQL(*_newest_like(rows, typed, names, newest))  # noqa: S611  the words are an argument
                best = list(like.filter(pk__in=keys)[:MOST])
        except EmptyResultSet:
            return []
        return best if len(best) == MOST else list(like.filter(**{f"{names}__trigram_word_similar": typed})[:MOST])


def _newest_like(rows: QuerySet[Any], typed: str, names: str, newest: str) -> tuple[str, tuple[Any, ...]]:
    """Asks for the keys of those of the newest rows whose name is like it; the limit keeps it out of the index."""
    inner, arguments = rows.order_by(newest).values_list("pk", names)[:NEWEST].query.sql_with_params()
    statement = f"SELECT pk FROM ({inner}) AS newest(pk, name) WHERE name %%> %s LIMIT {RANKED}"  # noqa: S608  our own statement
    return statement, (*arguments, typed)


@contextmanager
def _likeness() -> Iterator[None]:
    """Tells the database how like is like enough, until the end."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL pg_trgm.word_similarity_threshold = %s", [LIKE_ENOUGH])
        yield


class _Column(Func):
    """The column `search` of the row whose key is given: models do not know it."""

    output_field = SearchVectorField()

    def as_sql(self, compiler: Any, connection: Any, *parts: Any, **options: Any) -> tuple[str, tuple[str | int, ...]]:
        """`"table or its alias"."search"`"""
        (key,) = self.get_source_expressions()
        return f'{compiler.quote_name_unless_alias(key.alias)}."search"', ()


class _Matches(Func):
    template = "%(expressions)s"
    arg_joiner = " @@ "
    output_field = BooleanField()


def _matches(wanted: Wanted) -> _Matches:
    return _Matches(_Column("pk"), _query(wanted))


def _rank(wanted: Wanted) -> Func:
    return Func(_Column("pk"), _query(wanted), function="ts_rank", output_field=FloatField())


def _query(wanted: Wanted) -> Func:
    return Func(Value("simple"), Value(wanted.tsquery), function="to_tsquery", output_field=SearchQueryField())
