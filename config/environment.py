"""The settings that an operator may give by environment, each read and checked in one place.

`docs/settings.md` prints the same table; a test keeps the two alike.
"""

import base64
import binascii
import ipaddress
import os
import re
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit
from zoneinfo import available_timezones

from common.embedded.places import Places

BASE_DIR = Path(__file__).resolve().parent.parent

#: A closed folder would lock out the user that the servers run as.
ROOTS_DATA = Path("/var/lib/holdfast")

LANGUAGES = ("en", "zh-hans")

EMAIL_SCHEMES = {"smtp": (25, False, False), "smtp+tls": (587, True, False), "smtps": (465, False, True)}


class WrongSettingError(Exception):
    """A variable of the environment that Holdfast cannot use."""

    def __init__(self, name: str, expected: str) -> None:
        super().__init__(f"{name} is not usable: expected {expected}.")
        self.name = name
        self.expected = expected


@dataclass(frozen=True)
class Setting:
    """One variable: its name, what is expected, what holds when it is not given, what it is for."""

    name: str
    expected: str
    default: str
    meaning: str


SETTINGS = (
    Setting(
        "DATABASE_URL",
        "postgres://USER:PASSWORD@HOST:PORT/NAME",
        "a PostgreSQL of our own below DATA_DIR",
        "The database. With a socket: `postgres://USER:PASSWORD@/NAME?host=/FOLDER`; `?sslmode=require` asks for TLS.",
    ),
    Setting(
        "REDIS_URL",
        "redis://[:PASSWORD@]HOST:PORT/NUMBER, rediss://… or unix:///PATH?db=NUMBER",
        "a Valkey of our own below DATA_DIR",
        "Broker and cache; the cache uses the database number that follows.",
    ),
    Setting(
        "SECRET_KEY",
        "at least 32 characters",
        "made at the first start and kept in DATA_DIR/secrets",
        "Signs sessions and links. The same on every web process.",
    ),
    Setting(
        "ALLOWED_HOSTS",
        "host names divided by commas",
        "localhost, 127.0.0.1 and the host of BASE_URL",
        "The names under which pages are served.",
    ),
    Setting(
        "BASE_URL",
        "http://HOST[:PORT] or https://HOST[:PORT], without a path",
        "http://localhost:PORT",
        "The address that people use; it stands in messages. https switches on HSTS and Secure cookies.",
    ),
    Setting(
        "EMAIL_URL",
        "smtp://USER:PASSWORD@HOST:PORT, smtp+tls://… (STARTTLS) or smtps://…, with ?from=ADDRESS if wanted",
        "no e-mail is sent",
        "The server that takes outgoing e-mail.",
    ),
    Setting(
        "DATA_DIR",
        "a folder with an absolute path that we may write to",
        "`var` in the clone; for root a folder below /var/lib/holdfast",
        "Everything that is kept: databases, files, keys.",
    ),
    Setting("PORT", "a number from 1 to 65535", "8000", "Where web pages are served, on 127.0.0.1."),
    Setting(
        "ORGANISATION", "a name of at most 60 characters", "Holdfast", "Whose house this is; it stands beside the mark."
    ),
    Setting("LANGUAGE_CODE", "en or zh-hans", "en", "The language of people who have chosen none."),
    Setting(
        "TIME_ZONE",
        "the name of a time zone, such as Europe/Berlin",
        "UTC",
        "The organisation's time zone. Times are stored in UTC whatever it is.",
    ),
    Setting(
        "SECRETS_KEYS",
        "keys made by `Fernet.generate_key()`, the newest first, divided by commas",
        "made at the first start and kept in DATA_DIR/keys",
        "Encrypts the secrets that are stored, such as the passwords of backup sources.",
    ),
    Setting("PROOF_MAX_AGE_DAYS", "a number from 1 to 3650", "90", "How long a measured recovery proves anything."),
    Setting("DEMO", "yes or no", "yes", "Whether the first start loads the demo organisation."),
    Setting("LOG_FORMAT", "text or json", "text", "How the processes write their logs."),
    Setting(
        "LOG_LEVEL", "DEBUG, INFO, WARNING or ERROR", "INFO", "From which weight on lines are written to the logs."
    ),
    Setting("ENV_FILE", "a file of lines NAME=value", "`.env` in the clone", "Read first; the environment wins."),
)

EXPECTED = {setting.name: setting.expected for setting in SETTINGS}


def wrong(name: str) -> WrongSettingError:
    """The refusal of a variable, in the words of the table."""
    return WrongSettingError(name, EXPECTED[name])


def read(name: str, default: str = "") -> str:
    """The variable as given, without spaces around it; default when absent or empty."""
    return os.environ.get(name, "").strip() or default


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


def data_dir() -> Path:
    """Where everything is kept, made when missing."""
    folder = Path(read("DATA_DIR") or default_data_dir())
    if not folder.is_absolute():
        raise wrong("DATA_DIR")
    try:
        Places(folder).make()
    except OSError as problem:
        raise WrongSettingError("DATA_DIR", f"{EXPECTED['DATA_DIR']} ({problem.strerror}: {folder})") from None
    return folder


def default_data_dir() -> Path:
    """`var` in the clone; for root a folder outside it, which the servers' user can enter."""
    if os.geteuid() == 0:
        return ROOTS_DATA / sha256(str(BASE_DIR).encode()).hexdigest()[:12]
    return BASE_DIR / "var"


def secret_key(places: Places) -> str:
    """What signs sessions and links."""
    given = read("SECRET_KEY")
    if given and len(given) < 32:
        raise wrong("SECRET_KEY")
    return given or places.secret("secret-key")


def secrets_keys() -> list[str]:
    """The given keys for stored secrets, newest first; empty when they are kept in DATA_DIR."""
    keys = [key.strip() for key in read("SECRETS_KEYS").split(",") if key.strip()]
    for key in keys:
        try:
            usable = len(base64.urlsafe_b64decode(key.encode("ascii"))) == 32
        except (binascii.Error, UnicodeEncodeError):
            usable = False
        if not usable:
            raise wrong("SECRETS_KEYS")
    return keys


def port() -> int:
    """Where pages are served."""
    return _number("PORT", "8000", 65535)


def proof_max_age() -> timedelta:
    """How long a measured recovery proves anything."""
    return timedelta(days=_number("PROOF_MAX_AGE_DAYS", "90", 3650))


def _number(name: str, default: str, largest: int) -> int:
    given = read(name, default)
    if not given.isascii() or not given.isdigit() or len(given) > 9 or not 1 <= int(given) <= largest:
        raise wrong(name)
    return int(given)


def base_url(port_number: int) -> str:
    """The address that people use, without a slash at its end."""
    given = read("BASE_URL", f"http://localhost:{port_number}").rstrip("/")
    parts = _split("BASE_URL", given)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path or parts.query or parts.fragment:
        raise wrong("BASE_URL")
    return given


def is_loopback(base: str) -> bool:
    """Whether only people at this machine can reach the address."""
    host = urlsplit(base).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def allowed_hosts(base: str) -> list[str]:
    """Those given, and always our own machine: the launcher and health checks ask there."""
    names = [name.strip() for name in read("ALLOWED_HOSTS").split(",") if name.strip()]
    if any(not re.fullmatch(r"\*|\.?[A-Za-z0-9._-]+|\[[0-9a-fA-F:]+\]", name) for name in names):
        raise wrong("ALLOWED_HOSTS")
    host = urlsplit(base).hostname or ""
    own = ["localhost", "127.0.0.1", "[::1]", f"[{host}]" if ":" in host else host]
    return list(dict.fromkeys([*names, *own]))


def organisation() -> str:
    """The name of the organisation."""
    given = read("ORGANISATION", "Holdfast")
    if len(given) > 60 or not given.isprintable():
        raise wrong("ORGANISATION")
    return given


def time_zone() -> str:
    """The organisation's time zone."""
    given = read("TIME_ZONE", "UTC")
    if given not in available_timezones():
        raise wrong("TIME_ZONE")
    return given


def database(places: Places) -> dict[str, Any]:
    """Django's description of the database: the given one, else our own below DATA_DIR."""
    common: dict[str, Any] = {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
    url = read("DATABASE_URL")
    if not url:
        return common | {
            "HOST": str(places.postgres_sockets),
            "NAME": "holdfast",
            "USER": "holdfast",
            "PASSWORD": places.secret("database-password"),
            "OPTIONS": {"connect_timeout": 5},
        }
    parts = _split("DATABASE_URL", url)
    name = unquote(parts.path.removeprefix("/"))
    options = dict(parse_qsl(parts.query))
    if parts.scheme not in {"postgres", "postgresql"} or not name or "/" in name:
        raise wrong("DATABASE_URL")
    return common | {
        "HOST": options.pop("host", unquote(parts.hostname or "")),
        "PORT": str(parts.port or options.pop("port", "")),
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "OPTIONS": {"connect_timeout": 5} | options,
    }


@dataclass(frozen=True)
class Redis:
    """The addresses of broker (Celery's way of writing) and cache (redis-py's), in different databases."""

    broker: str
    cache: str


def redis_addresses(places: Places) -> Redis:
    """Where broker and cache are: the given server, else our own below DATA_DIR."""
    url = read("REDIS_URL") or f"unix://{quote(str(places.valkey_socket))}?db=0"
    parts = _split("REDIS_URL", url)
    options = dict(parse_qsl(parts.query))
    number = options.get("db", "0") if parts.scheme == "unix" else parts.path.removeprefix("/") or "0"
    if not number.isascii() or not number.isdigit():
        raise wrong("REDIS_URL")
    following = int(number) + 1
    if parts.scheme == "unix" and parts.path.startswith("/") and not parts.hostname:
        return Redis(
            broker=f"redis+socket://{parts.path}?virtual_host={number}",
            cache=f"unix://{parts.path}?db={following}",
        )
    if parts.scheme in {"redis", "rediss"} and parts.hostname:
        return Redis(
            broker=parts._replace(path=f"/{number}").geturl(), cache=parts._replace(path=f"/{following}").geturl()
        )
    raise wrong("REDIS_URL")


def email(base: str) -> dict[str, Any]:
    """Django's settings for outgoing e-mail, and whether there is a server for it."""
    url = read("EMAIL_URL")
    sender = f"holdfast@{urlsplit(base).hostname}"
    if not url:
        return {"EMAIL_CONFIGURED": False, "DEFAULT_FROM_EMAIL": sender, "SERVER_EMAIL": sender}
    parts = _split("EMAIL_URL", url)
    if parts.scheme not in EMAIL_SCHEMES or not parts.hostname or parts.path.strip("/"):
        raise wrong("EMAIL_URL")
    usual_port, starttls, tls = EMAIL_SCHEMES[parts.scheme]
    sender = dict(parse_qsl(parts.query)).get("from", sender)
    if "@" not in sender or re.search(r"\s", sender):
        raise wrong("EMAIL_URL")
    return {
        "EMAIL_CONFIGURED": True,
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or usual_port,
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": starttls,
        "EMAIL_USE_SSL": tls,
        "EMAIL_TIMEOUT": 20,
        "DEFAULT_FROM_EMAIL": sender,
        "SERVER_EMAIL": sender,
    }


def _split(name: str, url: str) -> Any:
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


def table() -> str:
    """The settings as a table in Markdown, as `docs/settings.md` shows it."""
    lines = ["| variable | expected | when not given | what it is for |", "|---|---|---|---|"]
    lines += [f"| `{one.name}` | {one.expected} | {one.default} | {one.meaning} |" for one in SETTINGS]
    return "\n".join(lines)
