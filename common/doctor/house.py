"""The settings of this house, and the ways out of it."""

import smtplib
from collections.abc import Iterator
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import get_connection

from common.doctor.findings import Finding, broken, ok, warn
from common.doctor.rounds import examines

WIDEST_TRUST = 2**16
LOOPBACK = {"127.0.0.1", "::1"}


@examines("settings")
def house() -> Iterator[Finding]:
    """Whether what was set makes sense together."""
    if settings.DEBUG:
        yield broken("DEBUG is on: pages show what only we may see", "Leave DEBUG off.")
    host = urlsplit(settings.BASE_URL).hostname or ""
    is_local = not settings.TWO_FACTOR_REQUIRED
    if "*" in settings.ALLOWED_HOSTS:
        yield warn("ALLOWED_HOSTS lets every name in", "Name the hosts; links in messages could be led elsewhere.")
    if is_local and settings.LISTEN not in LOOPBACK:
        yield warn(
            f"pages are served to others (LISTEN={settings.LISTEN}), but BASE_URL is {settings.BASE_URL}",
            "Set BASE_URL to the address that people use: it decides on second factors and cookies.",
        )
    elif is_local:
        yield ok(f"{settings.BASE_URL}: only this machine can sign in")
    elif not settings.IS_HTTPS:
        yield warn(f"{settings.BASE_URL}: passwords travel in the clear", "Put a proxy with TLS in front.")
    else:
        yield ok(f"{settings.BASE_URL}: host {host}, Secure cookies, HSTS")
    yield from _proxies()


@examines("channels")
def channels() -> Iterator[Finding]:
    """Whether the server for outgoing e-mail takes us."""
    if not settings.EMAIL_CONFIGURED:
        yield warn("no e-mail leaves this host", "Set EMAIL_URL.")
        return
    server = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    mail = get_connection(timeout=8)
    try:
        mail.open()
    except (smtplib.SMTPException, OSError) as problem:
        yield broken(f"{server} does not take e-mail: {problem}", "Check EMAIL_URL and the server.")
    else:
        yield ok(f"{server} lets us in")
    finally:
        mail.close()


def _proxies() -> Iterator[Finding]:
    wide = [str(network) for network in settings.TRUSTED_PROXIES if network.num_addresses > WIDEST_TRUST]
    wide = [name for name in wide if name != "127.0.0.0/8"]
    if wide:
        yield warn(
            f"TRUSTED_PROXIES believes {', '.join(wide)}",
            "Name only the proxies: whoever is believed can claim any address.",
        )
    elif settings.IS_HTTPS and not settings.TRUSTED_PROXIES:
        yield warn("https, and no proxy is believed: every page is redirected or refused", "Set TRUSTED_PROXIES.")
    elif settings.TRUSTED_PROXIES:
        yield ok(f"proxies believed: {', '.join(str(network) for network in settings.TRUSTED_PROXIES)}")
