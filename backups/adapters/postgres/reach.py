"""Where a source may be: not where only this host itself may ask, and not in our own servers.

A name is resolved once, every address it stands for is looked at, and the connection goes to these addresses only: what
the name stands for a moment later does not matter.
"""

import ipaddress
import socket
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from backups.adapters.errors import SourceIsList, SourceIsOurs, SourceLinkLocal, SourceUnreachable, ToolError
from backups.adapters.output import readable
from backups.adapters.processes import Finished
from common.embedded.places import Places
from common.outgoing.addresses import is_below, is_nobodys, unwrapped

if TYPE_CHECKING:
    from backups.adapters.postgres.connect import Source

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def wrong_host(host: str, *, port: int, database: str) -> type[ToolError] | None:
    """Why this cannot be a source, as far as it shows without resolving a name; None when it can."""
    if "," in host:
        return SourceIsList
    address = _address(host.strip("[]"))
    if address is not None and is_refused(address):
        return SourceLinkLocal
    return SourceIsOurs if _is_ours(host, address, port, database) else None


def pinned(source: "Source") -> "Source":
    """The source with the addresses that its name stands for right now, all of them looked at.

    Raises SourceIsList, SourceLinkLocal, SourceIsOurs, SourceUnreachable.
    """
    if source.is_own:
        return source
    if wrong := wrong_host(source.host, port=source.port, database=source.database):
        raise wrong()
    if is_socket(source.host):
        return source
    addresses = _resolved(source)
    for text in addresses:
        if wrong := wrong_host(text, port=source.port, database=source.database):
            raise wrong()
    return replace(source, addresses=addresses)


def is_socket(host: str) -> bool:
    """Whether it is the folder of a unix socket, as libpq tells it."""
    return host.startswith(("/", "@"))


def is_refused(address: Address) -> bool:
    """Whether it is link-local, a cloud's own or no machine's, in whatever way it is written."""
    inner = unwrapped(address)
    return is_below(inner) or is_nobodys(inner)


def _resolved(source: "Source") -> tuple[str, ...]:
    try:
        found = socket.getaddrinfo(source.host, source.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        said = Finished(("connect",), 1, 0.0, readable(str(error).encode(errors="replace")))
        raise SourceUnreachable(host=source.host).shown_by(said) from error
    return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))


def _is_ours(host: str, address: Address | None, port: int, database: str) -> bool:
    """Our own database, and whatever else is in the server that we run ourselves.

    Another database of a server that is not ours alone may well be a source.
    """
    if is_socket(host) and Path(host).resolve() == Places(Path(settings.DATA_DIR)).postgres_sockets.resolve():
        return True
    own = settings.DATABASES["default"]
    if (port, database) != (int(own.get("PORT") or 5432), own["NAME"]):
        return False
    there = own.get("HOST") or "localhost"
    if is_socket(host) and is_socket(there):
        return Path(host).resolve() == Path(there).resolve()
    return host == there or (_is_here(host, address) and _is_here(there, _address(there)))


def _is_here(host: str, address: Address | None) -> bool:
    """Whether it is certainly this host."""
    is_loopback = address is not None and unwrapped(address).is_loopback
    return is_socket(host) or host == "localhost" or is_loopback


def _address(text: str) -> Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None
