"""Servers of web hooks and apps prove by a certificate that they are who was meant, though their address is pinned."""

import socket

import pytest

from common.outgoing import NoAnswer, Why, post
from config import environment
from notify.adapters import apps
from notify.adapters.refusals import NotSent
from notify.choices import Outcome
from tests.notify.hooks import Names, running_hook
from tests.support.certificates import DAY, Authority

NAME = "hooks.example.org"


@pytest.fixture(scope="module")
def house(tmp_path_factory) -> Authority:
    return Authority(tmp_path_factory.mktemp("house"))


@pytest.fixture(autouse=True)
def trusting(settings, house, monkeypatch) -> Names:
    """The house's authority is named in the settings, and every name leads to this machine."""
    settings.OUTGOING_LOOPBACK, settings.OUTGOING_CA_FILE = True, str(house.file)
    names = Names("127.0.0.1", "169.254.169.254")
    monkeypatch.setattr(socket, "getaddrinfo", names)
    return names


def by_hook(port: int) -> None:
    post(f"https://{NAME}:{port}/hook", body=b"{}", headers={}, deadline_seconds=5)


def by_app(port: int) -> None:
    apps.send(f"gotifys://{NAME}:{port}/tokenoftests", subject="Told", text="Something happened.")


BAD = {
    "another name": (lambda house, _other: house.server("other.example.org"), Why.WRONG_NAME),
    "run out": (lambda house, _other: house.server(NAME, ends=-DAY), Why.NOT_VALID_NOW),
    "self-signed": (lambda house, _other: house.server(NAME, is_own_voucher=True), Why.SELF_SIGNED),
    "unknown authority": (lambda _house, other: other.server(NAME), Why.UNTRUSTED),
}


@pytest.mark.parametrize("send", [by_hook, by_app])
def test_a_server_that_the_house_vouches_for_gets_it_by_its_name_at_the_address_that_was_checked(send, house, trusting):
    with running_hook(tls=house.server(NAME)) as server:
        send(server.port)
    assert len(server.requests) == 1
    assert server.names == [NAME]
    assert trusting.asked == [NAME]


@pytest.mark.parametrize("which", BAD)
def test_a_hook_whose_certificate_does_not_count_gets_nothing(which, house, tmp_path):
    make, why = BAD[which]
    with running_hook(tls=make(house, Authority(tmp_path, "Another"))) as server, pytest.raises(NoAnswer) as refusal:
        by_hook(server.port)
    assert refusal.value.why == why
    assert str(refusal.value).startswith(str(why.label))
    assert not server.requests


@pytest.mark.parametrize("which", BAD)
def test_an_app_whose_certificate_does_not_count_gets_nothing(which, house, tmp_path):
    make, why = BAD[which]
    with running_hook(tls=make(house, Authority(tmp_path, "Another"))) as server, pytest.raises(NotSent) as refusal:
        by_app(server.port)
    assert refusal.value.outcome == Outcome(why.value)
    assert not server.requests


def test_without_the_houses_authority_only_those_of_the_system_count(house, settings):
    settings.OUTGOING_CA_FILE = ""
    with running_hook(tls=house.server(NAME)) as server, pytest.raises(NoAnswer) as refusal:
        by_hook(server.port)
    assert refusal.value.why == Why.UNTRUSTED


def test_a_server_that_speaks_no_tls_is_told_apart():
    with running_hook() as server, pytest.raises(NoAnswer) as refusal:
        by_hook(server.port)
    assert refusal.value.why == Why.NO_TLS


def test_a_handshake_that_never_ends_is_cut_off():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(5)
        port = listener.getsockname()[1]
        with pytest.raises(NoAnswer) as refusal:
            post(f"https://{NAME}:{port}/", body=b"", headers={}, deadline_seconds=0.2)
    assert refusal.value.why == Why.LATE


def test_a_file_of_authorities_that_is_none_ends_the_start(monkeypatch, tmp_path, house):
    monkeypatch.setenv("OUTGOING_CA_FILE", str(house.file))
    assert environment.outgoing_ca_file() == str(house.file)
    wrong = tmp_path / "wrong.pem"
    wrong.write_text("no certificate")
    for given in (wrong, tmp_path / "missing.pem", tmp_path):
        monkeypatch.setenv("OUTGOING_CA_FILE", str(given))
        with pytest.raises(environment.WrongSettingError, match="OUTGOING_CA_FILE"):
            environment.outgoing_ca_file()
