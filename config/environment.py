"""The settings that an operator may give by environment, each read and checked in one place.

`docs/settings.md` prints the same table; a test keeps the two alike.
"""

import os
import sys
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

BASE_DIR = Path(__file__).resolve().parent.parent


class WrongSetting(Exception):
    """A variable of the environment that Holdfast cannot use."""

    def __init__(self, name: str, expected: str) -> None:
        super().__init__(f"{name} is not usable: {expected}")
        self.name = name
        self.expected = expected


@dataclass(frozen=True)
class Setting:
    """One variable: its name, what is expected, what holds when it is not given."""

    name: str
    expected: str
    default: str
    meaning: str


def read(name: str, default: str = "") -> str:
    """The variable as given, without spaces around it; default when absent or empty."""
    return os.environ.get(name, "").strip() or default


def default_data_dir() -> Path:
    """`var` in the clone; for root a folder outside it, which the servers' user can enter."""
    if os.geteuid() == 0:
        return Path("/var/lib/holdfast") / sha256(str(BASE_DIR).encode()).hexdigest()[:12]
    return BASE_DIR / "var"
