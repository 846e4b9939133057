"""What is told is written with its cause, once, in the reader's language."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction
from django.template import TemplateDoesNotExist
from django.utils import timezone

from catalog.models import Site
from ledger.models import Entry
from notify.choices import DeliveryState, Urgency, Way
from notify.models import Delivery, Message
from notify.services import cancel, tell
from people.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def site():
    return Site.objects.create(name="Harbour")


def test_each_person_gets_one_message_at_once_in_the_app(site, ada, chen):
    assert len(tell(kind="test.told", about=site, to=[ada, chen, ada], url="/somewhere/")) == 2
    delivery = Delivery.objects.get(message__to=ada)
    assert (delivery.way, delivery.state) == (Way.IN_APP, DeliveryState.SENT)
    message = Message.objects.get(to=ada)
    assert (message.about_type, message.about_id, message.about_label) == ("catalog.site", str(site.pk), "Harbour")
    assert message.url == "/somewhere/"


def test_the_text_is_in_the_readers_language(site, ada, chen):
    tell(kind="test.told", about=site, to=[ada, chen], context={"word": "!"})
    assert Message.objects.get(to=ada).subject == "Monday: Harbour !"
    assert Message.objects.get(to=chen).language == "zh-hans"
    assert Message.objects.get(to=chen).subject == "星期一: Harbour !"


def test_times_are_in_the_readers_zone(site, ada, chen, settings):
    settings.ORGANISATION_TIME_ZONE = "Europe/Berlin"
    chen.time_zone = "Asia/Shanghai"
    at = datetime(2026, 7, 1, 20, 0, tzinfo=UTC)
    tell(kind="test.told", about=site, to=[ada, chen], context={"at": at})
    assert "22:00" in Message.objects.get(to=ada).body
    assert "04:00" in Message.objects.get(to=chen).body


def test_a_mail_is_queued_where_there_is_a_server_and_an_address(site, ada, settings):
    settings.EMAIL_CONFIGURED = True
    silent = User.objects.create_user("silent", name="No Address")
    tell(kind="test.told", about=site, to=[ada, silent])
    mails = Delivery.objects.filter(way=Way.EMAIL)
    assert [(mail.address, mail.state) for mail in mails] == [("ada@example.org", DeliveryState.QUEUED)]


def test_nobody_who_cannot_read_it_is_told(site):
    gone = User.objects.create_user("gone", name="Gone", is_active=False)
    program = User.objects.create_user("program", name="Program", is_machine=True)
    assert tell(kind="test.told", about=site, to=[gone, program, None]) == []
    assert not Message.objects.exists()


def test_told_twice_under_one_key_is_told_once(site, ada, chen):
    tell(kind="test.told", about=site, to=[ada], dedupe_key="the same")
    again = tell(kind="test.told", about=site, to=[ada, chen], dedupe_key="the same")
    assert [message.to for message in again] == [chen]
    assert Message.objects.count() == Delivery.objects.count() == 2


def test_without_a_key_every_call_is_news(site, ada):
    tell(kind="test.told", about=site, to=[ada])
    tell(kind="test.told", about=site, to=[ada])
    assert Message.objects.count() == 2


def test_a_key_of_any_length_is_taken(site, ada):
    for _ in range(2):
        tell(kind="test.told", about=site, to=[ada], dedupe_key="x" * 5000)
    assert Message.objects.count() == 1


def test_what_is_undone_was_never_told(site, ada):
    with transaction.atomic():
        tell(kind="test.told", about=site, to=[ada])
        transaction.set_rollback(True)
    assert not Message.objects.exists()


def test_a_kind_without_texts_is_a_mistake_that_shows(site, ada):
    with pytest.raises(TemplateDoesNotExist):
        tell(kind="test.unknown", about=site, to=[ada])


@pytest.mark.parametrize(
    "hostile",
    [
        "line\r\nBcc: everybody@example.org",
        "nul\x00 and bell\x07",
        "\u202egnp.exe",
        "half \ud800 of a pair",
        "<script>alert(1)</script>",
        "x" * 10_000,
        "{{ about.pk }} {% load nothing %}",
        "paragraph\u2029separator\u2028",
    ],
)
def test_hostile_words_stay_words_on_one_line(site, ada, hostile):
    (message,) = tell(kind="test.told", about=site, to=[ada], context={"word": hostile})
    message.refresh_from_db()
    assert len(message.subject) <= 250
    assert message.subject.isprintable()
    assert "\x00" not in message.body
    assert "&lt;" not in message.subject + message.body


def test_the_password_of_an_address_is_covered(site, ada):
    (message,) = tell(kind="test.told", about=site, to=[ada], context={"word": "postgres://me:hunter2@db/shop"})
    assert "hunter2" not in message.subject + message.body


def test_urgent_messages_take_the_queue_that_is_kept_free(
    site, ada, settings, sink, django_capture_on_commit_callbacks
):
    for urgency, queue in [(Urgency.NORMAL, "default"), (Urgency.URGENT, "page")]:
        with django_capture_on_commit_callbacks() as after_commit:
            tell(kind="test.told", about=site, to=[ada], urgency=urgency)
        assert [callback.args[1] for callback in after_commit] == [queue]


def test_what_is_not_needed_any_more_is_cancelled(site, ada, settings):
    settings.EMAIL_CONFIGURED = True
    other = Site.objects.create(name="Depot")
    tell(kind="test.told", about=site, to=[ada])
    tell(kind="test.told", about=other, to=[ada])
    assert cancel(about=site, now=timezone.now()) == 1
    assert cancel(about=site, now=timezone.now()) == 0
    mails = Delivery.objects.filter(way=Way.EMAIL)
    assert {mail.message.about_label: mail.state for mail in mails} == {
        "Harbour": DeliveryState.CANCELLED,
        "Depot": DeliveryState.QUEUED,
    }
    assert Entry.objects.get(verb="deliveries.cancelled").subject_id == str(site.pk)


def test_the_database_refuses_a_second_message_of_one_key(site, ada):
    (message,) = tell(kind="test.told", about=site, to=[ada], dedupe_key="one")
    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.create(to=ada, dedupe_key=message.dedupe_key)


def test_the_database_refuses_a_delivery_that_is_sent_at_no_time(site, ada):
    (message,) = tell(kind="test.told", about=site, to=[ada])
    with pytest.raises(IntegrityError), transaction.atomic():
        Delivery.objects.filter(message=message).update(sent_at=None)


def test_telling_a_hundred_costs_as_many_queries_as_telling_one(site, django_assert_num_queries, settings):
    settings.EMAIL_CONFIGURED = True
    people = [User.objects.create(username=f"p{n}", name=f"Person {n}", email=f"p{n}@example.org") for n in range(100)]
    # a savepoint and its end, the house, own texts, the messages, which are new, ways of contact, the deliveries
    with django_assert_num_queries(8):
        tell(kind="test.told", about=site, to=people)
    assert Delivery.objects.count() == 200
