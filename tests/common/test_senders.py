"""Whose word about the sender is taken: that of our own proxies, and nobody else's."""

from ipaddress import ip_network

import pytest
from django.test import Client, RequestFactory

from common.senders import among, settle
from config.environment import trusted_proxies

OURS = [ip_network("127.0.0.0/8"), ip_network("10.0.0.0/24"), ip_network("fd00::/8")]


@pytest.fixture(autouse=True)
def our_proxies(settings):
    settings.TRUSTED_PROXIES = OURS


@pytest.mark.parametrize(
    ("connected", "forwarded", "sender"),
    [
        ("127.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("10.0.0.7", "6.6.6.6, 203.0.113.9", "203.0.113.9"),
        ("127.0.0.1", "6.6.6.6, 203.0.113.9, 10.0.0.7", "203.0.113.9"),
        ("127.0.0.1", "10.0.0.8, 10.0.0.7", "10.0.0.8"),
        ("fd00::1", "2001:db8::7", "2001:db8::7"),
        ("::ffff:10.0.0.7", "203.0.113.9", "203.0.113.9"),
        ("127.0.0.1", "::ffff:203.0.113.9", "203.0.113.9"),
        ("127.0.0.1", "not an address", "127.0.0.1"),
        ("127.0.0.1", "203.0.113.9, rubbish, 10.0.0.7", "10.0.0.7"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "6.6.6.6,", "127.0.0.1"),
        ("198.51.100.4", "10.0.0.7", "198.51.100.4"),
        ("10.0.1.1", "6.6.6.6", "10.0.1.1"),
        ("", "6.6.6.6", ""),
    ],
)
def test_the_last_address_that_is_no_proxy_of_ours_is_the_sender(connected, forwarded, sender):
    meta = {"REMOTE_ADDR": connected, "HTTP_X_FORWARDED_FOR": forwarded}
    assert settle(meta) == sender
    assert meta["REMOTE_ADDR"] == sender
    assert "HTTP_X_FORWARDED_FOR" not in meta


def test_claims_of_strangers_are_forgotten():
    meta = {
        "REMOTE_ADDR": "198.51.100.4",
        "HTTP_X_FORWARDED_FOR": "127.0.0.1",
        "HTTP_X_FORWARDED_PROTO": "https",
        "HTTP_X_FORWARDED_HOST": "bank.example",
        "HTTP_FORWARDED": "for=127.0.0.1;proto=https",
    }
    settle(meta)
    assert meta == {"REMOTE_ADDR": "198.51.100.4"}


@pytest.mark.parametrize(("sender", "secure"), [("10.0.0.7", True), ("198.51.100.4", False)])
def test_only_our_proxy_can_say_that_it_spoke_tls(settings, sender, secure):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    request = RequestFactory().get("/", REMOTE_ADDR=sender, HTTP_X_FORWARDED_PROTO="https")
    settle(request.META)
    assert request.is_secure() is secure


@pytest.mark.parametrize(("sender", "has_hsts"), [("10.0.0.7", True), ("198.51.100.4", False)])
def test_it_is_settled_before_the_answer_tells_browsers_anything(settings, sender, has_hsts):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.SECURE_HSTS_SECONDS = 60
    answer = Client(REMOTE_ADDR=sender, headers={"X-Forwarded-Proto": "https"}).get("/healthz")
    assert ("Strict-Transport-Security" in answer) is has_hsts


def test_the_loopback_is_believed_only_where_tls_is_spoken_for_us(monkeypatch):
    monkeypatch.delenv("TRUSTED_PROXIES", raising=False)
    assert trusted_proxies("http://localhost:8000") == []
    assert among("127.0.0.1", trusted_proxies("https://house.example"))
    monkeypatch.setenv("TRUSTED_PROXIES", "none")
    assert trusted_proxies("https://house.example") == []
    monkeypatch.setenv("TRUSTED_PROXIES", "10.1.0.0/16, 2001:db8::/32")
    assert among("10.1.2.3", trusted_proxies("http://localhost"))
    assert not among("10.2.2.3", trusted_proxies("http://localhost"))
