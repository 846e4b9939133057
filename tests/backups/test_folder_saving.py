"""A folder is saved as it stands, and whatever could not be is told."""

import json
import os
import socket
import tarfile
from io import BytesIO
from pathlib import Path

import pytest

from backups.adapters.errors import Stopped, ToolError
from backups.adapters.folder import Why, avoided
from backups.adapters.folder.canary import NAME
from backups.adapters.folder.canary import write as write_canary
from backups.adapters.folder.listing import order
from backups.adapters.folder.save import _Saving
from tests.backups.folders import Shelf, as_nobody, fill


@pytest.fixture
def source(tmp_path: Path) -> Path:
    (tmp_path / "app").mkdir()
    return fill(tmp_path / "app")


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path)


def names(shelf: Shelf) -> list[str]:
    return [entry.path for entry in shelf.entries()]


def test_every_entry_is_in_the_list_and_in_the_archive_in_the_order_of_the_list(source: Path, shelf: Shelf):
    saved = shelf.saved(source)
    entries = list(shelf.entries())
    assert {entry.path for entry in entries} == {str(path.relative_to(source)) for path in source.rglob("*")}
    assert [order(entry.path) for entry in entries] == sorted(order(entry.path) for entry in entries)
    assert (saved.entries, saved.files, saved.troubles.plain()) == (len(entries), 7, {})
    shelf.read()


def test_what_was_saved_is_an_ordinary_tar_that_any_program_reads(source: Path, shelf: Shelf):
    shelf.saved(source)
    plain = BytesIO()
    shelf.read(plain.write)
    plain.seek(0)
    with tarfile.open(fileobj=plain) as archive:
        assert archive.getnames() == names(shelf)
        assert archive.getmember("outside").linkname == "/etc/passwd"


def test_links_are_saved_as_links_and_never_followed_out(source: Path, shelf: Shelf, tmp_path: Path):
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "key").write_text("hidden")
    (source / "way").symlink_to(tmp_path / "secret")
    shelf.saved(source)
    assert "way" in names(shelf)
    assert "way/key" not in names(shelf)


def test_a_source_that_is_reached_by_a_link_is_the_folder_behind_it(source: Path, shelf: Shelf, tmp_path: Path):
    (tmp_path / "alias").symlink_to(source)
    assert shelf.saved(tmp_path / "alias").files == 7


def test_sockets_and_pipes_are_never_opened_and_are_told(source: Path, shelf: Shelf):
    os.mkfifo(source / "pipe")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(source / "socket"))
        saved = shelf.saved(source)
    assert saved.troubles.plain() == {"special": {"count": 2, "names": ["pipe", "socket"]}}
    assert not saved.troubles.are_bad
    assert not {"pipe", "socket"} & set(names(shelf))


def test_patterns_leave_out_names_and_paths(source: Path, shelf: Shelf):
    (source / "cache").mkdir()
    (source / "cache" / "x").write_text("x")
    (source / "invoices" / "cache").mkdir()
    (source / "a.log").write_text("x")
    (source / "invoices" / "b.log").write_text("x")
    shelf.saved(source, exclude=["*.log", "cache/*", "*/2026"])
    assert not [name for name in names(shelf) if name.endswith(".log") or name.startswith("cache/") or "2026" in name]
    assert {"cache", "invoices/cache", "invoices/note.txt"} <= set(names(shelf))


def test_what_cannot_be_read_is_named_and_all_else_is_saved(source: Path, shelf: Shelf, tmp_path: Path):
    (source / "invoices" / "note.txt").chmod(0)
    (source / "empty").chmod(0)
    tmp_path.chmod(0o777)
    for above in tmp_path.parents[:3]:
        above.chmod(above.stat().st_mode | 0o011)
    with as_nobody():
        saved = shelf.saved(source)
    assert saved.troubles.plain()["unreadable"] == {"count": 2, "names": ["empty", "invoices/note.txt"]}
    assert saved.troubles.are_bad
    shelf.archive.chmod(0o644)
    shelf.read()
    assert "invoices/2026/A-1.pdf" in names(shelf)


class Busy:
    """Somebody who works in the folder at the very moment at which a file is read."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, act) -> None:
        original = _Saving._pieces

        def pieces(saving, path, stream, before):
            if path == "busy":
                act()
            yield from original(saving, path, stream, before)

        monkeypatch.setattr(_Saving, "_pieces", pieces)


def rewrite(file: Path) -> None:
    file.write_bytes(b"2" * 5000)
    os.utime(file, (1, 1))


def grow(file: Path) -> None:
    with file.open("ab") as stream:
        stream.write(b"more")


def shrink(file: Path) -> None:
    os.truncate(file, 10)


@pytest.mark.parametrize("act", [rewrite, grow, shrink])
def test_what_changes_under_the_hand_is_named_and_the_archive_stays_whole(
    source: Path, shelf: Shelf, monkeypatch: pytest.MonkeyPatch, act
):
    busy = source / "busy"
    busy.write_bytes(b"1" * 5000)
    Busy(monkeypatch, lambda: act(busy))
    saved = shelf.saved(source)
    assert saved.troubles.plain() == {"changed": {"count": 1, "names": ["busy"]}}
    shelf.read()


def test_what_vanishes_is_named(source: Path, shelf: Shelf, monkeypatch: pytest.MonkeyPatch):
    for name in ("busy", "later"):
        (source / name).write_text("x")
    Busy(monkeypatch, (source / "later").unlink)
    assert shelf.saved(source).troubles.plain() == {"vanished": {"count": 1, "names": ["later"]}}
    shelf.read()


def test_what_turns_into_a_link_is_not_followed(source: Path, shelf: Shelf, monkeypatch: pytest.MonkeyPatch):
    for name in ("busy", "later"):
        (source / name).write_text("x")

    def swap() -> None:
        (source / "later").unlink()
        (source / "later").symlink_to("/etc/passwd")

    Busy(monkeypatch, swap)
    shelf.saved(source)
    assert {entry.path: entry.kind for entry in shelf.entries()}["later"] == "link"


def test_a_folder_of_folders_without_end_is_told_and_ends(tmp_path: Path, shelf: Shelf):
    deep = os.open(tmp_path, os.O_RDONLY)
    for _level in range(300):
        os.mkdir("d", dir_fd=deep)
        below = os.open("d", os.O_RDONLY, dir_fd=deep)
        os.close(deep)
        deep = below
    os.close(deep)
    saved = shelf.saved(tmp_path / "d")
    assert saved.troubles.counts[Why.UNREADABLE] == 1
    shelf.read()


def test_the_canary_is_written_anew_and_through_no_link(source: Path, shelf: Shelf, tmp_path: Path):
    (tmp_path / "victim").write_text("untouched")
    (source / NAME).symlink_to(tmp_path / "victim")
    first, second = shelf.saved(source).canary, None
    assert first is not None
    root = os.open(source, os.O_RDONLY)
    second = write_canary(root)
    os.close(root)
    assert second is not None
    assert first.id != second.id
    assert json.loads((source / NAME).read_text()) == second.plain()
    assert (tmp_path / "victim").read_text() == "untouched"
    assert {entry.path: entry.kind for entry in shelf.entries()}[NAME] == "file"


def test_a_source_that_takes_no_canary_is_saved_without_one(source: Path, shelf: Shelf):
    (source / NAME).mkdir()
    assert shelf.saved(source).canary is None
    shelf.read()


def test_work_that_has_to_end_ends(source: Path, shelf: Shelf):
    def stop() -> None:
        raise Stopped

    with pytest.raises(Stopped):
        shelf.saved(source, look=stop)


@pytest.mark.parametrize(("name", "code"), [("away", "folder_missing"), ("file", "folder_is_none")])
def test_a_source_that_is_no_folder_is_told(tmp_path: Path, shelf: Shelf, name: str, code: str):
    (tmp_path / "file").write_text("x")
    with pytest.raises(ToolError) as refused:
        shelf.saved(tmp_path / name)
    assert (refused.value.code, "%" in refused.value.message) == (code, False)


def test_a_folder_that_may_not_be_read_is_told(tmp_path: Path, shelf: Shelf):
    (tmp_path / "closed").mkdir(mode=0o700)
    with as_nobody(), pytest.raises(ToolError) as refused:
        shelf.saved(tmp_path / "closed")
    assert refused.value.code in {"folder_not_readable", "folder_missing"}


def test_a_place_for_copies_inside_is_left_out_by_whatever_name_it_goes(source: Path, shelf: Shelf, tmp_path: Path):
    copies = source / "copies"
    copies.mkdir()
    (copies / "old").write_text("x")
    where_not = avoided([str(tmp_path / "elsewhere"), str(copies)])
    bound = type(where_not)(folders=where_not.folders, devices=where_not.devices)
    saved = shelf.saved(source, avoided=bound)
    assert saved.troubles.plain() == {"special": {"count": 1, "names": ["copies"]}}
