"""Web hooks and team channels: what they hear, how it is signed, and what a bad other side can do."""

import hmac
import json
import socket
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.utils import timezone

from catalog.models import Service, Site
from common import outgoing
from common.errors import Stale, Taken
from common.outgoing import AddressRefused, NoAnswer, check_address, post
from ledger.models import Entry
from notify import services
from notify.adapters.refusals import NotSent
from notify.choices import ChannelKind, DeliveryState, Lane, Way
from notify.errors import ChannelOff, WrongChannel
from notify.events import Event, Matter, declare
from notify.models import Channel, Delivery, Message, Subscription
from notify.services.handing import secrets_of
from notify.services.sending import _claim, _failed
from people.choices import Role
from people.models import User
from tests.notify.hooks import Answer, running_hook

pytestmark = pytest.mark.django_db
SECRET = "a secret of the tests"


@pytest.fixture(autouse=True)
def kinds(settings):
    settings.OUTGOING_LOOPBACK = True
    settings.BASE_URL = "https://holdfast.example.org"
    declare(
        Event("test.told", "Told", {"word": "word"}, is_for_channels=True),
        Event("test.private", "Private", is_for_channels=False),
    )


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
    made = services.add_channel(
        name="Pager", kind=ChannelKind.HOOK, address=server.url + "?token=hidden", secret=SECRET, by=boss
    )
    services.subscribe(channel=made.row, by=boss)
    return made.row


@pytest.fixture
def site():
    return Site.objects.create(name="Harbour")


def tell(site, **options):
    options.setdefault("matter", Matter("1"))
    services.tell(kind="test.told", about=site, to=[], url="/somewhere/", context={"word": "hello"}, **options)
    return Delivery.objects.filter(way=Way.HOOK).order_by("created_at").last()


def send(delivery):
    services.send_due(urgency=delivery.message.urgency, lane=Lane.WEB)
    delivery.refresh_from_db()
    return delivery


def again(delivery):
    Channel.objects.update(rests_until=None)
    Delivery.objects.filter(pk=delivery.pk).update(due_at=timezone.now())
    return send(delivery)


def test_a_program_gets_what_happened_signed(hook, server, site):
    delivery = send(tell(site))
    assert (delivery.state, delivery.answer) == (DeliveryState.SENT, "200 fine")
    request = server.requests[0]
    body = json.loads(request.body)
    assert body["event"] == request.headers["Holdfast-Event"] == "test.told"
    assert body["id"] == request.headers["Holdfast-Delivery"] == str(delivery.pk)
    assert body["about"]["label"] == "Harbour"
    assert body["url"] == "https://holdfast.example.org/somewhere/"
    assert body["data"]["word"] == "hello"
    at, signed = request.headers["Holdfast-Signature"].split(",")
    expected = hmac.new(SECRET.encode(), at[2:].encode() + b"." + request.body, "sha256").hexdigest()
    assert signed == f"v1={expected}"


def test_while_a_secret_is_exchanged_both_sign(hook, server, site, boss):
    new = services.exchange_secret(channel_id=hook.pk, by=boss)
    assert secrets_of(new.row, timezone.now()) == [new.secret, SECRET]
    assert secrets_of(new.row, timezone.now() + timedelta(days=8)) == [new.secret]
    send(tell(site))
    assert server.requests[0].headers["Holdfast-Signature"].count("v1=") == 2


def test_a_failing_program_is_tried_five_times_over_twenty_minutes_with_the_same_id_and_given_up(
    hook, server, site, boss
):
    server.answers = [Answer(500, b"no")] * 9
    delivery = send(tell(site))
    pauses = [delivery.due_at - timezone.now()]
    pauses += [again(delivery).due_at - timezone.now() for _ in range(3)]
    assert pauses == sorted(pauses)
    assert timedelta(minutes=19, seconds=50) < sum(pauses, timedelta()) < timedelta(minutes=24, seconds=10)
    assert delivery.state == DeliveryState.FAILED
    assert again(delivery).state == DeliveryState.DEAD
    assert {each.headers["Holdfast-Delivery"] for each in server.requests} == {str(delivery.pk)}
    assert len(server.requests) == 5
    assert Entry.objects.filter(verb="delivery.given_up").exists()


def test_what_was_given_up_is_sent_again_by_hand(hook, server, site, boss):
    server.answers = [Answer(404, b"where?")]
    delivery = send(tell(site))
    assert (delivery.state, delivery.tries) == (DeliveryState.DEAD, 1)
    services.retry(delivery_id=delivery.pk, by=boss)
    assert send(delivery).state == DeliveryState.SENT


def test_one_that_is_gone_is_switched_off_and_the_administrators_hear_of_it(hook, server, site, boss):
    server.answers = [Answer(410, b"gone")]
    first, second = tell(site), tell(site)
    send(first)
    hook.refresh_from_db()
    assert (hook.is_on, hook.off_reason) == (False, "410 gone")
    assert {each.state for each in Delivery.objects.filter(channel=hook)} == {
        DeliveryState.DEAD, DeliveryState.CANCELLED,
    }  # fmt: skip
    assert second.pk != first.pk
    assert Message.objects.filter(to=boss, kind="notify.channel_off").count() == 1
    services.tell(kind="test.told", about=site, to=[], matter=Matter())
    assert Delivery.objects.filter(channel=hook).count() == 2


def test_one_that_loses_one_after_the_other_is_switched_off_and_is_sent_what_it_missed_once_it_is_back(
    hook, server, site, boss
):
    server.answers = [Answer(404, b"where?")] * 5
    lost = [tell(site) for _each in range(5)]
    waiting = tell(site)
    services.send_due(urgency="normal", lane=Lane.WEB)
    hook.refresh_from_db()
    waiting.refresh_from_db()
    assert (hook.is_on, hook.losses, waiting.state) == (False, 5, DeliveryState.CANCELLED)
    assert "The last 5 deliveries" in Message.objects.get(to=boss, kind="notify.channel_off").body
    services.change_channel(channel_id=hook.pk, is_on=True, by=boss)
    for delivery in (lost[0], waiting):
        services.retry(delivery_id=delivery.pk, by=boss)
        assert send(delivery).state == DeliveryState.SENT
    hook.refresh_from_db()
    assert (hook.is_on, hook.losses) == (True, 0)


def test_a_loss_between_successes_switches_nothing_off(hook, server, site):
    server.answers = [*[Answer(404, b"where?")] * 4, Answer(200, b"ok"), Answer(404, b"where?")]
    for _each in range(6):
        tell(site)
    services.send_due(urgency="normal", lane=Lane.WEB)
    hook.refresh_from_db()
    assert (hook.is_on, hook.losses) == (True, 1)


def test_a_program_that_is_away_rests_so_that_others_do_not_wait(hook, server, site):
    server.answers = [Answer(503, b"")]
    first, second = tell(site), tell(site)
    send(first)
    second.refresh_from_db()
    assert len(server.requests) == 1
    assert second.state == DeliveryState.QUEUED
    assert Channel.objects.get().rests_until > timezone.now()


def test_a_success_ends_the_rest(hook, server, site):
    Channel.objects.update(failures=7)
    send(tell(site))
    assert Channel.objects.get().failures == 0


def test_a_redirect_is_not_followed(hook, server, site):
    server.answers = [Answer(302, b"", {"Location": "http://169.254.169.254/latest/meta-data/"})]
    assert send(tell(site)).state == DeliveryState.DEAD
    assert len(server.requests) == 1


def test_an_answer_is_kept_short_and_without_what_may_be_a_token(hook, server, site):
    server.answers = [Answer(500, b"token " + b"Zm9v" * 10 + b" " + b"x y" * 500)]
    error = send(tell(site)).last_error
    assert "•••" in error
    assert "Zm9v" not in error
    assert len(error) < 300


@pytest.mark.parametrize("trick", ["mute", "dripping"])
def test_an_answer_that_never_ends_is_not_waited_for(trick):
    started = timezone.now()
    with running_hook(trick) as server, pytest.raises(NoAnswer, match="in time"):
        post(server.url, body=b"{}", headers={}, deadline_seconds=0.3)
    assert timezone.now() - started < timedelta(seconds=3)


def test_of_a_huge_answer_only_the_beginning_is_read():
    with running_hook("huge") as server:
        answer = post(server.url, body=b"{}", headers={}, deadline_seconds=3)
    assert len(answer.text) == outgoing.MOST_ANSWER_BYTES


@pytest.mark.parametrize(
    "address",
    [
        "169.254.169.254", "fe80::1", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe", "::", "224.0.0.1",
        "100.100.100.200", "fd00:ec2::254", "255.255.255.255", "2002:a9fe:a9fe::1",
        "240.0.0.1", "fec0::1", "64:ff9b:1::7f00:1", "::127.0.0.1",
    ],
)  # fmt: skip
def test_nothing_is_sent_to_what_is_no_server_of_somebody(address):
    with pytest.raises(AddressRefused):
        check_address(address, 443)


@pytest.mark.parametrize("address", ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"])
def test_this_machine_only_where_it_is_allowed_and_never_our_own_ports(address, settings):
    check_address(address, 9999)
    with pytest.raises(AddressRefused, match="Holdfast itself"):
        check_address(address, settings.PORT)
    settings.OUTGOING_LOOPBACK = False
    with pytest.raises(AddressRefused, match="this machine"):
        check_address(address, 9999)


@pytest.mark.parametrize("address", ["10.0.0.5", "192.168.1.9", "203.0.113.7", "2001:db8::1"])
def test_servers_of_the_organisation_and_of_others_may_be_sent_to(address):
    check_address(address, 443)


def test_a_name_that_points_at_metadata_is_refused_as_it_is_sent_to(hook, site, monkeypatch):
    answer = [(2, 1, 6, "", ("203.0.113.7", 80)), (2, 1, 6, "", ("169.254.169.254", 80))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **options: answer)
    delivery = send(tell(site))
    assert delivery.state == DeliveryState.DEAD
    assert "does not send to this address" in delivery.last_error


def test_the_connection_goes_to_the_address_that_was_checked(server, monkeypatch, settings):
    asked = []

    def once(*_args, **_options):
        asked.append(1)
        return [(2, 1, 6, "", ("127.0.0.1" if len(asked) == 1 else "169.254.169.254", server.port))]

    with monkeypatch.context() as patched:
        found = outgoing.read_target(f"http://changes.example.org:{server.port}/x")
        patched.setattr(socket, "getaddrinfo", once)
        target = outgoing.checked(found)
    assert (target.addresses, target.host) == (("127.0.0.1",), "changes.example.org")


@pytest.mark.parametrize(
    "address",
    [
        "ftp://example.org/", "https://", "https://user:pw@example.org/", "javascript:alert(1)", "http://[::1",
        "http://169.254.169.254/latest", "https://exa mple.org/", "x" * 2000, "http://example.org:99999/", "",
        "http://example.org/\r\nX: y",
    ],
)  # fmt: skip
def test_an_address_that_is_none_is_refused_as_it_is_entered(address, boss):
    with pytest.raises(WrongChannel) as refusal:
        services.add_channel(name="Bad", kind=ChannelKind.HOOK, address=address, by=boss)
    assert "address" in refusal.value.fields
    assert not Channel.objects.exists()


def test_a_team_channel_takes_known_schemes_only(boss):
    made = services.add_channel(name="Team", kind=ChannelKind.TEAM, address="ntfys://ntfy.example.org/x", by=boss)
    assert (made.secret, made.row.secret) == ("", "")
    for address in ("file:///etc/passwd", "json://127.0.0.1/", "syslog://"):
        with pytest.raises(WrongChannel):
            services.add_channel(name="Other", kind=ChannelKind.TEAM, address=address, by=boss)


def test_nothing_of_the_address_or_the_secret_is_kept_readable(hook):
    row = Channel.objects.values().get()
    assert "hidden" not in str(row)
    assert SECRET not in str(row)
    assert "hidden" not in str(list(Entry.objects.values()))
    assert hook.address_shown.endswith("/…")


def test_a_channel_hears_what_it_subscribed_to(hook, site, boss):
    mine, other = Service.objects.create(name="Mail"), Service.objects.create(name="Pay")
    services.change_subscription(
        subscription_id=Subscription.objects.get().pk, by=boss, kinds=["test.told"], severities=["1", "2"],
        services=[mine],
    )  # fmt: skip
    for matter in (Matter("3", frozenset({str(mine.pk)})), Matter("1", frozenset({str(other.pk)})), Matter("1"), None):
        assert tell(site, matter=matter) is None
    assert tell(site, matter=Matter("2", frozenset({str(mine.pk)}))) is not None


def test_what_concerns_single_people_is_heard_by_no_channel(hook, site, ada):
    services.tell(kind="test.told", about=site, to=[ada])
    with pytest.raises(WrongChannel):
        services.subscribe(channel=hook, by=ada, kinds=["test.private"])
    assert not Delivery.objects.filter(channel=hook).exists()


def test_told_twice_under_one_key_a_channel_hears_it_once(hook, site):
    for _ in range(2):
        tell(site, dedupe_key="the same")
    assert Delivery.objects.filter(channel=hook).count() == 1


def test_a_channel_is_tried_out(hook, server, boss):
    delivery = send(services.try_channel(channel_id=hook.pk, by=boss))
    assert delivery.state == DeliveryState.SENT
    assert "Nothing happened" in json.loads(server.requests[0].body)["text"]


def test_one_that_is_off_is_not_tried_out_and_comes_back_on(hook, boss):
    services.change_channel(channel_id=hook.pk, by=boss, is_on=False)
    with pytest.raises(ChannelOff):
        services.try_channel(channel_id=hook.pk, by=boss)
    assert services.change_channel(channel_id=hook.pk, by=boss, is_on=True).is_on


def test_changes_are_made_on_what_was_seen(hook, boss):
    services.change_channel(channel_id=hook.pk, by=boss, version=1, name="Renamed")
    with pytest.raises(Stale):
        services.change_channel(channel_id=hook.pk, by=boss, version=1, name="Again")
    with pytest.raises(Taken):
        services.add_channel(name="Renamed", kind=ChannelKind.HOOK, address="https://example.org/", by=boss)


def test_the_database_keeps_a_hook_without_a_secret_out():
    with pytest.raises(IntegrityError, match="channel_of_a_program_has_a_secret"), transaction.atomic():
        Channel.objects.create(name="x", kind=ChannelKind.HOOK, address="x", address_shown="x")


def test_what_fails_while_its_channel_is_switched_off_is_cancelled_with_the_rest(hook, server, site, boss):
    tell(site)
    claimed = _claim("normal", timezone.now(), Lane.WEB)
    services.change_channel(channel_id=hook.pk, is_on=False, by=boss)
    _failed(claimed, NotSent("late", is_permanent=False), took=timedelta(seconds=1))
    assert Delivery.objects.get(channel=hook).state == DeliveryState.CANCELLED
    services.change_channel(channel_id=hook.pk, is_on=True, by=boss)
    assert services.send_due(urgency="normal", lane=Lane.WEB) == 0


def test_what_a_dead_worker_was_sending_there_is_cancelled_too(hook, server, site, boss):
    tell(site)
    claimed = _claim("normal", timezone.now(), Lane.WEB)
    services.change_channel(channel_id=hook.pk, is_on=False, by=boss)
    services.take_back(now=claimed.lease_until + timedelta(seconds=1))
    assert Delivery.objects.get(channel=hook).state == DeliveryState.CANCELLED
