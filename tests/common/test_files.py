"""Files are taken in whole or not at all, once, and under no name of somebody else's choice."""

import errno
import os
import threading
from datetime import timedelta
from io import BytesIO

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from common import files
from common.files import FileTooBig, StorageFull, open_file, remove_orphans, store
from common.models import Heartbeat, StoredFile
from common.signals import sweep

pytestmark = pytest.mark.django_db

PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    return tmp_path


def lying_about(folder):
    """Names of all bytes that lie in the folder."""
    return sorted(path.name for path in (folder / "files").rglob("*") if path.is_file() and path.name != ".lock")


def make_older(folder, **age):
    for path in (folder / "files").rglob("*"):
        moment = (timezone.now() - timedelta(**age)).timestamp()
        os.utime(path, (moment, moment))


def test_what_was_stored_comes_back(own_folder):
    stored = store(BytesIO(PNG), name="photo.png")
    with open_file(stored) as file:
        assert file.read() == PNG
    assert (stored.name, stored.content_type, stored.size_bytes) == ("photo.png", "image/png", len(PNG))
    assert (own_folder / "files" / stored.sha256[:2] / stored.sha256).stat().st_mode & 0o077 == 0


def test_equal_files_lie_once(own_folder):
    first, second = store(BytesIO(PNG), name="a.png"), store(BytesIO(PNG), name="b.png")
    assert first.sha256 == second.sha256
    assert lying_about(own_folder) == [first.sha256]
    assert StoredFile.objects.count() == 2


@pytest.mark.parametrize(
    ("content", "expected"),
    [(PNG, "image/png"), (b"\xff\xd8\xff\xe0 jpeg", "image/jpeg"), (b"%PDF-1.7 ...", "application/pdf"),
     (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"), ("Größe 大小\n".encode(), "text/plain"),
     (b"<svg onload='alert(1)'/>", "text/plain"), (b"<html><script>", "text/plain"),
     (b"MZ\x90\x00", "application/octet-stream"),
     (b"\xff\xfea\x00", "application/octet-stream"), ("大".encode()[:2], "application/octet-stream"),
     (b"", "application/octet-stream"), (b"a\x00b", "application/octet-stream")],
)  # fmt: skip
def test_the_type_is_told_from_the_content_alone(content, expected):
    assert store(BytesIO(content), name="harmless.png").content_type == expected


def test_text_is_text_when_its_characters_are_cut_by_the_reading():
    class OneByOne(BytesIO):
        def read(self, size=-1):
            return super().read(1)

    stored = store(OneByOne("备份 ok".encode()), name="x")
    assert stored.content_type == "text/plain"
    assert store(OneByOne(PNG), name="x").content_type == "image/png"


def test_a_file_that_is_too_big_is_refused_and_leaves_nothing(own_folder):
    with pytest.raises(FileTooBig, match="at most 1 MB"):
        store(BytesIO(bytes(1024 * 1024 + 1)), name="big", limit_bytes=1024 * 1024)
    assert lying_about(own_folder) == []
    assert not StoredFile.objects.exists()


def test_a_full_disk_is_said_and_leaves_nothing(own_folder):
    class Full(BytesIO):
        def read(self, size=-1):
            raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(StorageFull, match="disk is full"):
        store(Full(), name="x")
    assert lying_about(own_folder) == []


@pytest.mark.parametrize(
    ("given", "kept"),
    [("../../etc/passwd", "passwd"), ("C:\\Users\\bob\\a.txt", "a.txt"),
     ("a\r\nSet-Cookie: x.txt", "aSet-Cookie: x.txt"),
     ("\u202egnp.exe", "gnp.exe"), ("", "file"), ("...", "file"), ("/", "file"),
     ("x" * 300 + ".pdf", "x" * 196 + ".pdf"),
     ("备份 报告.pdf", "备份 报告.pdf"), ("\x00", "file")],
)  # fmt: skip
def test_a_name_is_only_a_name(given, kept):
    assert store(BytesIO(b"x"), name=given).name == kept


def test_bytes_of_an_undone_transaction_are_removed_after_a_day(own_folder):
    with pytest.raises(ZeroDivisionError), transaction.atomic():  # noqa: PT012  the block is what is undone
        store(BytesIO(b"lost"), name="lost")
        1 / 0  # noqa: B018
    kept = store(BytesIO(b"kept"), name="kept")
    assert remove_orphans(now=timezone.now()) == 0
    make_older(own_folder, days=1, minutes=1)
    (own_folder / "files" / "incoming" / "half").write_bytes(b"left by a crash")
    os.utime(own_folder / "files" / "incoming" / "half", (0, 0))
    assert remove_orphans(now=timezone.now()) == 2
    assert lying_about(own_folder) == [kept.sha256]


def test_the_database_is_asked_once_for_many_and_nobody_waits_where_nothing_goes(own_folder, monkeypatch):
    for number in range(12):
        store(BytesIO(bytes([number])), name="kept")
    # All in one of the folders, as where there are very many.
    only = own_folder / "files" / "00"
    for path in [path for path in (own_folder / "files").glob("*/*") if path.is_file()]:
        only.mkdir(exist_ok=True)
        path.rename(only / path.name)
    make_older(own_folder, days=2)
    monkeypatch.setattr(files, "_locked", pytest.fail)
    monkeypatch.setattr(files, "BATCH", 6)
    with CaptureQueriesContext(connection) as queries:
        assert remove_orphans(now=timezone.now()) == 0
    assert len(queries) == 2


def test_an_old_orphan_that_is_stored_again_is_young_again(own_folder):
    stored = store(BytesIO(b"again"), name="x")
    StoredFile.objects.all().delete()
    make_older(own_folder, days=2)
    store(BytesIO(b"again"), name="x")
    StoredFile.objects.all().delete()  # as another transaction sees it, before ours commits
    assert remove_orphans(now=timezone.now()) == 0
    assert lying_about(own_folder) == [stored.sha256]


def test_the_sweep_looks_once_an_hour(own_folder):
    now = timezone.now()
    sweep.send(sender=None, now=now)
    sweep.send(sender=None, now=now + timedelta(minutes=59))
    assert Heartbeat.objects.get(name="orphans").at == now
    sweep.send(sender=None, now=now + timedelta(minutes=61))
    assert Heartbeat.objects.get(name="orphans").at > now


def test_many_who_store_the_same_at_once_all_have_it(own_folder):
    starts = threading.Barrier(6)
    taken = []

    def take_in():
        starts.wait()
        taken.append(files._take_in(BytesIO(PNG * 1000), files.LIMIT_BYTES))

    threads = [threading.Thread(target=take_in) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == 6
    assert len(set(taken)) == 1
    assert lying_about(own_folder) == [taken[0][0]]
