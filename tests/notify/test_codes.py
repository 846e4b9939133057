"""A code that proves an address is readable nowhere but in the mail that brings it."""

import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from notify import services
from notify.choices import DeliveryState
from notify.errors import TextForgotten
from notify.models import Delivery, Message
from people.services import add_contact, send_code, verify_contact

pytestmark = pytest.mark.django_db


@pytest.fixture
def contact(settings, sink, ada):
    row = add_contact(person=ada, kind="email", address="second@example.org", by=ada)
    return send_code(contact_id=row.pk, by=ada)


def test_a_code_lies_sealed_until_it_is_sent_and_is_forgotten_then(contact, sink, ada):
    message = Message.objects.get(kind="people.contact_code")
    assert (message.subject, message.body) == ("", "")
    assert message.sealed_text
    services.send_due(urgency="urgent")
    [mail] = sink.mails
    [code] = re.findall(r"\b\d{6}\b", mail.get_content())
    assert code not in message.sealed_text
    message.refresh_from_db()
    assert (message.sealed_text, message.until) == ("", None)
    assert verify_contact(contact_id=contact.pk, code=code, by=ada).verified_at


def test_a_code_that_counts_no_longer_is_not_sent(contact, sink):
    later = contact.code_expires_at + timedelta(seconds=1)
    assert services.call_off_expired(now=contact.code_expires_at) == 0
    assert services.call_off_expired(now=later) == 1
    assert services.call_off_expired(now=later) == 0
    assert services.send_due(urgency="urgent") == 0
    message = Message.objects.get()
    assert (message.sealed_text, message.deliveries.get().state) == ("", DeliveryState.CANCELLED)


def test_a_code_that_was_given_up_is_asked_for_anew_and_not_sent_empty(contact, ada):
    delivery = Delivery.objects.get()
    Delivery.objects.update(state=DeliveryState.DEAD, due_at=timezone.now())
    with pytest.raises(TextForgotten):
        services.retry(delivery_id=delivery.pk, by=ada)


def test_the_database_keeps_no_code_in_clear(contact):
    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.update(body="123456")
