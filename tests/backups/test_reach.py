"""Where a source may be: never at an address that only this host may ask, and never in our own servers."""

import socket
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from backups.adapters.errors import SourceIsList, SourceIsOurs, SourceLinkLocal, SourceUnreachable, ToolError
from backups.adapters.postgres.connect import Source
from backups.adapters.postgres.reach import pinned
from backups.sources import wrong_in_source
from common.embedded.places import Places

GIVEN = {"host": "localhost", "port": 5432, "database": "shop", "user": "backup"}

LINK_LOCAL = [
    "169.254.169.254",
    "[169.254.169.254]",
    "fe80::1",
    "fe80::1%lo",
    "::ffff:169.254.169.254",
    "::ffff:a9fe:a9fe",
    "64:ff9b::169.254.169.254",
    "2002:a9fe:a9fe::1",
    "fd00:ec2::254",
    "168.63.129.16",
    "224.0.0.1",
    "::",
    "240.0.0.1",
    "100.100.100.200",
]


def source(**other: Any) -> Source:
    return Source.of({**GIVEN, **other}, "secret")


@pytest.mark.parametrize("host", LINK_LOCAL)
def test_a_link_local_address_is_refused_when_it_is_set_and_when_it_is_used(host: str):
    [said] = wrong_in_source({**GIVEN, "host": host})
    assert "link-local" in said
    with pytest.raises(SourceLinkLocal):
        pinned(source(host=host))


@pytest.mark.parametrize("host", ["2852039166", "0xa9fea9fe", "169.254.43518"])
def test_an_address_in_another_spelling_is_found_out_when_it_is_used(host: str):
    with pytest.raises(SourceLinkLocal):
        pinned(source(host=host))


@pytest.mark.parametrize("host", ["db1,db2", "db1,169.254.169.254", "/run/a,/run/b"])
def test_a_list_of_hosts_is_refused_in_a_sentence(host: str):
    [said] = wrong_in_source({**GIVEN, "host": host})
    assert "not a list" in said
    with pytest.raises(SourceIsList):
        pinned(source(host=host))


def test_every_address_of_a_name_is_looked_at(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda *_a, **_k: [(0, 0, 0, "", ("192.0.2.1", 1)), (0, 0, 0, "", ("169.254.169.254", 1))],
    )
    with pytest.raises(SourceLinkLocal):
        pinned(source(host="db.example"))


def test_the_connection_goes_to_the_addresses_that_were_looked_at_and_the_name_stays_for_the_certificate(
    monkeypatch: pytest.MonkeyPatch,
):
    found = [(0, 0, 0, "", ("192.0.2.1", 1)), (0, 0, 0, "", ("2001:db8::1", 1, 0, 0))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: found)
    reached = pinned(source(host="db.example"))
    assert (reached.keywords["host"], reached.keywords["hostaddr"]) == (
        "db.example,db.example",
        "192.0.2.1,2001:db8::1",
    )
    assert (reached.environment["PGHOST"], reached.environment["PGHOSTADDR"]) == (
        "db.example,db.example",
        "192.0.2.1,2001:db8::1",
    )
    assert "hostaddr" not in source(host="/run/postgresql").keywords


def test_a_name_that_stands_for_nothing_is_told_with_the_reason():
    with pytest.raises(SourceUnreachable, match=r"nowhere\.invalid") as raised:
        pinned(source(host="nowhere.invalid"))
    assert raised.value.evidence is not None


def ours(settings_: Any, **other: Any) -> None:
    default = {**settings_.DATABASES["default"], "NAME": "holdfast", "PORT": "", **other}
    settings_.DATABASES = {**settings_.DATABASES, "default": default}


@pytest.mark.parametrize(
    ("own", "host"),
    [
        ("db.example", "db.example"),
        ("127.0.0.1", "localhost"),
        ("", "::1"),
        ("/run/pg", "/run/x/../pg"),
        ("/run/pg", "127.0.0.1"),
    ],
)
def test_our_own_database_is_no_source_but_for_its_own_policy(settings: Any, own: str, host: str):
    ours(settings, HOST=own)
    given = {**GIVEN, "host": host, "database": "holdfast"}
    [said] = wrong_in_source(given)
    assert "Holdfast's own servers" in said
    with pytest.raises(SourceIsOurs):
        pinned(replace(source(), host=host, database="holdfast"))
    assert pinned(Source.of({"own": True}, "")).database == "holdfast"
    assert wrong_in_source({**given, "database": "shop"}) == []


def test_nothing_in_the_server_that_we_run_ourselves_is_a_source():
    folder = Places(Path(settings.DATA_DIR)).postgres_sockets
    assert len(wrong_in_source({**GIVEN, "host": str(folder)})) == 1
    with pytest.raises(ToolError):
        pinned(source(host=str(folder)))
