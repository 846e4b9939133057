"""Providers, and papers that run out."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from catalog.errors import WrongDetails
from catalog.models import Document, Provider
from catalog.selectors import as_papers, documents
from catalog.services import add_document, add_provider, attach_file, change_document, change_provider, retire
from catalog.signals import DOCUMENT_ENDS
from common.errors import Stale
from common.files import open_file
from ledger.models import Entry
from people.choices import Role
from tests.catalog.factories import ServiceFactory, SystemFactory
from tests.support.people import person

pytestmark = pytest.mark.django_db

BY = "system:test"


def in_days(days):
    return timezone.now().date() + timedelta(days=days)


def test_a_provider_carries_services_and_systems_and_its_words_stay_out_of_the_ledger():
    shop, base = ServiceFactory(), SystemFactory()
    provider = add_provider(by=BY, name=" Carrier ", contact="Call Ada", services=[shop], systems=[base])
    assert (provider.name, list(provider.systems.all())) == ("Carrier", [base])
    entry = Entry.objects.get(verb="provider.added")
    assert "Ada" not in str(entry.data)
    assert entry.data["systems"] == [str(base.pk)]


def test_what_it_carries_counts_as_a_change_and_the_same_again_as_none():
    base = SystemFactory()
    provider = add_provider(by=BY, name="Carrier")
    assert change_provider(provider_id=provider.pk, by=BY, systems=[base]).version == 2
    assert change_provider(provider_id=provider.pk, by=BY, systems=[base], name="Carrier").version == 2
    with pytest.raises(Stale):
        change_provider(provider_id=provider.pk, by=BY, version=1, systems=[])


@pytest.mark.parametrize("page", ["javascript:alert(1)", "ftp://example.org", "nonsense"])
def test_a_notice_page_is_an_address_that_a_browser_opens_safely(page):
    with pytest.raises(WrongDetails) as refused:
        add_provider(by=BY, name="Carrier", notice_page=page)
    assert set(refused.value.fields) == {"notice_page"}
    assert not Provider.objects.exists()


def test_a_document_is_about_one_thing():
    shop, base = ServiceFactory(), SystemFactory()
    for about in ({}, {"service": shop, "system": base}):
        with pytest.raises(WrongDetails):
            add_document(by=BY, title="Licence", **about)
    with pytest.raises(IntegrityError), transaction.atomic():
        Document.objects.create(title="Licence", service=shop, system=base)


def test_its_end_is_announced_with_every_change(monkeypatch):
    heard = []
    monkeypatch.setitem(DOCUMENT_ENDS.receivers, "tests", lambda **said: heard.append(said))
    document = add_document(by=BY, title="Licence", service=ServiceFactory(), expires_on=in_days(30))
    change_document(document_id=document.pk, by=BY, expires_on=in_days(395))
    retire(subject=document, by=BY)
    assert heard == [{"document_id": str(document.pk)}] * 3


def test_a_day_that_stands_for_never_is_refused_and_nothing_changes():
    document = add_document(by=BY, title="Licence", service=ServiceFactory(), expires_on=in_days(365 * 50))
    for day in (date.max, in_days(367 * 50)):
        with pytest.raises(WrongDetails) as refusal:
            change_document(document_id=document.pk, by=BY, expires_on=day)
        assert "fifty years" in refusal.value.fields["expires_on"][0]
    document.refresh_from_db()
    assert document.expires_on == in_days(365 * 50)


def test_what_runs_out_first_comes_first_and_what_has_no_end_last():
    shop, reader = ServiceFactory(), person(Role.REVIEWER)
    for title, day in [("Never", None), ("Soon", in_days(20)), ("Over", in_days(-3)), ("Late", in_days(300))]:
        add_document(by=BY, title=title, service=shop, expires_on=day)
    papers = as_papers(documents(reader))
    assert [(each.document.title, each.has_ended, each.ends_soon) for each in papers] == [
        ("Over", True, False), ("Soon", False, True), ("Late", False, False), ("Never", False, False),
    ]  # fmt: skip
    assert not documents(person(Role.REPORTER)).exists()


def test_the_paper_itself_is_kept_and_its_digest_is_in_the_ledger():
    document = add_document(by=BY, title="Licence", service=ServiceFactory())
    kept = attach_file(document_id=document.pk, stream=BytesIO(b"paper"), name="../a.pdf", by=BY)
    with open_file(kept.file) as file:
        assert file.read() == b"paper"
    assert kept.file.name == "a.pdf"
    assert Entry.objects.get(verb="document.file_attached").data["sha256"] == kept.file.sha256
