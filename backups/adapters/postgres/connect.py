"""Reaching a source: its parameters, and in a sentence why it cannot be reached.

Everything that names the source goes through keywords and the environment, never through a connection string or an
argument: a database may be called `-rf`, hold quotes, or look like a connection string itself.
"""

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg2
from django.conf import settings

from backups.adapters.errors import (
    EncryptionRefused,
    SourceBusy,
    SourceRefused,
    SourceSettingsWrong,
    SourceUnreachable,
    ToolError,
    UnknownDatabase,
    WrongCredential,
)
from backups.adapters.output import readable
from backups.adapters.processes import Finished

CONNECT_SECONDS = 10

ENCRYPTIONS = ("disable", "prefer", "require", "verify-ca", "verify-full")

#: What libpq and the server say, and what it means. The first that fits counts.
MEANINGS: tuple[tuple[str, type[ToolError]], ...] = (
    ("too many connections", SourceBusy),
    ("too many clients", SourceBusy),
    ("remaining connection slots", SourceBusy),
    ("password authentication failed", WrongCredential),
    ("no password supplied", WrongCredential),
    ("authentication failed", WrongCredential),
    ('role "" does not exist', WrongCredential),
    ('role "" is not permitted', WrongCredential),
    ("certificate", EncryptionRefused),
    ("SSL", EncryptionRefused),
    ("does not exist", UnknownDatabase),
    ("could not translate host name", SourceUnreachable),
    ("could not connect", SourceUnreachable),
    ("Connection refused", SourceUnreachable),
    ("No such file or directory", SourceUnreachable),
    ("timeout expired", SourceUnreachable),
    ("Network is unreachable", SourceUnreachable),
    ("No route to host", SourceUnreachable),
    ("connection to server", SourceRefused),
)


@dataclass(frozen=True)
class Source:
    """One database to save. `host` is a name, an address, or the folder of a unix socket.

    addresses: what the name was found to stand for; the connection then goes to these only.
    """

    host: str
    port: int
    database: str
    user: str
    password: str
    encryption: str = "prefer"
    is_own: bool = False
    addresses: tuple[str, ...] = ()

    @classmethod
    def of(cls, given: Mapping[str, Any], password: str) -> "Source":
        """The source of a policy. `{"own": true}` is our own database. Raises SourceSettingsWrong."""
        if given.get("own"):
            return cls.own()
        return cls(
            host=_text(given, "host"),
            port=_port(given.get("port", 5432)),
            database=_text(given, "database"),
            user=_text(given, "user"),
            password=_clean("password", password),
            encryption=_encryption(given.get("encryption") or "prefer"),
        )

    @classmethod
    def own(cls) -> "Source":
        """Our own database."""
        own = settings.DATABASES["default"]
        return cls(
            host=own.get("HOST") or "localhost",
            port=int(own.get("PORT") or 5432),
            database=own["NAME"],
            user=own.get("USER") or "",
            password=own.get("PASSWORD") or "",
            encryption=(own.get("OPTIONS") or {}).get("sslmode", "prefer"),
            is_own=True,
        )

    @property
    def keywords(self) -> dict[str, Any]:
        """For psycopg2."""
        return {
            "host": self._hosts,
            "port": self.port,
            "dbname": self.database,
            "user": self.user,
            "password": self.password,
            "sslmode": self.encryption,
            "connect_timeout": CONNECT_SECONDS,
            "application_name": "holdfast",
            **({"hostaddr": ",".join(self.addresses)} if self.addresses else {}),
        }

    @property
    def environment(self) -> dict[str, str]:
        """For libpq's programs."""
        return {
            "PGHOST": self._hosts,
            "PGPORT": str(self.port),
            "PGDATABASE": self.database,
            "PGUSER": self.user,
            "PGPASSWORD": self.password,
            "PGSSLMODE": self.encryption,
            "PGCONNECT_TIMEOUT": str(CONNECT_SECONDS),
            "PGAPPNAME": "holdfast",
            **({"PGHOSTADDR": ",".join(self.addresses)} if self.addresses else {}),
        }

    @property
    def _hosts(self) -> str:
        # libpq wants a name for each address; certificates are held against the name.
        return ",".join([self.host] * max(1, len(self.addresses)))


@contextmanager
def connect(source: Source) -> Iterator["psycopg2.extensions.connection"]:
    """A connection to the source, as `pinned` gives it.

    Raises WrongCredential, SourceUnreachable, UnknownDatabase, EncryptionRefused …
    """
    try:
        connection = psycopg2.connect(**source.keywords)
    except psycopg2.OperationalError as error:
        raise meaning(str(error), source) from error
    with closing(connection):
        yield connection


def meaning(said: str, source: Source) -> ToolError:
    """What a refused connection means, with the words of the server as evidence."""
    kind = next((kind for words, kind in MEANINGS if words in _without_names(said, source)), SourceRefused)
    error = kind(host=source.host) if kind is SourceUnreachable else kind()
    hidden = said.replace(source.password, "***") if source.password else said
    return error.shown_by(Finished(("connect",), 1, 0.0, readable(hidden.encode(errors="replace"))))


def _without_names(said: str, source: Source) -> str:
    """A database called `role x` must not be taken for the server's words."""
    for name in sorted((source.database, source.user, source.host), key=len, reverse=True):
        said = said.replace(f'"{name}"', '""')
    return said


def _text(given: Mapping[str, Any], field: str) -> str:
    value = given.get(field)
    if not isinstance(value, str) or not value:
        raise SourceSettingsWrong(field=field)
    return _clean(field, value)


def _clean(field: str, value: str) -> str:
    # A zero byte ends a string for libpq: what follows would be dropped in silence.
    if "\0" in value:
        raise SourceSettingsWrong(field=field)
    try:
        value.encode()
    except UnicodeEncodeError:
        raise SourceSettingsWrong(field=field) from None
    return value


def _port(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise SourceSettingsWrong(field="port")
    try:
        port = int(value)
    except ValueError:
        raise SourceSettingsWrong(field="port") from None
    if not 0 < port < 65536:
        raise SourceSettingsWrong(field="port")
    return port


def _encryption(value: Any) -> str:
    if value not in ENCRYPTIONS:
        raise SourceSettingsWrong(field="encryption")
    return str(value)
