"""Bringing a file into a sandbox: an ordinary file, hashed on the way, on a disk that may be full."""

import hashlib
import io
import os

import pytest

from backups.adapters.errors import DiskFull, DiskLimit, FileGone, NoRoom, NotARegularFile, SandboxFailed
from tests.backups.lab import MEBIBYTE, disk_of, sandbox


@pytest.fixture
def box():
    with sandbox() as made:
        yield made


def test_a_file_arrives_whole_and_its_digest_is_told(box, tmp_path):
    content = os.urandom(3 * MEBIBYTE + 7)
    (tmp_path / "source").write_bytes(content)
    put = box.put(tmp_path / "source", "database.dump")
    assert (put.bytes, put.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    assert box.run(["cat", box.inside("database.dump")], keep_output=len(content)).output == content


def test_a_stream_arrives_too(box):
    assert box.put(io.BytesIO(b"abc"), "stream").sha256 == hashlib.sha256(b"abc").hexdigest()


@pytest.mark.parametrize("kind", ["link", "folder", "fifo"])
def test_only_an_ordinary_file_is_opened(box, tmp_path, kind):
    source = tmp_path / kind
    makers = {
        "link": lambda: source.symlink_to("/etc/passwd"),
        "folder": source.mkdir,
        "fifo": lambda: os.mkfifo(source),
    }
    makers[kind]()
    with pytest.raises(NotARegularFile, match=f"{kind} is not an ordinary file"):
        box.put(source, "database.dump")


def test_a_file_that_is_gone_is_a_sentence(box, tmp_path):
    with pytest.raises(FileGone, match="nothing cannot be read"):
        box.put(tmp_path / "nothing", "database.dump")


@pytest.mark.parametrize("name", ["../out", "a/b", "", ".hidden", "-rf"])
def test_a_name_cannot_lead_out(box, name):
    with pytest.raises(SandboxFailed):
        box.put(io.BytesIO(b"x"), name)


def test_nothing_is_overwritten(box):
    box.put(io.BytesIO(b"x"), "once")
    with pytest.raises(SandboxFailed):
        box.put(io.BytesIO(b"y"), "once")


def test_a_full_disk_is_said_and_nothing_remains():
    with sandbox(**disk_of(4 * MEBIBYTE)) as box, pytest.raises((DiskFull, DiskLimit)):
        box.put(_Endless(), "big")
    assert not box.folder.exists()


def test_what_cannot_fit_is_refused_beforehand(box):
    with pytest.raises(NoRoom, match=r"needs about .* of free space"):
        box.check_room(1 << 60)


class _Endless(io.RawIOBase):
    def read(self, size=-1):
        return b"\0" * MEBIBYTE
