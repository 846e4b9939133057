"""Which names are meant: `*.log` in any folder, `cache/*` from the source on. Upper and lower case count."""

import re
from collections.abc import Callable, Iterable
from fnmatch import translate


def matcher(patterns: Iterable[str]) -> Callable[[str], bool]:
    """Whether a path is meant by one of the patterns: with a stroke the whole path, else its last name."""
    of_paths = [pattern.strip("/") for pattern in patterns if "/" in pattern]
    of_names = [pattern for pattern in patterns if "/" not in pattern]
    path, name = _compiled(of_paths), _compiled(of_names)

    def is_meant(candidate: str) -> bool:
        return bool(path and path.match(candidate)) or bool(name and name.match(candidate.rpartition("/")[2]))

    return is_meant


def _compiled(patterns: list[str]) -> re.Pattern[str] | None:
    # fnmatch's own expressions look back at nothing, so that no name takes them long.
    return re.compile("|".join(translate(pattern) for pattern in patterns)) if patterns else None
