"""Reading one variable: of the environment, else of the settings file."""

import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from config.environment.table import WrongSettingError, wrong

BASE_DIR = Path(__file__).resolve().parent.parent.parent


def read(name: str, default: str = "") -> str:
    """The variable as given, else as a credential, without spaces around it; default when absent or empty."""
    return os.environ.get(name, "").strip() or _credential(name) or default


def _credential(name: str) -> str:
    """The same from a file of systemd's LoadCredential or of a container, such as `database-url`: out of every child's
    environment. systemd puts the name of the folder before those of a whole folder.
    """
    folder, file = os.environ.get("CREDENTIALS_DIRECTORY", ""), name.lower().replace("_", "-")
    for path in (Path(folder) / f"holdfast_{file}", Path(folder) / file):
        try:
            return path.read_text(encoding="utf-8").strip() if folder else ""
        except FileNotFoundError:
            continue
        except (OSError, UnicodeDecodeError):
            raise wrong(name) from None
    return ""


def read_file() -> None:
    """Take over the lines of the settings file. What stands in the environment already wins."""
    given = read("ENV_FILE")
    path = Path(given) if given else BASE_DIR / ".env"
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        if given:
            raise wrong("ENV_FILE") from None
        return
    except (OSError, UnicodeDecodeError):
        raise wrong("ENV_FILE") from None
    for number, line in enumerate(lines, start=1):
        text = line.strip().removeprefix("export ").strip()
        if not text or text.startswith("#"):
            continue
        found = re.fullmatch(r"([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*)", text)
        if not found:
            raise WrongSettingError(f"Line {number} of {path}", "NAME=value")
        os.environ.setdefault(found[1], _unquoted(found[2]))


def choice(name: str, default: str, *allowed: str) -> str:
    """One of a few words; upper and lower case are the same."""
    given = read(name, default)
    for word in allowed:
        if given.lower() == word.lower():
            return word
    raise wrong(name)


def number(name: str, default: str, largest: int) -> int:
    given = read(name, default)
    if not given.isascii() or not given.isdigit() or len(given) > 9 or not 1 <= int(given) <= largest:
        raise wrong(name)
    return int(given)


def split(name: str, url: str) -> Any:
    """The parts of an address, port checked."""
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - raises when the port is not a number
    except ValueError:
        raise wrong(name) from None
    if re.search(r"[\s\x00]", url):
        raise wrong(name)
    return parts


def _unquoted(value: str) -> str:
    for mark in ("'", '"'):
        if len(value) >= 2 and value[0] == value[-1] == mark:
            return value[1:-1]
    return value.split(" #", 1)[0].strip()
