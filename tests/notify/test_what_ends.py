"""What ends by itself is told in time, old messages go, and the head of the ledger leaves the house daily."""

from datetime import UTC, datetime, time, timedelta

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone

from catalog import services as catalog
from catalog.models import Site
from common.secrets import seal
from config.environment import WorkingHours
from ledger.models import Seal
from notify import receivers, services
from notify.choices import DeliveryState, Way
from notify.models import Delivery, Message, Reminder
from people import services as people
from people.choices import Role
from people.models import ContactMethod, User
from people.services import anonymise

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def always_open(settings):
    settings.WORKING_HOURS = WorkingHours(frozenset(range(7)), time(0), time(23, 59, 59))


@pytest.fixture
def boss(ada):
    ada.groups.add(Group.objects.get(name=Role.ADMINISTRATOR))
    return ada


def sealed():
    figures = {"entries_count": 1, "floor_id": 0, "reach_id": 0, "horizon": 0}
    return Seal.objects.create(
        number=1, at=timezone.now(), root="a" * 64, head="b" * 64, key_id="k", mac="c" * 64, **figures
    )


def test_the_owner_of_a_document_is_reminded_before_it_ends(ada, boss):
    day = (timezone.now() + timedelta(days=90)).date()
    provider = catalog.add_provider(name="Carrier", by=ada)
    document = catalog.add_document(title="Line", kind="contract", provider=provider, owner=ada, expires_on=day, by=ada)
    assert Reminder.objects.get().to == ada
    catalog.change_document(document_id=document.pk, expires_on=day + timedelta(days=10), by=ada)
    assert Reminder.objects.get().due_at.date() == day + timedelta(days=10)
    catalog.change_document(document_id=document.pk, expires_on=None, by=ada)
    assert Reminder.objects.get().next_at is None


def test_keys_and_accounts_that_end_soon_are_told_once_an_hour_is_enough(ada, boss):
    now = timezone.now()
    key = people.create_api_key(name="robot", role=Role.REPORTER, expires_at=now + timedelta(days=10), by=ada).row
    people.create_api_key(name="other", role=Role.REPORTER, expires_at=now + timedelta(days=100), by=ada)
    assert [services.foresee(now=now), services.foresee(now=now)] == [True, False]
    reminder = Reminder.objects.get()
    assert (reminder.subject_id, reminder.to) == (str(key.pk), ada)
    people.revoke_api_key(key_id=key.pk, by=ada)
    services.foresee(now=now + timedelta(hours=2))
    assert Reminder.objects.get().next_at is None


def test_an_end_that_was_put_off_and_set_back_to_the_same_day_is_told_again(ada, boss):
    now = timezone.now()
    guest = people.create_person(username="guest", name="Guest", roles=[Role.REPORTER], by="system:tests")
    ends_on = (now + timedelta(days=10)).date()
    for day in (ends_on, ends_on + timedelta(days=300)):
        User.objects.filter(pk=guest.pk).update(ends_on=day)
        services.foresee(now=now)
        now += timedelta(hours=2)
    put_off = Reminder.objects.get(to=guest)
    assert (put_off.next_at, put_off.cancelled_at is None) == (None, False)

    User.objects.filter(pk=guest.pk).update(ends_on=ends_on)
    services.foresee(now=now)
    assert Reminder.objects.get(to=guest).next_at is not None


def test_the_newest_head_is_sent_once_a_day(ada, boss):
    now, newest = timezone.now(), sealed()
    assert [services.send_head(now=now), services.send_head(now=now)] == [True, False]
    message = Message.objects.get(to=ada, kind="ledger.head")
    assert newest.head in message.body


def test_no_head_is_sent_at_night(boss, settings):
    settings.WORKING_HOURS = WorkingHours(frozenset(range(5)), time(9), time(17))
    sealed()
    assert not services.send_head(now=datetime(2027, 3, 6, 3, tzinfo=UTC))


def test_old_messages_go_and_what_is_still_to_be_sent_stays(ada, settings):
    site = Site.objects.create(name="Harbour")
    for _ in range(3):
        services.tell(kind="test.told", about=site, to=[ada])
    old, waiting, _new = Message.objects.all()
    Message.objects.filter(pk__in=[old.pk, waiting.pk]).update(created_at=timezone.now() - timedelta(days=500))
    Delivery.objects.filter(message=waiting).update(state=DeliveryState.QUEUED)
    assert [services.forget_old(now=timezone.now()) for _ in range(2)] == [1, 0]
    assert not Message.objects.filter(pk=old.pk).exists()
    assert Message.objects.count() == 2


def test_a_code_goes_to_its_address_alone_and_is_forgotten_once_sent(ada, sink):
    soon = timezone.now() + timedelta(minutes=15)
    contact = ContactMethod.objects.create(
        person=ada, kind="email", address="other@example.org", code_hash="a" * 64, code_expires_at=soon
    )
    receivers.send_code(contact_id=str(contact.pk), sealed_code=seal("123456"))
    delivery = Delivery.objects.get()
    assert (delivery.way, delivery.address) == (Way.CONTACT, "o•••@example.org")
    services.send_due(urgency="urgent")
    assert "123456" in sink.mails[0].get_content()
    assert sink.recipients == ["other@example.org"]
    assert Message.objects.values_list("body", "sealed_text").get() == ("", "")


def test_urgent_news_go_by_every_verified_way(ada, settings):
    settings.EMAIL_CONFIGURED = True
    site, now = Site.objects.create(name="Harbour"), timezone.now()
    ContactMethod.objects.create(person=ada, kind="email", address="second@example.org", verified_at=now)
    ContactMethod.objects.create(person=ada, kind="email", address="unproven@example.org")
    services.tell(kind="test.told", about=site, to=[ada])
    assert Delivery.objects.filter(way=Way.CONTACT).count() == 0
    services.tell(kind="test.told", about=site, to=[ada], urgency="urgent")
    assert [each.address for each in Delivery.objects.filter(way=Way.CONTACT)] == ["s•••@example.org"]


def test_of_an_anonymised_person_no_address_is_kept(ada, settings):
    settings.EMAIL_CONFIGURED = True
    services.tell(kind="test.told", about=Site.objects.create(name="Harbour"), to=[ada])
    receivers.forget_person(person_id=str(ada.pk))
    assert set(Delivery.objects.values_list("address", flat=True)) == {""}


def test_of_an_anonymised_person_no_text_is_kept_and_nothing_waits(ada, settings):
    settings.EMAIL_CONFIGURED = True
    services.tell(kind="test.told", about=Site.objects.create(name="Harbour"), to=[ada])
    services.tell(kind="test.told", about=ada, to=[User.objects.create_user("bo", name="Bo")])
    assert "Ada Lovelace" in Message.objects.get(to=ada).body
    anonymise(person_id=ada.pk, by="system:test")
    assert set(Delivery.objects.filter(message__to=ada).values_list("state", flat=True)) == {"sent", "cancelled"}
    assert Message.objects.filter(to=ada).values_list("subject", "body").get() == ("", "")
    assert "Ada" not in Message.objects.get(about_type="people.user").about_label
