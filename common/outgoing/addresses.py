"""Where may be sent to: addresses that people entered, each of their numbers checked.

Refused are link-local, metadata, multicast and reserved addresses, the ports of our own servers, and
loopback unless `OUTGOING_LOOPBACK` allows it.
"""

import ipaddress
import re
import socket
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from common.errors import DomainError
from common.outgoing.answers import NoAnswer, Why

ADDRESS = re.compile(r"https?://[!-~]+")
LONGEST_ADDRESS = 1000
#: Where clouds answer questions about the machine that asks, outside of what is link-local anyway.
METADATA = {ipaddress.ip_address(each) for each in ("100.100.100.200", "192.0.0.192", "fd00:ec2::254", "168.63.129.16")}
NAT64 = ipaddress.ip_network("64:ff9b::/96")

Ip = ipaddress.IPv4Address | ipaddress.IPv6Address


class AddressRefused(DomainError):
    """An address to which Holdfast does not send."""

    code = "address_refused"
    status = 400
    template = _("Holdfast does not send to this address: %(why)s")


@dataclass(frozen=True)
class Target:
    """An address that may be sent to, with the addresses behind its name that were checked."""

    scheme: str
    host: str
    port: int
    path: str
    addresses: tuple[str, ...] = field(default=())


def read_target(url: str) -> Target:
    """The parts of an address of the web. Raises AddressRefused; asks no name server."""
    try:
        parts = urlsplit(url)
        port = parts.port or {"https": 443, "http": 80}.get(parts.scheme, 0)
    except ValueError:
        parts, port = urlsplit(""), 0
    host = parts.hostname or ""
    if not ADDRESS.fullmatch(url) or len(url) > LONGEST_ADDRESS or not host or not port:
        raise AddressRefused(why=_("give an address of the web, such as https://example.org/hook."))
    if parts.username or parts.password:
        raise AddressRefused(why=_("names and passwords do not belong in it."))
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, host, port, path)


def checked(target: Target) -> Target:
    """The same with its addresses, each of which may be sent to. Raises AddressRefused or NoAnswer."""
    try:
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NoAnswer(Why.UNKNOWN_NAME, f"{target.host}: {error}") from error
    addresses = tuple(dict.fromkeys(str(each[4][0]) for each in found))
    for each in addresses:
        check_address(each, target.port)
    return Target(target.scheme, target.host, target.port, target.path, addresses)


def check_address(address: str, port: int) -> None:
    """Raises AddressRefused for an address to which nothing is sent."""
    ip = unwrapped(ipaddress.ip_address(address.partition("%")[0]))
    if is_below(ip):
        raise AddressRefused(why=_("it belongs to the network equipment or the cloud below."))
    if is_nobodys(ip):
        raise AddressRefused(why=_("it belongs to no single machine."))
    if ip.is_loopback or _is_ours(str(ip)):
        if port in _own_ports():
            raise AddressRefused(why=_("it is a server of Holdfast itself."))
        if ip.is_loopback and not settings.OUTGOING_LOOPBACK:
            raise AddressRefused(why=_("it is this machine."))


def is_below(ip: Ip) -> bool:
    """Whether it belongs to the network equipment, or to the cloud that this machine runs in."""
    return ip.is_link_local or ip in METADATA


def is_nobodys(ip: Ip) -> bool:
    """Whether no single machine can have it: for many, for none, or kept back. ::127.0.0.1 is of the last kind."""
    is_site_local = isinstance(ip, ipaddress.IPv6Address) and ip.is_site_local
    return ip.is_multicast or ip.is_unspecified or is_site_local or (ip.is_reserved and not ip.is_loopback)


def unwrapped(ip: Ip) -> Ip:
    """The IPv4 address that an IPv6 address carries inside, where it does."""
    if isinstance(ip, ipaddress.IPv6Address):
        if inner := ip.ipv4_mapped or ip.sixtofour:
            return inner
        if ip in NAT64:
            return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip


def _is_ours(address: str) -> bool:
    """Whether the address belongs to this machine: only then a socket may have it."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        try:
            probe.bind((address, 0))
        except OSError:
            return False
    return True


def _own_ports() -> set[int]:
    """Where the pages, the database and the broker of Holdfast listen."""
    database = settings.DATABASES["default"].get("PORT") or 5432
    broker = urlsplit(settings.REDIS.broker).port or 6379
    return {int(settings.PORT), int(database), broker}
