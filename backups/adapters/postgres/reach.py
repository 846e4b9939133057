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

if TYPE_CHECKING:
    from backups.adapters.postgres.connect import Source

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

#: Where clouds tell a machine its secrets, beside the link-local addresses.
METADATA = {ipaddress.ip_address(text) for text in ("fd00:ec2::254", "100.100.100.200", "192.0.0.192")}

#: Networks of IPv6 that stand for IPv4: the last 32 bits are the address.
TRANSLATED = ipaddress.ip_network("64:ff9b::/96")


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
    """Whether it is link-local or a cloud's own, in whatever way it is written."""
    return any(each.is_link_local or each in METADATA for each in (address, *_inner(address)))


def _inner(address: Address) -> list[ipaddress.IPv4Address]:
    if isinstance(address, ipaddress.IPv4Address):
        return []
    found = [address.ipv4_mapped, address.sixtofour]
    if address in TRANSLATED:
        found.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return [each for each in found if each is not None]


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
    is_loopback = address is not None and any(each.is_loopback for each in (address, *_inner(address)))
    return is_socket(host) or host == "localhost" or is_loopback


def _address(text: str) -> Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None
