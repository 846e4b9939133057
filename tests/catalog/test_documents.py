"""The page of a document: its file to be saved, a newer one in its place, and until when it holds."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from catalog import services
from catalog.models import Document
from common import files
from ledger.models import Entry
from people.choices import Role
from people.models import Absence
from tests.catalog.factories import ServiceFactory
from tests.support.people import signed_in, with_key

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def owned(tmp_path, settings):
    """A document, its owner's browser beside it."""
    settings.DATA_DIR = tmp_path
    browser = signed_in(Role.RESPONDER)
    given = {"service": ServiceFactory(), "owner": browser.person, "by": "system:tests"}
    document = services.add_document(title="Maintenance", expires_on=timezone.now().date() + 30 * DAY, **given)
    return document, browser


def paper(content: bytes = b"%PDF-1.7 new", name: str = "../../k-2041.html") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="text/html")


def sent(document: Document, **more) -> dict:
    return {"file": paper(), "version": document.version, "expires_on": "2030-01-31"} | more


def test_the_owner_puts_a_newer_file_in_place_and_says_until_when_it_holds(owned):
    document, browser = owned

    answer = browser.post(document.get_absolute_url(), sent(document))

    document.refresh_from_db()
    assert (answer.status_code, str(document.expires_on)) == (302, "2030-01-31")
    assert document.file.content_type == "application/pdf"  # by its content, whatever it was called
    assert document.file.name == "k-2041.html"
    assert Entry.objects.get(verb="document.file_attached").data["sha256"] == document.file.sha256
    page = browser.get(document.get_absolute_url()).text
    assert "until 31 January 2030" in page
    assert "application/pdf" in page


def test_it_is_saved_and_never_opened(owned):
    document, browser = owned
    browser.post(document.get_absolute_url(), sent(document, file=paper(b"<script>alert(1)</script>", "x.html")))

    saved = browser.get(f"{document.get_absolute_url()}file/")

    assert saved["Content-Type"] == "text/plain"
    assert saved["Content-Disposition"].startswith("attachment;")
    assert saved.getvalue() == b"<script>alert(1)</script>"


def test_others_read_it_and_put_nothing_in_its_place(owned):
    document, _browser = owned
    for role in (Role.MANAGER, Role.AUDITOR, Role.REVIEWER):
        browser = signed_in(role)
        assert 'type="file"' not in browser.get(document.get_absolute_url()).text
        assert browser.post(document.get_absolute_url(), sent(document)).status_code == 403
    document.refresh_from_db()
    assert document.file is None


def test_whoever_does_not_see_the_catalog_finds_nothing(owned):
    document, _browser = owned
    stranger, key = signed_in(Role.REPORTER), with_key(Role.REPORTER)

    assert stranger.get(document.get_absolute_url()).status_code == 404
    assert key.get(f"/api/v1/documents/{document.pk}/file/").status_code == 404
    assert key.post(f"/api/v1/documents/{document.pk}/renew/", {"file": paper()}).status_code == 404


def test_whoever_acts_for_the_owner_may(owned):
    document, browser = owned
    substitute, now = signed_in(Role.REVIEWER), timezone.now()
    Absence.objects.create(person=browser.person, substitute=substitute.person, starts_at=now - DAY, ends_at=now + DAY)

    assert substitute.post(document.get_absolute_url(), sent(document)).status_code == 302


def test_an_auditor_who_owns_it_only_reads(owned):
    document, _browser = owned
    auditor = signed_in(Role.AUDITOR)
    Document.objects.update(owner=auditor.person)

    assert auditor.post(document.get_absolute_url(), sent(document)).status_code == 403


@pytest.mark.parametrize(
    ("wrong", "status", "said"),
    [
        ({"file": ""}, 400, "required"),
        ({"file": SimpleUploadedFile("empty.pdf", b"")}, 400, "empty"),
        ({"expires_on": "yesterday"}, 400, "valid date"),
        ({"version": 9999}, 409, "changed"),
        ({"version": "x"}, 400, "whole number"),
    ],
)
def test_what_cannot_be_taken_is_said_and_changes_nothing(owned, wrong, status, said):
    document, browser = owned

    answer = browser.post(document.get_absolute_url(), sent(document, **wrong))

    document.refresh_from_db()
    assert answer.status_code in {status, 412}
    assert said in answer.text
    assert (document.file, document.version) == (None, 1)


def test_a_file_that_is_too_big_is_refused(owned, monkeypatch):
    document, browser = owned
    monkeypatch.setattr(files.store, "__kwdefaults__", {"limit_bytes": 5})

    answer = browser.post(document.get_absolute_url(), sent(document))

    assert answer.status_code == 413
    assert "too big" in answer.text


class TestByPrograms:
    def test_the_file_and_a_newer_one(self, owned):
        document, _browser = owned
        key, address = with_key(Role.ADMINISTRATOR), f"/api/v1/documents/{document.pk}/"
        assert key.get(f"{address}file/").status_code == 404

        made = key.post(f"{address}renew/", {"file": paper(), "expires_on": "2030-01-31"})

        assert made.status_code == 200
        assert made.json()["expires_on"] == "2030-01-31"
        assert made.json()["file"]["content_type"] == "application/pdf"
        assert key.get(f"{address}file/").getvalue() == b"%PDF-1.7 new"
        again = key.post(f"{address}renew/", {"file": paper(b"two")}, headers={"If-Match": '"1"'})
        assert again.status_code == 412
        assert key.post(f"{address}renew/", {"file": paper(b"two")}).json()["expires_on"] == "2030-01-31"

    def test_who_only_reads_it_and_what_is_no_file(self, owned):
        document, _browser = owned
        address = f"/api/v1/documents/{document.pk}/renew/"

        assert with_key(Role.RESPONDER).post(address, {"file": paper()}).status_code == 403
        key = with_key(Role.ADMINISTRATOR)
        assert key.post(address, {"file": "no file"}).status_code == 400
        assert key.post(address, {"file": "x"}, content_type="application/json").status_code == 415
