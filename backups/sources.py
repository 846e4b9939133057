"""The shape of what an administrator says about a source and about what its restored data must show."""

import os
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, TypeGuard

from django.utils.translation import gettext_lazy as _

from backups.adapters.errors import ToolError
from backups.adapters.folder import avoided
from backups.adapters.folder.errors import FolderRefused
from backups.adapters.postgres.connect import ENCRYPTIONS
from backups.adapters.postgres.reach import wrong_host
from backups.choices import Ask, Comparison, Engine

LONGEST_TEXT = 255
LONGEST_QUERY = 10_000
MOST_ASSERTIONS = 50
HIGHEST_PORT = 65535
#: What a PostgreSQL source is described by. The password is kept apart, sealed.
MOST_PATTERNS = 100
LONGEST_PATH = 1000
#: What a folder is described by.
FOLDER_KEYS = {"path", "exclude"}
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


def wrong_in_folder(source: Any, places: Iterable[str]) -> list[str]:
    """What is wrong with the description of a folder. places: the folders of all repositories."""
    if not isinstance(source, Mapping) or not source.keys() <= FOLDER_KEYS:
        return [str(_("Give an object with “path” and, if wanted, “exclude”, a list of patterns."))]
    path, wrong = source.get("path"), []
    if not _is_absolute(path):
        wrong.append(str(_("“path” must be the absolute path of a folder, such as /srv/app/files.")))
    elif avoided(places).refuses(Path(os.path.realpath(path))):
        wrong.append(FolderRefused(path=path).message)
    exclude = source.get("exclude", [])
    if not isinstance(exclude, list) or len(exclude) > MOST_PATTERNS or not all(map(_is_pattern, exclude)):
        wrong.append(str(_("“exclude” must be a list of at most 100 patterns, such as *.log or cache/*.")))
    return wrong


def wrong_in_assertions(assertions: Any, sources: Mapping[str, str]) -> list[str]:
    """The same for the list of assertions. sources: the engine of each source, by its name."""
    if not isinstance(assertions, list) or len(assertions) > MOST_ASSERTIONS:
        return [str(_("Give a list of at most 50 assertions."))]
    wrong = []
    for number, assertion in enumerate(assertions, start=1):
        if problem := _wrong_in_assertion(assertion, sources):
            wrong.append(str(_("Assertion %(number)s: %(problem)s")) % {"number": number, "problem": problem})
    return wrong


def _wrong_in_assertion(assertion: Any, sources: Mapping[str, str]) -> str:
    if not isinstance(assertion, Mapping):
        return str(_("give exactly label, query, compare and value."))
    keys, of_folder = assertion.keys() - {"source"}, "path" in assertion
    if not of_folder and keys != {"label", "query", "compare", "value"}:
        return str(_("give exactly label, query, compare and value."))
    if of_folder and keys != {"label", "path", "ask", "compare", "value"}:
        return str(_("give exactly label, path, ask, compare and value."))
    if not _is_text(assertion["label"]) or not assertion["label"].strip():
        return str(_("the label must be a text of at most 255 characters."))
    wrong = _wrong_in_source(assertion, sources, Engine.FOLDER if of_folder else Engine.POSTGRESQL)
    wrong = wrong or (_wrong_in_files(assertion) if of_folder else _wrong_in_query(assertion["query"]))
    if wrong:
        return wrong
    if assertion["compare"] not in Comparison.values:
        return str(_("compare must be one of: %(ways)s.")) % {"ways": ", ".join(Comparison.values)}
    return _wrong_in_value(assertion["compare"], assertion["value"])


def _wrong_in_source(assertion: Mapping[str, Any], sources: Mapping[str, str], engine: Engine) -> str:
    """An assertion is asked of the source that it names, or of the one that there is of its kind."""
    fitting = [name for name, kind in sources.items() if kind == engine]
    if "source" in assertion and assertion["source"] not in fitting:
        return str(_("the policy has no source of that name which could be asked this."))
    if not fitting:
        return str(_("the policy has no source that could be asked this."))
    return str(_("name the source that is asked.")) if "source" not in assertion and len(fitting) > 1 else ""


def _wrong_in_query(query: Any) -> str:
    is_query = isinstance(query, str) and query.strip() and len(query) <= LONGEST_QUERY and _can_be_kept(query)
    return "" if is_query else str(_("the query must be one SELECT of at most 10,000 characters."))


def _wrong_in_files(assertion: Mapping[str, Any]) -> str:
    if not _is_pattern(assertion["path"]):
        return str(_("the path must be a name, a path from the folder on, or a pattern such as *.pdf."))
    if assertion["ask"] not in Ask.values:
        return str(_("ask must be one of: %(ways)s.")) % {"ways": ", ".join(Ask.values)}
    if (assertion["ask"] == Ask.NEWEST) != (assertion["compare"] == Comparison.YOUNGER_THAN):
        return str(_("“newest” is compared by “younger_than”, and nothing else is."))
    return ""


def _wrong_in_value(compare: str, value: Any) -> str:
    if compare == Comparison.BETWEEN:
        is_pair = isinstance(value, list) and len(value) == 2 and all(as_number(bound) is not None for bound in value)
        return "" if is_pair else str(_("“between” needs a list of two numbers."))
    if compare in {Comparison.EQUAL, Comparison.CONTAINS}:
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
    return isinstance(value, str) and len(value) <= LONGEST_TEXT and _can_be_kept(value)


def _is_absolute(path: Any) -> TypeGuard[str]:
    is_path = isinstance(path, str) and "\x00" not in path and len(path) <= LONGEST_PATH
    return is_path and Path(path).is_absolute() and ".." not in Path(path).parts and _can_be_kept(path)


def _can_be_kept(text: str) -> bool:
    """Half a character is none, for the database."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\x00" not in text


def _is_pattern(value: Any) -> bool:
    return _is_text(value) and bool(value.strip("/"))


def _is_scalar(value: Any) -> bool:
    return _is_text(value) or (isinstance(value, (int, float)) and not isinstance(value, bool))


def _is_port(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= HIGHEST_PORT
