"""What is looked at before Holdfast itself is brought back, and what is taken out of a copy of it."""

import json
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from backups.adapters.folder.errors import ArchiveDamaged, ArchiveHostile, ArchiveNotAsListed
from backups.adapters.own_files import unpack
from backups.errors.bringing_back import (
    KeysAreGiven,
    KeysNeeded,
    KeysUnreadable,
    NoOwnCopy,
    OwnCopyDamaged,
    OwnCopyOther,
)
from backups.services import bringing_back
from backups.services.own_copies import opened_copy
from common import secrets
from tests.backups.folders import Shelf

CONTENT = b"what must not be lost" * 100_000
DIGEST = sha256(CONTENT).hexdigest()


def stored(folder: Path, content: bytes, name: str = "") -> Path:
    digest = name or sha256(content).hexdigest()
    (folder / digest[:2]).mkdir(parents=True, exist_ok=True)
    path = folder / digest[:2] / digest
    path.write_bytes(content)
    return path


@pytest.fixture
def shelf(tmp_path):
    (tmp_path / "shelf").mkdir()
    return Shelf(tmp_path / "shelf")


def taken_out(shelf, target):
    with shelf.archive.open("rb") as archive:
        return unpack(archive, shelf.entries(), target)


def names(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir())


def test_stored_files_come_back_and_nothing_else(shelf, tmp_path):
    source, target = tmp_path / "files", tmp_path / "back"
    stored(source, CONTENT)
    stored(source, b"")
    stored(source, b"not what its name says", name="ab" * 32)
    (source / "incoming").mkdir()
    (source / "incoming" / "half").write_bytes(b"half")
    (source / DIGEST[:2] / "link").symlink_to("/etc/passwd")
    shelf.saved(source)
    unpacked = taken_out(shelf, target)
    empty = sha256(b"").hexdigest()
    assert names(target) == sorted([f"{DIGEST[:2]}/{DIGEST}", f"{empty[:2]}/{empty}"])
    assert (target / DIGEST[:2] / DIGEST).read_bytes() == CONTENT
    assert (unpacked.files, unpacked.content_bytes) == (2, len(CONTENT))
    assert {path.stat().st_mode & 0o777 for path in target.rglob("*") if path.is_file()} == {0o600}
    taken_out(shelf, target)  # again is harmless


def test_a_damaged_archive_leaves_no_half_of_a_file(shelf, tmp_path):
    source, target = tmp_path / "files", tmp_path / "back"
    stored(source, CONTENT)
    shelf.saved(source)
    raw = shelf.archive.read_bytes()
    shelf.archive.write_bytes(raw[: len(raw) // 2])
    with pytest.raises((ArchiveDamaged, ArchiveHostile, ArchiveNotAsListed)):
        taken_out(shelf, target)
    assert names(target) == []


@pytest.fixture
def copy(tmp_path):
    """A copy as the own policy stores it, with files that nobody reads here."""
    folder = tmp_path / "repository" / "holdfast" / "20260102T030405Z-0007"
    folder.mkdir(parents=True)
    files = {"database.dump": b"PGDMP", "files.tar.zst": b"zstd", "files.list": b""}
    for name, content in files.items():
        (folder / name).write_bytes(content)
    manifest = {
        "format": 2,
        "policy": "holdfast",
        "taken_at": "2026-01-02T03:04:05+00:00",
        "parts": [
            {"source": "database", "engine": "postgresql", "files": ["database.dump"]},
            {"source": "files", "engine": "folder", "files": ["files.tar.zst", "files.list"]},
        ],
        "files": [
            {"name": name, "bytes": len(content), "sha256": sha256(content).hexdigest()}
            for name, content in files.items()
        ],
    }
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return folder


def test_a_copy_is_read_where_it_lies(copy):
    digest = sha256((copy / "manifest.json").read_bytes()).hexdigest()
    with opened_copy(copy, digest=digest.upper()) as found:
        found.check()
        assert found.manifest_sha256 == digest
        assert found.taken_at.isoformat() == "2026-01-02T03:04:05+00:00"


def test_a_file_that_was_changed_is_named(copy):
    (copy / "files.tar.zst").write_bytes(b"zstD")
    with opened_copy(copy) as found, pytest.raises(OwnCopyDamaged, match=r"files\.tar\.zst"):
        found.check()


def test_a_link_in_the_place_of_a_file_is_not_followed(copy):
    (copy / "database.dump").unlink()
    (copy / "database.dump").symlink_to("/etc/passwd")
    with opened_copy(copy) as found, pytest.raises(OwnCopyDamaged):
        found.check()


def test_another_copy_than_the_one_that_was_meant_is_refused(copy):
    with pytest.raises(OwnCopyOther), opened_copy(copy, digest="0" * 64):
        pass


@pytest.mark.parametrize(
    "change",
    [
        {"policy": "erp"},
        {"format": 1},
        {"format": "2"},
        {"taken_at": "yesterday"},
        {"parts": []},
        {"parts": [{"source": "x", "engine": "magic", "files": []}]},
        {"parts": None},
        {"files": []},
        {"files": [{"name": "../../database.dump", "sha256": "0"}]},
    ],
)
def test_what_is_no_copy_of_holdfast_is_refused(copy, change):
    manifest = json.loads((copy / "manifest.json").read_text())
    (copy / "manifest.json").write_text(json.dumps(manifest | change))
    with pytest.raises(NoOwnCopy), opened_copy(copy):
        pass


@pytest.mark.parametrize("rubbish", [b"", b"[]", b"\xff\xfe", b"null", b'{"format": 2}', b"[" * 100_000])
def test_a_manifest_that_is_none_is_refused(copy, rubbish):
    (copy / "manifest.json").write_bytes(rubbish)
    with pytest.raises(NoOwnCopy), opened_copy(copy):
        pass


@pytest.mark.parametrize("path", ["/", "/nowhere/at/all", "/dev/null", "."])
def test_a_place_without_a_copy_is_refused(path):
    with pytest.raises(NoOwnCopy), opened_copy(Path(path)):
        pass


@pytest.fixture
def bare(settings, tmp_path):
    """A host on which nothing of Holdfast is yet."""
    settings.DATA_DIR, settings.SECRETS_KEYS = tmp_path / "data", []
    return tmp_path / "outside"


def test_without_keys_nothing_begins_unless_that_is_said(bare):
    with pytest.raises(KeysNeeded, match="--without-keys"):
        bringing_back._keys_of(None, without_keys=False)
    assert bringing_back._keys_of(None, without_keys=True) == []


def test_a_folder_without_keys_is_refused(bare):
    bare.mkdir()
    with pytest.raises(KeysUnreadable):
        bringing_back._keys_of(bare, without_keys=False)
    (bare / "0001.key").write_text("rubbish")
    with pytest.raises(KeysUnreadable):
        bringing_back._keys_of(bare, without_keys=False)


def test_given_keys_are_not_mixed_with_those_of_a_folder(bare, settings):
    settings.SECRETS_KEYS = [Fernet.generate_key().decode()]
    with pytest.raises(KeysAreGiven):
        bringing_back._keys_of(bare, without_keys=False)


def test_keys_are_taken_in_with_what_retired_ones_left(bare):
    bare.mkdir()
    old, new = Fernet.generate_key(), Fernet.generate_key()
    (bare / "0001.key").write_bytes(old)
    (bare / "0002.key").write_bytes(new + b"\n")
    (bare / "deadbeef.ledger").write_text("ab" * 32)
    ids = secrets.take_in(bringing_back._keys_of(bare, without_keys=False))
    bringing_back._take_derived(bare)
    assert secrets.key_ids() == ids[::-1]
    assert secrets.derived_key_by_id("ledger", "deadbeef") == bytes.fromhex("ab" * 32)
    assert secrets.take_in([old]) == [ids[0]]
    assert len(secrets.key_ids()) == 2
    (bare / "deadbeef.ledger").write_text("../../etc")
    with pytest.raises(KeysUnreadable):
        bringing_back._take_derived(bare)


def test_a_key_that_was_retired_here_seals_nothing_again(bare):
    here = secrets.add_key()
    old, older = Fernet.generate_key(), Fernet.generate_key()
    ids = secrets.take_in([older, old])
    assert secrets.key_ids()[0] == here
    assert set(secrets.key_ids()) == {here, *ids}
    assert secrets.seal("x").startswith(f"{here}:")
    assert secrets.add_key() == secrets.key_ids()[0] != here
