"""Where Holdfast listens, whom it believes, and who may measure it."""

import ipaddress
import ssl

from config.environment.reading import read
from config.environment.table import wrong

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

LOOPBACK = "127.0.0.0/8, ::1"


def listen() -> str:
    """The address of this machine on which pages are served."""
    given = read("LISTEN", "127.0.0.1")
    try:
        return str(ipaddress.ip_address(given))
    except ValueError:
        raise wrong("LISTEN") from None


def trusted_proxies(base: str) -> list[Network]:
    """Whose word about the sender is taken. With https somebody else speaks TLS for us, usually on this machine."""
    return _networks("TRUSTED_PROXIES", LOOPBACK if base.startswith("https://") else "")


def metrics_networks() -> list[Network]:
    """From where the figures may be read without a key."""
    return _networks("METRICS_NETWORKS", "")


def outgoing_ca_file() -> str:
    """The authorities of the house, as a file that can be read; empty when there is none."""
    given = read("OUTGOING_CA_FILE")
    try:
        if given:
            ssl.create_default_context().load_verify_locations(given)
    except OSError:  # also what OpenSSL cannot read
        raise wrong("OUTGOING_CA_FILE") from None
    return given


def _networks(name: str, default: str) -> list[Network]:
    given = [text.strip() for text in read(name, default).split(",") if text.strip()]
    if given == ["none"]:
        return []
    try:
        return [ipaddress.ip_network(text) for text in given]
    except ValueError:
        raise wrong(name) from None
