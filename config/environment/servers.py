"""The servers that Holdfast uses: database, broker and cache, e-mail."""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from common.embedded.places import Places
from config.environment.reading import read, split
from config.environment.table import wrong

EMAIL_SCHEMES = {"smtp": (25, False, False), "smtp+tls": (587, True, False), "smtps": (465, False, True)}


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
    parts = split("DATABASE_URL", url)
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
    parts = split("REDIS_URL", url)
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
    parts = split("EMAIL_URL", url)
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
