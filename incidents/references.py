"""What people call an incident."""

import re

_NUMBERED = re.compile(r"INC-([0-9]{4,18})")


def number_of(reference: str) -> int | None:
    """The number in INC-0042. None for everything that no incident is called."""
    found = _NUMBERED.fullmatch(reference)
    if found is None:
        return None
    number = int(found[1])
    return number if reference == f"INC-{number:04d}" else None
