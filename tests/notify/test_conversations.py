"""Mails that hang together, that may be answered, that go to people without an account, and that come back."""

import pytest

from catalog.models import Site
from ledger.models import Entry
from notify import letterheads, services
from notify.choices import DeliveryState, Urgency, Way
from notify.letterheads import Letterhead
from notify.models import Attempt, Delivery, Message

pytestmark = pytest.mark.django_db


@pytest.fixture
def site():
    return Site.objects.create(name="Harbour")


@pytest.fixture
def answered(monkeypatch):
    """Mails about sites may be answered."""
    head = Letterhead("conversation", reply_to="desk+abc@example.org", tag="SITE-1")
    monkeypatch.setitem(letterheads._ROOMS, "catalog.site", lambda message: head)


def sent(sink):
    services.send_due(urgency=Urgency.NORMAL)
    return sink.mails[-1]


def test_mails_about_one_thing_are_one_conversation_that_may_be_answered(answered, site, sink, ada):
    services.tell(kind="test.told", about=site, to=[ada])
    mail = sent(sink)
    assert mail["References"] == mail["In-Reply-To"] == "<conversation@example.org>"
    assert mail["Reply-To"] == "desk+abc@example.org"
    assert mail["Subject"].startswith("[SITE-1] ")
    assert "Answer this mail" in mail.get_content()


def test_where_nobody_reads_answers_the_mail_says_so(site, sink, ada):
    services.tell(kind="test.told", about=site, to=[ada])
    mail = sent(sink)
    assert (mail["Reply-To"], mail["References"]) == (None, None)
    assert "are not read" in mail.get_content()


def test_a_subject_that_names_the_thing_is_not_tagged_again():
    assert Letterhead("x", tag="INC-0042").tagged("INC-0042: it works") == "INC-0042: it works"


def test_somebody_without_an_account_is_written_to(site, sink):
    message = services.tell_address(
        kind="test.told", about=site, address="ned@elsewhere.example", language="zh-hans", url="/status/"
    )
    mail = sent(sink)
    assert (mail["To"], mail["Content-Language"]) == ("ned@elsewhere.example", "zh-hans")
    assert "https://holdfast.example.org/status/" in mail.get_content()
    assert Delivery.objects.get(message=message).recipient == "ned@elsewhere.example"


def test_the_same_news_goes_to_an_address_once(site, sink):
    news = {"kind": "test.told", "about": site, "dedupe_key": "once"}
    assert services.tell_address(address="ned@elsewhere.example", **news)
    assert services.tell_address(address="Ned@Elsewhere.example", **news) is None
    assert services.tell_address(address="", **news) is None
    assert Message.objects.count() == 1


def test_without_a_mail_server_nothing_is_written_down_for_an_address(site, settings):
    settings.EMAIL_CONFIGURED = False
    assert services.tell_address(kind="test.told", about=site, address="ned@elsewhere.example") is None


def test_a_mail_that_came_back_did_not_arrive(site, sink, ada):
    services.tell(kind="test.told", about=site, to=[ada])
    sent(sink)
    delivery = Delivery.objects.get(way=Way.EMAIL)
    assert services.note_bounced(delivery_id=delivery.pk, said="5.1.1 no such mailbox")
    assert not services.note_bounced(delivery_id=delivery.pk, said="5.1.1 no such mailbox")
    delivery.refresh_from_db()
    assert (delivery.state, delivery.last_error) == (DeliveryState.DEAD, "5.1.1 no such mailbox")
    assert Attempt.objects.filter(delivery=delivery, status=550).count() == 1
    assert Entry.objects.filter(verb="delivery.bounced", subject_id=str(delivery.pk)).count() == 1
