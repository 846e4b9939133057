"""What a real mail server receives, and what is made of every way in which it can fail."""

import threading
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from catalog.models import Site
from common.facts import Fact
from ledger.models import Entry
from notify import services
from notify.adapters import mail
from notify.choices import DeliveryState, Urgency, Way
from notify.errors import NotGivenUp
from notify.models import Delivery
from notify.services.handing import as_mail
from notify.services.sending import BACK_OFF, LEASE, MAX_TRIES, STOPPED
from notify.signals import DELIVERY_DEAD
from tests.notify.conftest import use
from tests.notify.sinks import dripping, free_port, mute

pytestmark = pytest.mark.django_db


@pytest.fixture
def queued(settings, sink):
    """Tells one person and gives the delivery by mail. Arguments: those of `tell`."""

    def tell(person, **arguments):
        site, _created = Site.objects.get_or_create(name="Harbour")
        (message,) = services.tell(kind="test.told", about=site, to=[person], **arguments)
        return Delivery.objects.get(message=message, way=Way.EMAIL)

    return tell


def send(delivery):
    services.send_due(urgency=delivery.message.urgency)
    delivery.refresh_from_db()
    return delivery


def test_a_mail_arrives_with_its_link(queued, sink, ada):
    delivery = send(queued(ada, url="/incidents/INC-0001/"))
    assert (delivery.state, delivery.tries) == (DeliveryState.SENT, 1)
    assert delivery.sent_at is not None
    (received,) = sink.mails
    assert received["To"] == "ada@example.org"
    assert received["From"] == "Holdfast <holdfast@example.org>"
    assert received["Subject"] == "Monday: Harbour"
    assert received["Message-ID"] == f"<{delivery.pk}@example.org>"
    assert received["Auto-Submitted"] == "auto-generated"
    assert "https://holdfast.example.org/incidents/INC-0001/" in received.get_content()
    assert "Dear Ada Lovelace" in received.get_content()


def test_an_urgent_mail_says_so(queued, sink, ada):
    send(queued(ada, urgency=Urgency.URGENT))
    assert sink.mails[0]["Importance"] == "high"


def test_a_chinese_subject_arrives_whole(queued, sink, chen):
    send(queued(chen, context={"word": "备份没有通过恢复测试"}))
    (received,) = sink.mails
    assert received["Subject"].endswith("备份没有通过恢复测试")
    assert received["Content-Language"] == "zh-hans"
    head = sink.taken[0].partition(b"\r\n\r\n")[0]
    assert head.isascii()
    assert b"=?utf-8?" in head
    assert "备份没有通过恢复测试" in received.get_content()
    assert all(len(line) <= 998 for line in sink.taken[0].split(b"\r\n"))


def test_no_name_adds_a_header_or_a_recipient(queued, sink, ada):
    ada.name = "Ada\r\nBcc: thief@example.org\r\n\r\nforged"
    ada.save()
    send(queued(ada, context={"word": "x\nBcc: thief@example.org\r\nX-Forged: 1"}))
    assert sink.recipients == ["ada@example.org"]
    (received,) = sink.mails
    assert set(received.keys()).isdisjoint({"Bcc", "X-Forged"})


def test_a_lone_dot_does_not_end_the_mail(queued, sink, ada):
    send(queued(ada, context={"word": "before\n.\nafter"}))
    assert "\n.\nafter" in sink.mails[0].get_content().replace("\r\n", "\n")


def test_a_long_line_is_folded_for_the_wire(queued, sink, ada):
    send(queued(ada, context={"word": "x" * 5000}))
    assert "x" * 5000 in sink.mails[0].get_content()
    assert all(len(line) <= 998 for line in sink.taken[0].split(b"\r\n"))


def test_sent_once_however_often_it_is_asked(queued, sink, ada):
    delivery = queued(ada)
    assert [services.send_due(urgency=Urgency.NORMAL) for _ in range(3)] == [1, 0, 0]
    delivery.refresh_from_db()
    assert (delivery.state, len(sink.taken)) == (DeliveryState.SENT, 1)


def test_a_refused_recipient_is_given_up_at_once_and_said(queued, sink, ada):
    heard = []
    DELIVERY_DEAD.receivers["test"] = lambda **arguments: heard.append(arguments)
    sink.refuses = "550 5.1.1 no such person"
    try:
        delivery = send(queued(ada))
    finally:
        del DELIVERY_DEAD.receivers["test"]
    assert (delivery.state, delivery.tries) == (DeliveryState.DEAD, 1)
    assert "no such person" in delivery.last_error
    assert heard == [{"delivery_id": str(delivery.pk), "message_id": str(delivery.message_id)}]
    assert Entry.objects.get(verb="delivery.given_up").subject_id == str(delivery.pk)


def test_a_text_that_is_refused_is_given_up_at_once(queued, sink, ada):
    sink.answers = ["554 5.7.1 looks like spam"]
    assert send(queued(ada)).state == DeliveryState.DEAD


def test_a_busy_server_is_asked_again_after_a_while(queued, sink, ada):
    sink.answers = ["451 4.3.0 try again later"]
    delivery = send(queued(ada))
    assert delivery.state == DeliveryState.FAILED
    assert "try again later" in delivery.last_error
    assert timedelta(seconds=5) < delivery.due_at - timezone.now() <= BACK_OFF[0]
    assert send(delivery).state == DeliveryState.FAILED  # not due yet: nothing is tried
    with time_machine.travel(delivery.due_at + timedelta(seconds=1), tick=False):
        assert send(delivery).state == DeliveryState.SENT
    assert len({received["Message-ID"] for received in sink.mails}) == 1
    assert delivery.last_error == ""


def test_after_six_tries_it_is_given_up(queued, sink, ada):
    sink.answers = ["451 try again later"] * 10
    delivery = queued(ada)
    waits = []
    while delivery.state != DeliveryState.DEAD:
        with time_machine.travel(delivery.due_at + timedelta(seconds=1), tick=False):
            before = timezone.now()
            waits.append(send(delivery).due_at - before)
    assert waits[:-1] == list(BACK_OFF)
    assert delivery.tries == len(sink.taken) == MAX_TRIES == 6


@pytest.mark.parametrize("server", [mute, dripping])
def test_a_server_that_does_not_answer_is_not_waited_for(queued, settings, ada, server, monkeypatch):
    delivery = queued(ada)
    with server() as port:
        use(settings, port)
        settings.EMAIL_TIMEOUT = 1
        started = timezone.now()
        with pytest.raises(mail.NotSent) as refusal:
            mail.send(as_mail(delivery, delivery.address), deadline_seconds=1)
        assert timezone.now() - started < timedelta(seconds=5)
        assert not refusal.value.is_permanent


def test_a_server_that_is_away_costs_a_try(queued, settings, ada):
    delivery = queued(ada)
    use(settings, free_port())
    assert send(delivery).state == DeliveryState.FAILED
    assert "refused" in delivery.last_error


def test_a_connection_cut_after_the_text_is_tried_again_under_the_same_id(queued, sink, ada):
    sink.drops = 1
    delivery = send(queued(ada))
    assert delivery.state == DeliveryState.FAILED
    with time_machine.travel(delivery.due_at + timedelta(seconds=1), tick=False):
        assert send(delivery).state == DeliveryState.SENT
    assert [received["Message-ID"] for received in sink.mails] == [f"<{delivery.pk}@example.org>"] * 2


def test_an_address_that_cannot_be_written_is_given_up(queued, sink, ada):
    delivery = queued(ada)
    Delivery.objects.filter(pk=delivery.pk).update(address="not an address\r\nRCPT TO:<thief@example.org>")
    assert send(delivery).state == DeliveryState.DEAD
    assert sink.recipients == []


def test_the_password_of_the_server_is_covered_in_what_went_wrong(settings):
    settings.EMAIL_HOST_PASSWORD = "hunter2"
    assert "hunter2" not in str(mail.NotSent("535 bad login hunter2", is_permanent=False))


def test_without_a_mail_server_mails_wait(queued, sink, settings, ada):
    delivery = queued(ada)
    settings.EMAIL_CONFIGURED = False
    assert send(delivery).state == DeliveryState.QUEUED
    assert services.send_due(urgency=Urgency.NORMAL) == 0
    settings.EMAIL_CONFIGURED = True
    assert services.send_due(urgency=Urgency.NORMAL) == 1
    assert len(sink.taken) == 1


def test_what_a_dead_worker_was_sending_is_taken_up_after_its_lease(queued, sink, ada):
    delivery = queued(ada)
    assert services.sending._claim(Urgency.NORMAL, timezone.now()) == delivery
    assert services.take_back(now=timezone.now()) == 0
    after = timezone.now() + LEASE + timedelta(seconds=1)
    assert services.take_back(now=after) == 1
    delivery.refresh_from_db()
    assert (delivery.state, delivery.last_error, delivery.lease_token) == (DeliveryState.FAILED, STOPPED, None)
    with time_machine.travel(after, tick=False):
        assert send(delivery).state == DeliveryState.SENT


def test_a_mail_that_kills_its_worker_each_time_is_given_up(queued, sink, ada):
    delivery, now = queued(ada), timezone.now()
    for _ in range(MAX_TRIES):
        assert services.sending._claim(Urgency.NORMAL, now) == delivery
        now += LEASE + timedelta(seconds=1)
        assert services.take_back(now=now) == 1
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.DEAD


def test_what_was_given_up_can_be_tried_again_by_hand(queued, sink, ada):
    sink.refuses = "550 no such person"
    delivery = send(queued(ada))
    sink.refuses = ""
    services.retry(delivery_id=delivery.pk, by=ada)
    assert send(delivery).state == DeliveryState.SENT
    assert Entry.objects.get(verb="delivery.retried").actor_id == str(ada.pk)
    with pytest.raises(NotGivenUp, match="Sent"):
        services.retry(delivery_id=delivery.pk, by=ada)


def test_a_cancelled_mail_is_not_sent(queued, sink, ada):
    delivery = queued(ada)
    services.cancel(about=Site.objects.get(), now=timezone.now())
    assert send(delivery).state == DeliveryState.CANCELLED
    assert sink.taken == []


def test_the_tick_queues_one_job_for_each_urgency_however_much_is_due(
    queued, sink, ada, django_capture_on_commit_callbacks
):
    for _ in range(3):
        queued(ada)
    queued(ada, urgency=Urgency.URGENT)
    with django_capture_on_commit_callbacks() as after_commit:
        services.hand_out(now=timezone.now())
    assert sorted(callback.args[1] for callback in after_commit) == ["default", "page"]
    assert services.send_due(urgency=Urgency.NORMAL) == 3
    assert services.send_due(urgency=Urgency.URGENT) == 1
    assert len(sink.taken) == 4


def test_what_nobody_has_tried_comes_before_what_failed(queued, sink, ada):
    sink.answers = ["451 busy"]
    failed = send(queued(ada))
    with time_machine.travel(failed.due_at + timedelta(seconds=1), tick=False):
        fresh = queued(ada)
        services.send_due(urgency=Urgency.NORMAL)
    assert [mail["Message-ID"].partition("@")[0] for mail in sink.mails[1:]] == [f"<{fresh.pk}", f"<{failed.pk}"]


@pytest.mark.django_db(transaction=True)
def test_many_workers_send_each_mail_once(queued, sink, ada):
    deliveries = {queued(ada).pk for _ in range(12)}
    tried = _together(lambda: services.send_due(urgency=Urgency.NORMAL), 6)
    assert sum(tried) == len(sink.taken) == 12
    assert {mail["Message-ID"].partition("@")[0] for mail in sink.mails} == {f"<{pk}" for pk in deliveries}


@pytest.mark.django_db(transaction=True)
def test_many_workers_claim_each_delivery_once(queued, ada):
    deliveries = {queued(ada) for _ in range(5)}
    claimed = _together(lambda: services.sending._claim(Urgency.NORMAL, timezone.now()), 12)
    assert sorted(map(str, filter(None, (c and c.pk for c in claimed)))) == sorted(str(d.pk) for d in deliveries)


@pytest.mark.django_db(transaction=True)
def test_a_server_that_hangs_holds_two_threads_and_no_more(queued, settings, ada):
    for _ in range(6):
        queued(ada)
    with mute() as port:
        use(settings, port)
        settings.EMAIL_TIMEOUT = 1
        started = timezone.now()
        tried = _together(lambda: services.send_due(urgency=Urgency.NORMAL), 6)
    assert sorted(tried)[:4] == [0, 0, 0, 0]
    assert sum(tried) == 6
    assert timezone.now() - started >= timedelta(seconds=3)


@pytest.mark.django_db(transaction=True)
def test_an_answer_after_the_lease_changes_nothing(queued, sink, ada):
    answer = sink.waits_for = threading.Event()
    sink.answers = ["554 too late to matter"]
    delivery = queued(ada)

    def work():
        try:
            services.send_due(urgency=Urgency.NORMAL)
        finally:
            connection.close()

    slow = threading.Thread(target=work)
    slow.start()
    assert sink.reached.wait(10)
    later = timezone.now() + LEASE + timedelta(seconds=1)
    services.take_back(now=later)
    sink.answers.insert(0, "250 OK")  # what the second worker is told; the first hears the refusal
    with time_machine.travel(later, tick=False):
        assert send(delivery).state == DeliveryState.SENT
    answer.set()
    slow.join(10)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.tries, delivery.last_error) == (DeliveryState.SENT, 2, "")
    assert len({received["Message-ID"] for received in sink.mails}) == 1


def _together(work, count):
    """What each of so many threads got from the work, all starting at the same moment."""
    ready, results = threading.Barrier(count), []

    def run():
        ready.wait(10)
        try:
            results.append(work())
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


def test_the_announcement_has_a_name_that_stays():
    assert isinstance(DELIVERY_DEAD, Fact)
    assert DELIVERY_DEAD.name == "notify.delivery_dead"


def test_whatever_a_way_raises_ends_that_try_and_not_the_round(queued, sink, ada, chen, monkeypatch):
    first, second = queued(ada), queued(chen)
    sends = mail.send

    def breaks(letter, **options):
        if letter.to == ada.email:
            raise RuntimeError(f"secret of {letter.to}")
        return sends(letter, **options)

    monkeypatch.setattr(mail, "send", breaks)
    assert services.send_due(urgency=Urgency.NORMAL) == 2
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == (DeliveryState.FAILED, DeliveryState.SENT)
    assert first.last_error == "Something unexpected stopped this (RuntimeError)."
    assert first.lease_token is None


def test_a_mail_without_an_address_is_not_called_sent(queued, sink, ada):
    delivery = queued(ada)
    Delivery.objects.update(address="")
    assert send(delivery).state == DeliveryState.DEAD
    assert sink.mails == []
