"""Mails as they came are kept for a time; of a person who is made unknown neither mail nor address stays."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from common.models import StoredFile
from common.retention import forget_old
from incidents.mail import reading, taking
from incidents.mail.errors import MailForgotten
from incidents.models import InboxMessage, Incident, StatusSubscriber
from people.services import anonymise
from tests.incidents.mail.conftest import written

pytestmark = pytest.mark.django_db


def test_after_its_time_neither_bytes_nor_address_are_kept_and_it_is_not_taken_again(kept, ana, mailbox, settings):
    raw = bytes(written())
    row, young = kept(raw), kept(written("Another one."))
    long_ago = timezone.now() - settings.MESSAGES_KEPT - timedelta(days=1)
    InboxMessage.objects.filter(pk=row.pk).update(created_at=long_ago)
    assert forget_old(now=timezone.now())["mails as they came"] == 1
    row.refresh_from_db()
    assert (row.raw, row.sender, row.sender_name, row.subject) == (None, "", "", "")
    assert [file.pk for file in StoredFile.objects.all()] == [young.raw_id]
    assert taking.keep_mail(mailbox, raw, uid_validity=8, uid=1) == (row.pk, False)


def test_what_is_forgotten_is_not_read_again(kept, rob):
    row = kept(written(from_="zed@elsewhere.example"))
    InboxMessage.objects.update(raw=None)
    with pytest.raises(MailForgotten):
        reading.read_again(mail_id=row.pk, by=rob)
    with pytest.raises(IntegrityError), transaction.atomic():
        InboxMessage.objects.update(state="new")


def test_of_a_person_who_is_made_unknown_no_mail_and_no_address_stays(kept, ana, rob):
    row, other = kept(written()), kept(written(from_="Zed <zed@elsewhere.example>"))
    StatusSubscriber.objects.create(address="ana@example.org", language="en")
    anonymise(person_id=ana.pk, by="system:test")
    row.refresh_from_db()
    other.refresh_from_db()
    assert (row.raw, row.sender, row.sender_name) == (None, "", "")
    assert other.sender == "zed@elsewhere.example"
    incident = Incident.objects.get(pk=row.incident_id)
    assert (incident.reporter_email, incident.reporter_name) == ("", "")
    assert not StatusSubscriber.objects.exists()
