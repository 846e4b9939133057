"""Who really sent a request: the connection says it, unless it is one of our proxies, whose word is then taken."""

import ipaddress
from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings

#: What a proxy says of the sender. From anybody else these are only claims.
ADDRESSES = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED")
CLAIMS = (*ADDRESSES, "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST")

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def settle(meta: dict[str, Any]) -> str:
    """Put the real sender into REMOTE_ADDR, and forget what others than our proxies claim. Returns the address.

    Of `X-Forwarded-For` the last address counts that is not itself one of our proxies: what stands before it was
    written by the sender and proves nothing.
    """
    if not among(str(meta.get("REMOTE_ADDR", "")), settings.TRUSTED_PROXIES):
        for claim in CLAIMS:
            meta.pop(claim, None)
        return str(meta.get("REMOTE_ADDR", ""))
    meta["REMOTE_ADDR"] = _sender(meta)
    # Used up: whoever counts by address later must not find what the sender wrote into it.
    for claim in ADDRESSES:
        meta.pop(claim, None)
    return str(meta["REMOTE_ADDR"])


def among(text: str, networks: Iterable[Network]) -> bool:
    """Whether an address, as text, lies in one of the networks."""
    address = _address(text)
    return address is not None and any(address in network for network in networks)


def _sender(meta: Mapping[str, Any]) -> str:
    seen = str(meta.get("REMOTE_ADDR", ""))
    for text in reversed(str(meta.get("HTTP_X_FORWARDED_FOR", "")).split(",")):
        address = _address(text)
        if address is None:
            return seen  # what follows to the left was not written by a proxy of ours
        seen = str(address)
        if not among(seen, settings.TRUSTED_PROXIES):
            return seen
    return seen


def _address(text: str) -> Address | None:
    """An IPv4 address that came over an IPv6 socket is the IPv4 address."""
    try:
        address = ipaddress.ip_address(text.strip())
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
