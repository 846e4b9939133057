"""What people call actions and improvement plans."""

import re

_ACTION = re.compile(r"A-([0-9]{4,18})")
_PLAN = re.compile(r"IP-([0-9]{4,18})")


def number_of(reference: str) -> int | None:
    """The number in A-0042. None for everything that no action is called."""
    return _read(_ACTION, "A", reference)


def plan_number_of(reference: str) -> int | None:
    """The number in IP-0042. None for everything that no improvement plan is called."""
    return _read(_PLAN, "IP", reference)


def _read(pattern: re.Pattern[str], letters: str, reference: str) -> int | None:
    found = pattern.fullmatch(reference)
    if found is None:
        return None
    number = int(found[1])
    return number if reference == f"{letters}-{number:04d}" and number < 2**63 else None
