"""Files of incidents: what is taken in, what is refused, and who gets them."""

import zipfile
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from common.files import FileTooBig, path_of
from incidents import services
from incidents.choices import EventKind
from incidents.errors import Disguised, EmptyFile, FileRefused, IsOver, Program, TooManyFiles, WebPage
from incidents.models import Attachment, Incident, TimelineEvent
from incidents.services import attaching
from ledger.models import Entry
from people.choices import Role
from tests.incidents.factories import person, reported, responder

pytestmark = pytest.mark.django_db

PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
JPEG = b"\xff\xd8\xff\xe0 a photo"


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    return tmp_path


def attached(incident, content=PNG, name="photo.png", *, by=None, **more) -> Attachment:
    return services.attach(incident_id=incident.pk, stream=BytesIO(content), name=name, by=by, **more)


def archive(*names: str, hidden: bytes = b"x") -> bytes:
    written = BytesIO()
    with zipfile.ZipFile(written, "w") as file:
        for name in names:
            file.writestr(name, hidden)
    return written.getvalue()


def heif() -> bytes:
    return b"\0\0\0\x18ftypheic" + bytes(40)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("photo.png", PNG),
        ("IMG_1.JPEG", JPEG),
        ("IMG_2.HEIC", heif()),
        ("scan.pdf", b"%PDF-1.7 scan"),
        ("bericht.docx", archive("word/document.xml")),
        ("logs.zip", archive("a.log")),
        ("film.mov", b"\0\0\0\x14ftypqt  "),
        ("note.txt", "发票不见了".encode()),
        ("note.txt", "发票不见了".encode("gb18030")),
        ("app.log", b"MZ is no program\n"),
        ("mail.eml", b"Subject: x\n\n<html><body>quoted</body></html>"),
        ("memo.amr", b"#!AMR\n\x3c\x91"),
        ("image", PNG),
        ("data.xml", b"<?xml version='1.0'?><order/>"),
        ("core.17", b"\x00\x01\x02 dump"),
        ("old.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 x"),
    ],
)
def test_what_people_really_send_is_taken_in(name, content):
    incident = reported()
    file = attached(incident, content, name)
    assert (file.name, file.file.size_bytes, len(file.sha256)) == (name, len(content), 64)


@pytest.mark.parametrize(
    ("refusal", "name", "content"),
    [
        (Program, "photo.png", b"MZ\x90\x00" + bytes(60)),
        (Program, "photo.jpg", b"\x7fELF\x02\x01" + bytes(9)),
        (Program, "scan.pdf", b"\xcf\xfa\xed\xfe\x07" + bytes(9)),
        (Program, "notes.txt", b"#!/bin/sh\nrm -rf ~\n"),
        (Program, "invoice.pdf.exe", b"harmless"),
        (Program, "run.ps1", b"harmless"),
        (Program, "Main.class", b"\xca\xfe\xba\xbe\x00"),
        (Program, "photo.png", archive("META-INF/MANIFEST.MF", "A.class")),
        (Program, "app.zip", archive("AndroidManifest.xml")),
        (Program, "bill.docx", archive("word/vbaProject.bin")),
        (Program, "x.lnk", b"L\0\0\0\x01\x14\x02\0"),
        (Program, "notes.txt", b"\xef\xbb\xbf#!/usr/bin/env python\n"),
        (WebPage, "photo.png", b"<svg onload='alert(1)'/>"),
        (WebPage, "photo.svg", PNG),
        (WebPage, "a.html", b"text"),
        (WebPage, "a.txt", b"\n <!DOCTYPE html><html>"),
        (WebPage, "a.xml", b"<?xml version='1.0'?>\n<svg xmlns='x'><script/>"),
        (Disguised, "photo.png", archive("a.log")),
        (Disguised, "photo.png", JPEG),
        (Disguised, "photo.png", b"only text"),
        (Disguised, "photo.png", b"\x00\x01\x02"),
        (Disguised, "scan.pdf", PNG),
        (Disguised, "report.txt", PNG),
        (Disguised, "photo.png", PNG + archive("Evil.class")),
        (Disguised, "photo.jpg", JPEG + archive("x")),
        (EmptyFile, "photo.png", b""),
    ],
)
def test_programs_pages_and_disguises_are_refused_and_nothing_is_kept(own_folder, refusal, name, content):
    incident = reported()
    with pytest.raises(refusal) as said:
        attached(incident, content, name)
    assert said.value.status == 415
    assert name in str(said.value)
    assert not Attachment.objects.exists()
    assert not [path for path in (own_folder / "files").rglob("*") if path.is_file() and path.name != ".lock"]


def test_a_name_of_a_program_is_found_across_two_pieces():
    class Slowly(BytesIO):
        def read(self, size=-1, /):
            return super().read(7)

    content = archive("a/very/long/name/before/it.txt", "META-INF/MANIFEST.MF")
    with pytest.raises(Program):
        services.attach(incident_id=reported().pk, stream=Slowly(content), name="logs.zip", by=None)


def test_an_archive_that_would_unpack_to_much_is_only_kept():
    bomb = BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("zeros", bytes(20_000_000))
    assert attached(reported(), bomb.getvalue(), "logs.zip").file.size_bytes < 100_000


def test_more_than_the_limit_is_refused_while_it_is_read(monkeypatch):
    monkeypatch.setattr(attaching, "LIMIT_BYTES", 1024)

    class Endless:
        taken = 0

        def read(self, size, /):
            self.taken += size
            return b"a" * size

    endless = Endless()
    with pytest.raises(FileTooBig):
        services.attach(incident_id=reported().pk, stream=endless, name="x.txt", by=None)
    assert endless.taken < 1_000_000


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.png", "passwd.png"),
        ("C:\\photos\\a.png", "a.png"),
        ("a\r\nSet-Cookie: x.png", "aSet-Cookie: x.png"),
        ("\u202egnp.exe.png", "gnp.exe.png"),
        ("é" * 300 + ".png", "é" * 196 + ".png"),
        ("  .png", "png"),
    ],
)
def test_names_are_made_safe(given, kept):
    assert attached(reported(), PNG, given).name == kept


def test_the_timeline_shows_it_and_the_ledger_keeps_its_digest_but_not_its_name():
    incident, by = reported(), responder()
    file = attached(incident, name="Bob's salary.png", by=by)
    event = TimelineEvent.objects.get(kind=EventKind.ATTACHED)
    assert (event.sentence, event.by, event.url) == ("Added Bob's salary.png", by, file.get_absolute_url())
    entry = Entry.objects.get(verb="incident.file_attached")
    assert entry.data["sha256"] == file.sha256
    assert "salary" not in str(entry.data)


def test_files_of_workers_are_theirs_until_they_say_otherwise_and_those_of_reporters_are_shown():
    reporter = person(Role.REPORTER)
    incident = reported(by=reporter)
    assert not attached(incident, by=responder()).is_public
    assert attached(incident, by=responder(), is_public=True).is_public
    assert attached(incident, by=reporter).is_public
    by_link = attached(incident)
    assert (by_link.by_link, by_link.added_by, by_link.is_public, by_link.is_from_reporter) == (True, None, True, True)


def test_reporters_add_nothing_to_what_is_over_for_long_and_workers_still_may():
    incident, by = reported(), responder()
    services.cancel(incident_id=incident.pk, by=by, reason="A mistake")
    assert attached(incident)
    Incident.objects.update(cancelled_at=timezone.now() - timedelta(days=8))
    with pytest.raises(IsOver):
        attached(incident)
    assert attached(incident, by=by)


def test_reporters_can_not_fill_the_disk(monkeypatch):
    monkeypatch.setattr(attaching, "FROM_REPORTERS", 2)
    incident = reported()
    attached(incident)
    attached(incident)
    with pytest.raises(TooManyFiles, match="2 files"):
        attached(incident)
    assert attached(incident, by=responder())


@pytest.mark.parametrize("wrong", [{"name": ""}, {"by_link": True, "is_public": False}, {"is_from_reporter": True}])
def test_the_database_refuses_what_no_file_is(wrong):
    file = attached(reported(), by=responder())
    with pytest.raises(IntegrityError), transaction.atomic():
        Attachment.objects.filter(pk=file.pk).update(**wrong)


# giving them out


def browser(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_a_file_is_saved_and_never_opened():
    incident = reported()
    file = attached(incident, b"<note> 1 < 2", "notes.txt")
    answer = Client().get(file.tracking_url)
    assert b"".join(answer.streaming_content) == b"<note> 1 < 2"
    assert answer["Content-Disposition"] == 'attachment; filename="notes.txt"'
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert "no-store" in answer["Cache-Control"]


def test_pictures_are_shown_and_nothing_else_is():
    incident = reported()
    picture, text = attached(incident), attached(incident, b"text", "a.txt")
    shown = Client().get(f"{picture.tracking_url}picture/")
    assert (shown["Content-Type"], shown["Content-Disposition"]) == ("image/png", 'inline; filename="photo.png"')
    assert shown["Content-Security-Policy"].startswith("sandbox")
    assert Client().get(f"{text.tracking_url}picture/").status_code == 404


def test_bytes_that_changed_on_the_disk_are_not_shown():
    picture = attached(reported())
    Path(path_of(picture.sha256)).write_bytes(b"<svg onload='alert(1)'/>")
    assert Client().get(f"{picture.tracking_url}picture/").status_code == 404


def test_bytes_that_somebody_removed_are_not_there():
    picture = attached(reported())
    Path(path_of(picture.sha256)).unlink()
    assert Client().get(picture.tracking_url).status_code == 404


def test_who_has_the_link_gets_what_is_public_and_nothing_of_another_report():
    incident, other = reported(), reported()
    kept, public = attached(incident, by=responder()), attached(incident)
    assert Client().get(kept.tracking_url).status_code == 404
    assert Client().get(public.tracking_url).status_code == 200
    elsewhere = public.tracking_url.replace(incident.tracking_token, other.tracking_token)
    assert Client().get(elsewhere).status_code == 404


def test_who_joined_gets_what_is_meant_for_all_and_not_what_the_reporter_sent():
    incident, joined = reported(), person(Role.REPORTER)
    services.join(incident_id=incident.pk, by=joined)
    theirs, for_all = attached(incident), attached(incident, by=responder(), is_public=True)
    client = browser(joined)
    assert client.get(theirs.get_absolute_url()).status_code == 404
    assert client.get(for_all.get_absolute_url()).status_code == 200
    assert client.get(f"/incidents/{incident.reference}/").text.count("Added photo.png") == 1


def test_a_stranger_finds_no_file():
    file = attached(reported())
    assert browser(person(Role.REPORTER)).get(file.get_absolute_url()).status_code == 404
    assert browser(responder()).get(file.get_absolute_url()).status_code == 200


def test_every_refusal_is_of_one_family():
    assert {each.code for each in (Program, WebPage, Disguised, EmptyFile)} == {FileRefused.code}
