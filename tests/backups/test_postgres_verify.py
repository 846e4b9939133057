"""Reading a dump through finds every kind of damage, also where the tools' own short look praises it."""

import io
import os
import subprocess

import pytest

from backups.adapters import tools
from backups.adapters.errors import (
    DumpDamaged,
    DumpEmpty,
    DumpIncomplete,
    DumpTooNew,
    DumpUnknown,
    FileGone,
    NotARegularFile,
)
from backups.adapters.postgres import restore, verify
from backups.adapters.postgres.archive import look
from backups.adapters.postgres.cluster import Cluster
from tests.backups.lab import Lab, sandbox


@pytest.fixture(scope="module")
def shop():
    """A database large enough for a dump of some 100 kB, whose list of contents ends long before its data."""
    lab = Lab()
    try:
        yield (
            lab,
            lab.database(
                "CREATE TABLE items (id int PRIMARY KEY, name text)",
                "INSERT INTO items SELECT n, md5(n::text) || md5((n * 7)::text) FROM generate_series(1, 3000) n",
                "CREATE TABLE orders (id int PRIMARY KEY, item int REFERENCES items)",
                "INSERT INTO orders SELECT n, n FROM generate_series(1, 3000) n",
            ),
        )
    finally:
        lab.close()


@pytest.fixture(scope="module")
def whole(shop):
    lab, database = shop
    return lab.dump(database).read_bytes()


@pytest.fixture(scope="module")
def box():
    with sandbox() as made:
        yield made


def cut(content: bytes, where: str) -> bytes:
    lengths = {
        "in the magic": 3,
        "in the head": 40,
        "at 3 kB": 3000,
        "at 12 kB": 12_000,
        "at 60 %": len(content) * 6 // 10,
        "one byte short": len(content) - 1,
    }
    return content[: lengths[where]]


def flipped(content: bytes, share: float) -> bytes:
    place = int(len(content) * share)
    return content[:place] + bytes([content[place] ^ 0x10]) + content[place + 1 :]


def test_a_whole_dump_passes_and_tells_its_release(box, whole):
    verified = verify(box, _file(box, whole))
    assert (verified.kind, verified.major) == ("custom", 18)
    assert verified.server_version.startswith("18.")
    assert verified.finished.exit_code == 0


@pytest.mark.parametrize("where", ["in the magic", "in the head", "at 3 kB", "at 12 kB", "at 60 %", "one byte short"])
def test_a_dump_cut_anywhere_is_damaged(box, whole, where):
    with pytest.raises(DumpDamaged, match=r"damaged or cut off\. Take a new backup"):
        verify(box, _file(box, cut(whole, where)))


def test_the_short_look_of_the_tool_would_have_praised_a_cut_dump(box, whole, tmp_path):
    (tmp_path / "cut").write_bytes(cut(whole, "at 60 %"))
    listed = subprocess.run(
        [tools.find("pg_restore").path, "--list", tmp_path / "cut"], capture_output=True, check=False
    )
    assert listed.returncode == 0


@pytest.mark.parametrize("share", [0.2, 0.5, 0.8])
def test_a_single_flipped_bit_in_the_data_is_found(box, whole, share):
    with pytest.raises(DumpDamaged):
        verify(box, _file(box, flipped(whole, share)))


def test_an_empty_dump_is_said(box):
    with pytest.raises(DumpEmpty, match="The dump is empty"):
        verify(box, _file(box, b""))


@pytest.mark.parametrize("content", [b"\x1f\x8b\x08 gzip", b"#!/bin/sh\nid\n", b"\0" * 5000, b"PGDMQ" * 100])
def test_another_kind_of_file_is_said(box, content):
    with pytest.raises(DumpUnknown, match="not a dump of PostgreSQL"):
        verify(box, _file(box, content))


@pytest.mark.parametrize(
    ("place", "value"), [(5, b"\x02"), (6, b"\x7f")], ids=["next archive format", "far archive format"]
)
def test_a_dump_of_a_newer_archive_format_names_the_package(box, whole, place, value):
    forged = whole[:place] + value + whole[place + 1 :]
    with pytest.raises(DumpTooNew, match=r"Install the package postgresql-client-\d+"):
        verify(box, _file(box, forged))


def test_a_dump_of_a_newer_server_names_the_package(box, whole):
    forged = whole.replace(b"18.", b"99.", 1)
    assert forged != whole
    with pytest.raises(DumpTooNew, match=r"was made by PostgreSQL 99, .* postgresql-client-99"):
        verify(box, _file(box, forged))


@pytest.mark.parametrize("size", [0, 9, 255])
def test_a_head_with_numbers_that_make_no_sense_is_damage_not_a_crash(box, whole, size):
    with pytest.raises((DumpDamaged, DumpUnknown)):
        verify(box, _file(box, whole[:8] + bytes([size]) + whole[9:]))


def test_a_plain_dump_needs_its_end(box, shop):
    lab, database = shop
    content = lab.dump(database, "plain").read_bytes()
    assert verify(box, _file(box, content)).kind == "plain"
    # Cut between two statements, which psql itself takes for a whole dump.
    with pytest.raises(DumpIncomplete, match="The dump has no end"):
        verify(box, _file(box, content[: content.rindex(b"\n\n--\n-- Name: ")]))


def test_only_an_ordinary_file_is_read(box, tmp_path):
    os.mkfifo(tmp_path / "fifo")
    with pytest.raises(NotARegularFile):
        verify(box, tmp_path / "fifo")
    with pytest.raises(FileGone):
        verify(box, tmp_path / "gone")


def test_a_damaged_dump_is_damaged_for_the_restore_too(whole):
    """Even where nobody verified it first, half a database is never taken for a whole one."""
    with sandbox() as box:
        put = box.put(io.BytesIO(cut(whole, "at 60 %")), "database.dump")
        with Cluster(box, at_least_major=look(box.folder / put.name).reads_from) as cluster, pytest.raises(DumpDamaged):
            restore(cluster, put)


def test_a_dump_newer_than_the_cluster_is_refused_before_anything_is_restored(whole):
    with sandbox() as box:
        put = box.put(io.BytesIO(whole.replace(b"18.", b"99.", 1)), "database.dump")
        with Cluster(box) as cluster, pytest.raises(DumpTooNew, match="package postgresql-99"):
            restore(cluster, put)


def _file(box, content: bytes):
    path = box.folder.parent / "given"
    path.write_bytes(content)
    return path
