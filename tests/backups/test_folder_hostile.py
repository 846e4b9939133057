"""Archives by an enemy who can write to the repository, and to the list beside it: nothing of them gets out.

Each one is first unpacked as careless programs do it, and does its harm; then as the product does it.
"""

import io
import os
import stat
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from backups.adapters.errors import DiskFull, DiskLimit, Stopped, ToolError
from backups.adapters.folder import compare, restore, restored
from backups.adapters.folder.compressed import zstd
from backups.adapters.folder.errors import ArchiveDamaged, ArchiveHostile, ArchiveNotAsListed, ListDamaged
from backups.adapters.folder.listing import LONGEST_LINE
from backups.adapters.sandbox import Sandbox
from tests.backups.folders import Shelf, fill, line, member
from tests.backups.lab import IS_ROOT, MEBIBYTE, SHORT, disk_of, sandbox

REFUSALS = (ArchiveDamaged, ArchiveHostile, ArchiveNotAsListed, ListDamaged)


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path)


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    with sandbox() as shared:
        yield shared


@dataclass
class Attack:
    """An archive, the list that agrees with it as far as a list can, and the harm that shows it worked."""

    members: list[tuple[tarfile.TarInfo, bytes]]
    lines: list[dict[str, Any]]
    harm: Callable[[Path], bool]
    needs_root: bool = field(default=False)


def outside(place: Path) -> Path:
    """Beside the folder into which is unpacked."""
    return place.parent / "outside"


ATTACKS = {
    "a name that climbs out": Attack(
        [(member("../outside", size=4), b"evil")],
        [line("../outside", content=b"evil")],
        lambda place: outside(place).is_file(),
    ),
    "a name that climbs out of a folder": Attack(
        [(member("a", tarfile.DIRTYPE, mode=0o755), b""), (member("a/../../outside", size=4), b"evil")],
        [line("a", "folder", mode=0o755), line("a/../../outside", content=b"evil")],
        lambda place: outside(place).is_file(),
    ),
    "a link, and a file through it": Attack(
        [(member("way", tarfile.SYMTYPE, target=".."), b""), (member("way/outside", size=4), b"evil")],
        [line("way", "link", target=".."), line("way/outside", content=b"evil")],
        lambda place: outside(place).is_file(),
    ),
    "a hard link out": Attack(
        [(member("link", tarfile.LNKTYPE, target="../victim"), b"")],
        [line("link", "link", target="../victim")],
        lambda place: (place / "link").exists() and (place / "link").stat().st_nlink > 1,
    ),
    "a device": Attack(
        [(member("null", tarfile.CHRTYPE), b"")],
        [line("null")],
        lambda place: stat.S_ISCHR((place / "null").lstat().st_mode),
        needs_root=True,
    ),
    "a pipe": Attack(
        [(member("pipe", tarfile.FIFOTYPE), b"")],
        [line("pipe")],
        lambda place: stat.S_ISFIFO((place / "pipe").lstat().st_mode),
    ),
}


def undefended(shelf: Shelf, place: Path) -> None:
    """As a careless program unpacks it."""
    with shelf.archive.open("rb") as packed:
        plain = io.BytesIO(zstd.decompress(packed.read()))
    with tarfile.open(fileobj=plain) as archive:
        archive.extractall(place, filter="fully_trusted")  # noqa: S202 - what must not happen


def unpacked(box: Sandbox, shelf: Shelf) -> Path:
    """As the product unpacks it; the folder on the host."""
    name = f"f{len(list(box.folder.iterdir()))}"
    with shelf.archive.open("rb") as archive:
        restore(box, archive, shelf.entries(), name)
    return box.folder / name


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_that_works_on_others_is_refused(name: str, shelf: Shelf, tmp_path: Path, box: Sandbox):
    attack = ATTACKS[name]
    shelf.write(attack.members, *attack.lines)
    if IS_ROOT or not attack.needs_root:
        (tmp_path / "victim").write_text("secret")
        place = tmp_path / "careless"
        place.mkdir()
        undefended(shelf, place)
        assert attack.harm(place)
    before = set(box.folder.parent.rglob("*"))
    with pytest.raises(REFUSALS):
        shelf.read()
    with pytest.raises(REFUSALS):
        unpacked(box, shelf)
    made = {path.name for path in set(box.folder.parent.rglob("*")) - before}
    assert not made & {"outside", "link", "null", "pipe"}


def test_an_absolute_name_is_refused(shelf: Shelf, tmp_path: Path, box: Sandbox):
    target = str(tmp_path / "absolute")
    shelf.write([(member(target, size=4), b"evil")], line(target, content=b"evil"))
    undefended(shelf, tmp_path)
    assert Path(target).read_text() == "evil"
    Path(target).unlink()
    with pytest.raises(REFUSALS):
        unpacked(box, shelf)
    assert not Path(target).exists()


def test_the_marks_of_root_do_not_come_back(shelf: Shelf, tmp_path: Path, box: Sandbox):
    shelf.write([(member("su", size=4, mode=0o6755), b"evil")], line("su", content=b"evil", mode=0o6755))
    (tmp_path / "careless").mkdir()
    undefended(shelf, tmp_path / "careless")
    assert (tmp_path / "careless" / "su").stat().st_mode & stat.S_ISUID
    restored_mode = (unpacked(box, shelf) / "su").stat().st_mode
    assert not restored_mode & (stat.S_ISUID | stat.S_ISGID)


def test_names_like_options_and_commands_are_names(shelf: Shelf, box: Sandbox):
    odd = ["--checkpoint-action=exec=sh x", "-rf", "$(touch marker)", "; touch marker", "a\nb", "\x1b[2J", "*"]
    names = sorted(odd, key=os.fsencode)
    shelf.write([(member(name), b"") for name in names], *[line(name) for name in names])
    assert sorted((path.name for path in unpacked(box, shelf).iterdir()), key=os.fsencode) == names


@pytest.mark.parametrize(
    "lines",
    [
        [line("a"), line("a")],
        [line("b"), line("a")],
        [line("a/b")],
        [line("a", "folder"), line("b/c")],
        [line("/etc/passwd")],
        [line("")],
        [line(".")],
        [line("a/./b")],
        [line("a\x00b")],
        [line("\ud800")],
        [line("x" * 256)],
        [line("a", size=-1)],
        [line("a", size=True)],
        [line("a", size=1.5)],
        [line("a", size=2**70)],
        [line("a", mode=0o170777)],
        [line("a", mtime="now")],
        [line("a", mtime=2**62)],
        [line("a", sha256="A" * 64)],
        [line("a", kind="device")],
        [line("a", kind=["file"])],
        [line("a", "link", target="")],
        [line("a", "link", target="x" * 5000)],
        [line("a", extra=1)],
        [["a"]],
        ["x" * (LONGEST_LINE + 1)],
    ],
)
def test_a_list_that_lies_is_not_followed(shelf: Shelf, lines: list[Any]):
    shelf.write([], *lines)
    with pytest.raises(REFUSALS):
        shelf.read()


@pytest.mark.parametrize("raw", [b"{", b"[" * 50_000 + b"\n", b"{}\n", b"\xff\n", b"1e999\n", b'{"path": "a"}'])
def test_a_list_that_is_none_is_told_as_damaged(shelf: Shelf, raw: bytes):
    shelf.write([])
    shelf.contents.write_bytes(raw)
    with pytest.raises(ListDamaged):
        shelf.read()


def test_a_list_that_was_changed_after_it_was_saved_is_refused(shelf: Shelf, tmp_path: Path):
    (tmp_path / "app").mkdir()
    shelf.saved(fill(tmp_path / "app"))
    entries = shelf.entries()
    next(entries)
    shelf.contents.write_bytes(shelf.contents.read_bytes().replace(b"note.txt", b"nope.txt"))
    with pytest.raises(ListDamaged):
        list(shelf.entries(most=3))


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"mode": 0o600}, ArchiveNotAsListed),
        ({"mtime": 5}, ArchiveNotAsListed),
        ({"size": 3}, ArchiveNotAsListed),
        ({"sha256": "0" * 64}, ArchiveNotAsListed),
        ({"path": "other"}, ArchiveNotAsListed),
    ],
)
def test_an_archive_that_is_not_as_listed_is_refused(shelf: Shelf, change: dict[str, Any], refusal: type[ToolError]):
    shelf.write([(member("name", size=4), b"good")], line("name", content=b"good") | change)
    with pytest.raises(refusal):
        shelf.read()


def test_more_than_is_listed_is_refused_at_once(shelf: Shelf):
    shelf.write([(member(f"{number:05}"), b"") for number in range(300)], line("00000"))
    with pytest.raises(ArchiveNotAsListed):
        shelf.read()


def test_more_entries_than_were_counted_are_refused_at_once(shelf: Shelf):
    names = [f"{number:05}" for number in range(50)]
    shelf.write([(member(name), b"") for name in names], *[line(name) for name in names])
    with pytest.raises(ListDamaged):
        list(shelf.entries(most=49))


def test_less_than_is_listed_is_refused(shelf: Shelf):
    shelf.write([(member("a"), b"")], line("a"), line("b"))
    with pytest.raises(ArchiveNotAsListed):
        shelf.read()


def test_a_bomb_is_not_unpacked(shelf: Shelf, box: Sandbox):
    """Zeros without end in a few kilobytes, which the list knows nothing of."""
    shelf.write([], line("a", content=b"x"))
    zeros = bytes(MEBIBYTE) * 16
    packer = zstd.ZstdCompressor()
    packed = packer.compress(member("a", size=2**31).tobuf(tarfile.GNU_FORMAT))
    packed += b"".join(packer.compress(zeros) for _piece in range(4)) + packer.flush()
    shelf.archive.write_bytes(packed)
    assert len(packed) < MEBIBYTE // 8
    with pytest.raises(ArchiveNotAsListed):
        unpacked(box, shelf)


def test_a_bomb_that_is_listed_meets_the_bound_of_the_sandbox(shelf: Shelf):
    content = bytes(24 * MEBIBYTE)
    shelf.write([(member("a", size=len(content)), content)], line("a", content=content))
    assert shelf.archive.stat().st_size < 10_000
    with sandbox(**disk_of(8 * MEBIBYTE)) as small, pytest.raises((DiskFull, DiskLimit)):
        unpacked(small, shelf)


def test_a_frame_that_wants_too_much_memory_is_refused(shelf: Shelf):
    shelf.write([], line("a"))
    options: dict[int, int] = {zstd.CompressionParameter.window_log: 27, zstd.CompressionParameter.checksum_flag: 1}
    packer = zstd.ZstdCompressor(options=options)
    shelf.archive.write_bytes(packer.compress(member("a").tobuf() + bytes(1024)) + packer.flush(packer.FLUSH_BLOCK))
    with pytest.raises(ArchiveDamaged):
        shelf.read()


@pytest.mark.parametrize(
    "kind", [tarfile.GNUTYPE_SPARSE, tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.CONTTYPE, b"V", b"Z"]
)
def test_other_kinds_of_headers_are_refused_unread(shelf: Shelf, kind: bytes):
    """Among them a sparse file of 50 gibibytes, and an extended header that gives itself eight."""
    shelf.write([], line("a"))
    shelf.put(member("a", kind, size=0o77777777777).tobuf(tarfile.GNU_FORMAT) + bytes(1024))
    with pytest.raises(ArchiveHostile):
        shelf.read()


def test_a_long_name_without_end_is_refused_unread(shelf: Shelf):
    shelf.write([], line("a"))
    shelf.put(member("././@LongLink", tarfile.GNUTYPE_LONGNAME, size=2**40).tobuf(tarfile.GNU_FORMAT) + bytes(1024))
    with pytest.raises(ArchiveHostile):
        shelf.read()


@pytest.fixture
def whole(shelf: Shelf, tmp_path: Path) -> Shelf:
    (tmp_path / "app").mkdir()
    shelf.saved(fill(tmp_path / "app"))
    return shelf


def flipped(raw: bytes) -> bytes:
    return raw[: len(raw) // 2] + bytes([raw[len(raw) // 2] ^ 1]) + raw[len(raw) // 2 + 1 :]


@pytest.mark.parametrize(
    "damage",
    [flipped, lambda raw: raw[: len(raw) // 2], lambda raw: raw[:-5], lambda raw: b"", lambda raw: raw + b"more",
     lambda raw: raw + raw, lambda raw: os.urandom(len(raw))],
    ids=["flipped", "half", "end cut", "empty", "more", "twice", "noise"],
)  # fmt: skip
def test_a_damaged_archive_is_told_as_damaged(whole: Shelf, damage: Callable[[bytes], bytes]):
    whole.archive.write_bytes(damage(whole.archive.read_bytes()))
    with pytest.raises((ArchiveDamaged, ArchiveNotAsListed)):
        whole.read()


def test_a_tar_that_was_cut_between_two_members_is_told(shelf: Shelf):
    shelf.write([], line("a"), line("b"))
    shelf.put(member("a").tobuf(tarfile.GNU_FORMAT))
    with pytest.raises(ArchiveDamaged):
        shelf.read()


def test_what_comes_back_is_compared_file_by_file(whole: Shelf, box: Sandbox):
    place = unpacked(box, whole)

    def difference() -> list[str]:
        with restored(box, place.name) as root:
            return compare(root, whole.entries()).names

    assert difference() == []
    for spoil, name in (
        (lambda: (place / "invoices" / "note.txt").write_text("opeNed\n"), "invoices/note.txt"),
        ((place / "latest").unlink, "latest"),
        (lambda: (place / "more").symlink_to("/etc/passwd"), "more"),
        (lambda: os.mkfifo(place / "zpipe"), "zpipe"),
    ):
        before = difference()
        spoil()
        assert set(difference()) - set(before) == {name}


def test_nothing_is_unpacked_once_the_sandbox_has_to_end(whole: Shelf):
    with sandbox(limits=SHORT) as late:
        late.stop.set()
        with pytest.raises(Stopped):
            unpacked(late, whole)
