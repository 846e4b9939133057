"""The shape of what an administrator says about a source and about what its restored data must show."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext_lazy as _

from backups.adapters.errors import ToolError
from backups.adapters.postgres.connect import ENCRYPTIONS
from backups.adapters.postgres.reach import wrong_host
from backups.choices import Comparison

LONGEST_TEXT = 255
LONGEST_QUERY = 10_000
MOST_ASSERTIONS = 50
HIGHEST_PORT = 65535
#: What a PostgreSQL source is described by. The password is kept apart, sealed.
POSTGRESQL_KEYS = {"host", "port", "database", "user", "encryption"}


def wrong_in_source(source: Any) -> list[str]:
    """What is wrong with the description of a PostgreSQL source, one sentence each; empty when it is right."""
    if not isinstance(source, Mapping):
        return [str(_("Give an object with host, port, database and user."))]
    wrong = []
    if unknown := sorted(str(key) for key in source.keys() - POSTGRESQL_KEYS):
        wrong.append(str(_("These are not known here: %(names)s.")) % {"names": ", ".join(unknown)[:LONGEST_TEXT]})
    for key in ("host", "database", "user"):
        if key in source and not _is_text(source[key]):
            wrong.append(str(_("“%(name)s” must be a text of at most 255 characters.")) % {"name": key})
        elif not source.get(key):
            wrong.append(str(_("“%(name)s” is missing.")) % {"name": key})
    if "port" in source and not _is_port(source["port"]):
        wrong.append(str(_("The port must be a number from 1 to 65535.")))
    if source.get("encryption", "prefer") not in ENCRYPTIONS:
        wrong.append(str(_("“encryption” must be one of: %(modes)s.")) % {"modes": ", ".join(ENCRYPTIONS)})
    if not wrong and (refused := _refused(source)):
        wrong.append(refused.message)
    return wrong


def _refused(source: Mapping[str, Any]) -> ToolError | None:
    kind = wrong_host(source["host"], port=source.get("port", 5432), database=source["database"])
    return kind() if kind else None


def wrong_in_assertions(assertions: Any) -> list[str]:
    """The same for the list of assertions."""
    if not isinstance(assertions, list) or len(assertions) > MOST_ASSERTIONS:
        return [str(_("Give a list of at most 50 assertions."))]
    wrong = []
    for number, assertion in enumerate(assertions, start=1):
        if problem := _wrong_in_assertion(assertion):
            wrong.append(str(_("Assertion %(number)s: %(problem)s")) % {"number": number, "problem": problem})
    return wrong


def _wrong_in_assertion(assertion: Any) -> str:
    if not isinstance(assertion, Mapping) or assertion.keys() != {"label", "query", "compare", "value"}:
        return str(_("give exactly label, query, compare and value."))
    if not _is_text(assertion["label"]) or not assertion["label"].strip():
        return str(_("the label must be a text of at most 255 characters."))
    query = assertion["query"]
    if not isinstance(query, str) or not query.strip() or len(query) > LONGEST_QUERY or "\x00" in query:
        return str(_("the query must be one SELECT of at most 10,000 characters."))
    if assertion["compare"] not in Comparison.values:
        return str(_("compare must be one of: %(ways)s.")) % {"ways": ", ".join(Comparison.values)}
    return _wrong_in_value(assertion["compare"], assertion["value"])


def _wrong_in_value(compare: str, value: Any) -> str:
    if compare == Comparison.BETWEEN:
        is_pair = isinstance(value, list) and len(value) == 2 and all(as_number(bound) is not None for bound in value)
        return "" if is_pair else str(_("“between” needs a list of two numbers."))
    if compare == Comparison.EQUAL:
        return "" if _is_scalar(value) else str(_("the value must be a text or a number."))
    return "" if as_number(value) is not None else str(_("the value must be a number."))


def as_number(value: Any) -> Decimal | None:
    """The value as a finite number, or None."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str, Decimal)):
        return None
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= LONGEST_TEXT and "\x00" not in value


def _is_scalar(value: Any) -> bool:
    return _is_text(value) or (isinstance(value, (int, float)) and not isinstance(value, bool))


def _is_port(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= HIGHEST_PORT
