"""What each try was answered is kept, seen by those who keep the product, and never holds a secret."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.utils import timezone

from catalog.models import Site
from ledger.models import Entry
from notify import services
from notify.choices import ChannelKind, DeliveryState, Lane, Outcome, Way
from notify.errors import ChannelOff, NotGivenUp, TriedJustNow
from notify.models import Attempt, Channel, Delivery
from people.choices import Role
from people.models import User
from tests.notify.hooks import Answer, running_hook
from tests.support.people import signed_in

pytestmark = pytest.mark.django_db
SECRET = "a secret of the tests"
API = "/api/v1"


@pytest.fixture(autouse=True)
def loopback(settings):
    settings.OUTGOING_LOOPBACK = True


@pytest.fixture
def boss(db):
    found = User.objects.create_user("boss", name="Bo Ss", email="boss@example.org")
    found.groups.add(Group.objects.get(name=Role.ADMINISTRATOR))
    return found


@pytest.fixture
def server():
    with running_hook() as found:
        yield found


@pytest.fixture
def hook(server, boss):
    return services.add_channel(
        name="Pager", kind=ChannelKind.HOOK, address=server.url + "?key=hidden7", secret=SECRET, by=boss
    ).row


def send(channel, by):
    """A test message, tried once."""
    Delivery.objects.update(created_at=timezone.now() - timedelta(hours=1))
    delivery = services.try_channel(channel_id=channel.pk, by=by)
    services.send_due(urgency="urgent", lane=Lane.WEB)
    delivery.refresh_from_db()
    return delivery


def test_each_try_is_kept_with_what_was_answered(hook, server, boss):
    server.answers = [Answer(503, b"come back later")]
    delivery = send(hook, boss)
    Channel.objects.update(rests_until=None)
    Delivery.objects.update(due_at=timezone.now())
    services.send_due(urgency="urgent", lane=Lane.WEB)
    failed, taken = Attempt.objects.filter(delivery=delivery).order_by("created_at")
    assert (failed.outcome, failed.status, failed.text) == (Outcome.REFUSED, 503, "come back later")
    assert failed.error == "503 come back later"
    assert (taken.outcome, taken.status, taken.text, taken.error) == (Outcome.TAKEN, 200, "fine", "")
    assert failed.took > timedelta(0)
    assert (failed.way, failed.channel_id) == (Way.HOOK, hook.pk)


@pytest.mark.parametrize("said", [SECRET, "hidden7", "http://127.0.0.1:{port}/hook?key=hidden7", "Zm9v" * 10])
def test_a_secret_that_the_other_side_repeats_is_covered(said, hook, server, boss):
    told = said.format(port=server.port)
    server.answers = [Answer(500, f"you said {told} to me".encode())]
    delivery = send(hook, boss)
    attempt = Attempt.objects.get()
    for kept in (attempt.text, attempt.error, delivery.last_error, delivery.answer):
        assert told not in kept
    assert attempt.text.startswith("you said •")
    assert attempt.text.endswith("to me")


def test_of_a_long_answer_the_first_500_signs_are_kept_without_control_signs(hook, server, boss):
    server.answers = [Answer(200, b"a\0\x1b[31m b " * 400)]
    send(hook, boss)
    text = Attempt.objects.get().text
    assert len(text) == 500
    assert text.isprintable()


def test_one_that_is_not_reached_says_why(hook, boss, monkeypatch, server):
    services.change_channel(channel_id=hook.pk, by=boss, address="http://127.0.0.1:1/")
    send(hook, boss)
    attempt = Attempt.objects.get()
    assert (attempt.outcome, attempt.status, attempt.text) == (Outcome.NOT_REACHED, None, "")
    assert attempt.error


def test_a_try_whose_worker_died_is_kept_as_unknown(hook, boss):
    delivery = services.try_channel(channel_id=hook.pk, by=boss)
    now = timezone.now()
    Delivery.objects.filter(pk=delivery.pk).update(
        state=DeliveryState.SENDING, tries=1, lease_until=now - timedelta(seconds=1), lease_token=delivery.pk
    )
    services.take_back(now=now)
    assert Attempt.objects.values_list("outcome", "took").get() == (Outcome.STOPPED, None)


def test_a_mail_that_is_refused_is_kept_too(ada, sink):
    sink.refuses = "550 5.1.1 no such person"
    services.tell(kind="test.told", about=Site.objects.create(name="Harbour"), to=[ada])
    services.send_due(urgency="normal")
    attempt = Attempt.objects.get()
    assert (attempt.way, attempt.outcome, attempt.status) == (Way.EMAIL, Outcome.REFUSED, 550)
    assert "no such person" in attempt.text


def test_answers_are_forgotten_before_their_messages(hook, boss, settings):
    send(hook, boss)
    Attempt.objects.update(created_at=timezone.now() - settings.ANSWERS_KEPT - timedelta(hours=1))
    services.forget_old(now=timezone.now())
    assert not Attempt.objects.exists()
    assert Delivery.objects.exists()


def test_of_a_person_who_is_anonymised_no_answer_is_kept(ada, sink):
    sink.refuses = "550 ada@example.org is not here"
    services.tell(kind="test.told", about=Site.objects.create(name="Harbour"), to=[ada])
    services.send_due(urgency="normal")
    services.forget_person(person_id=ada.pk)
    assert "ada@" not in str(list(Attempt.objects.values())) + str(list(Delivery.objects.values()))


def test_what_a_program_took_and_lost_is_sent_again_under_the_same_id(hook, server, boss):
    delivery = send(hook, boss)
    services.retry(delivery_id=delivery.pk, by=boss)
    services.send_due(urgency="urgent", lane=Lane.WEB)
    assert [each.headers["Holdfast-Delivery"] for each in server.requests] == [str(delivery.pk)] * 2
    assert Entry.objects.filter(verb="delivery.replayed", subject_id=str(delivery.pk)).count() == 1
    assert Attempt.objects.filter(delivery=delivery).count() == 2


def test_what_waits_or_a_mail_that_was_taken_is_not_sent_again(hook, boss, ada, sink):
    waiting = services.try_channel(channel_id=hook.pk, by=boss)
    services.tell(kind="test.told", about=Site.objects.create(name="Harbour"), to=[ada])
    services.send_due(urgency="normal")
    mail = Delivery.objects.get(way=Way.EMAIL)
    for each in (waiting, mail):
        with pytest.raises(NotGivenUp):
            services.retry(delivery_id=each.pk, by=boss)


def test_to_a_channel_that_is_off_nothing_is_sent_again(hook, boss):
    delivery = send(hook, boss)
    services.change_channel(channel_id=hook.pk, by=boss, is_on=False)
    with pytest.raises(ChannelOff):
        services.retry(delivery_id=delivery.pk, by=boss)


def test_a_channel_is_tried_out_once_a_minute(hook, boss):
    services.try_channel(channel_id=hook.pk, by=boss)
    with pytest.raises(TriedJustNow, match="less than a minute"):
        services.try_channel(channel_id=hook.pk, by=boss)
    assert Entry.objects.filter(verb="channel.tried").count() == 1


@pytest.mark.parametrize(
    ("wrong", "name"),
    [
        ({"outcome": "odd"}, "attempt_outcome_is_known"),
        ({"status": 7}, "attempt_status_has_three_digits"),
        ({"outcome": Outcome.TAKEN, "error": "x"}, "attempt_taken_has_no_error"),
        ({"took": timedelta(seconds=-1)}, "attempt_took_no_negative_time"),
    ],
)
def test_the_database_refuses_what_no_try_is(wrong, name, hook, boss):
    delivery = services.try_channel(channel_id=hook.pk, by=boss)
    row = {"delivery": delivery, "way": Way.HOOK, "outcome": Outcome.REFUSED, **wrong}
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Attempt.objects.create(**row)


def test_the_page_of_a_delivery_shows_its_tries_and_sends_it_again(hook, server, boss):
    server.answers = [Answer(404, b"where is <b>it</b>?")]
    delivery = send(hook, boss)
    keeper = signed_in(Role.ADMINISTRATOR)
    page = keeper.get(f"/messages/deliveries/{delivery.pk}/").content.decode()
    assert "where is &lt;b&gt;it&lt;/b&gt;?" in page
    assert "It was refused." in page
    assert "hidden7" not in page
    answer = keeper.post(f"/messages/deliveries/{delivery.pk}/retry/")
    assert (answer.status_code, answer["Location"]) == (302, f"/messages/deliveries/{delivery.pk}/")
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.QUEUED


def test_the_api_gives_the_tries_of_a_delivery(hook, server, boss):
    server.answers = [Answer(404, b"where?")]
    delivery = send(hook, boss)
    auditor = signed_in(Role.AUDITOR)
    (row,) = auditor.get(f"{API}/delivery-attempts/?delivery={delivery.pk}").json()["results"]
    assert (row["outcome"], row["outcome_words"], row["status"], row["text"]) == (
        "refused", "It was refused.", 404, "where?",
    )  # fmt: skip
    assert row["took_seconds"] > 0
    reporter = signed_in(Role.REPORTER)
    assert reporter.get(f"{API}/delivery-attempts/").json()["results"] == []
    assert reporter.get(f"{API}/delivery-attempts/{row['id']}/").status_code == 404
    assert reporter.get(f"/messages/deliveries/{delivery.pk}/").status_code == 404
