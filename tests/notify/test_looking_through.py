"""Messages, deliveries and channels are looked through by those who may, at the same cost however many there are."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from catalog.models import Site
from notify import services
from notify.choices import ChannelKind, DeliveryState, Outcome, Way
from notify.models import Attempt, Channel, Delivery, Message
from people.choices import Role
from tests.support.people import person, signed_in

pytestmark = pytest.mark.django_db

LIST, CHANNELS = "/messages/deliveries/", "/messages/channels/"


def tell(to, about="Harbour", kind="test.told", **options):
    site, _created = Site.objects.get_or_create(name=about)
    (message,) = services.tell(kind=kind, about=site, to=[to], context={"word": "hello"}, **options)
    return message


def someone(name):
    return person(name=name, email=f"{name.split()[0].lower()}@example.org")


@pytest.fixture
def world(settings):
    settings.EMAIL_CONFIGURED = True
    old, dead = tell(someone("Ada Lovelace")), tell(someone("Chen Yu"), about="INC-0042")
    Message.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=40))
    Delivery.objects.filter(message=old).update(created_at=timezone.now() - timedelta(days=40))
    Delivery.objects.filter(message=dead, way=Way.EMAIL).update(state=DeliveryState.DEAD)
    channel = services.add_channel(
        name="Pager", kind=ChannelKind.HOOK, address="https://pager.example.org/x?zz=hidden7", by="system:tests"
    ).row
    test = services.try_channel(channel_id=channel.pk, by="system:tests")
    return SimpleNamespace(old=old, dead=dead, channel=channel, test=test)


def found(client, query: str) -> set[str]:
    return {str(row["delivery"].message_id) for row in client.get(f"{LIST}?{query}").context["rows"]}


def test_deliveries_are_found_by_each_thing_that_one_knows_of_them(world):
    keeper = signed_in(Role.ADMINISTRATOR)
    old, dead, test = (str(each) for each in (world.old.pk, world.dead.pk, world.test.message_id))
    month = (timezone.now() - timedelta(days=30)).date()
    for query, expected in {
        "": {old, dead, test},
        "state=dead": {dead},
        "way=hook": {test},
        "way=email": {old, dead},
        f"channel={world.channel.pk}": {test},
        "kind=notify.channel_test": {test},
        "person=ada": {old},
        "person=pag": {test},
        "about=inc-00": {dead},
        f"since={month}": {dead, test},
        f"until={month}": {old},
        "state=dead&person=ada": set(),
        # What makes no sense is as if it were not said
        "state=odd&way=odd&since=yesterday&until=9999-12-31&older=x&newer=1.x": {old, dead, test},
        "channel=odd": set(),
    }.items():
        assert found(keeper, query) == expected, query


def test_pages_of_deliveries_neither_repeat_nor_leave_out(world, monkeypatch):
    monkeypatch.setattr("notify.views.deliveries.PER_PAGE", 2)
    keeper, seen, address = signed_in(Role.ADMINISTRATOR), [], "?"
    count = Delivery.objects.count()
    while address:
        page = keeper.get(LIST + address).context["page"]
        seen += [each.pk for each in page.rows]
        address = page.older and f"?older={page.older}"
    assert len(seen) == len(set(seen)) == count
    back = keeper.get(f"{LIST}?newer={page.newer}").context["page"]
    assert [each.pk for each in back.rows] == seen[-len(page.rows) - 2 : -len(page.rows)]


def test_what_a_page_costs_does_not_grow(world, django_assert_max_num_queries):
    keeper = signed_in(Role.ADMINISTRATOR)
    for number in range(12):
        services.add_channel(name=f"Hook {number}", kind="hook", address="https://x.example.org/", by="system:tests")
        tell(person())
    for address, most in {LIST: 9, CHANNELS: 15, f"{LIST}{world.test.pk}/": 10}.items():
        keeper.get(address)
        with django_assert_max_num_queries(most):
            assert keeper.get(address).status_code == 200


def test_auditors_see_addresses_masked_and_nobody_sees_the_text(world):
    Delivery.objects.filter(way=Way.EMAIL).update(address="gone@example.org")
    Message.objects.update(body="what only the person reads")
    for role, shown in ((Role.AUDITOR, "g•••@example.org"), (Role.ADMINISTRATOR, "gone@example.org")):
        client = signed_in(role)
        delivery = Delivery.objects.filter(way=Way.EMAIL).first()
        for address in (LIST, f"{LIST}{delivery.pk}/"):
            page = client.get(address).content.decode()
            assert shown in page
            assert "what only the person reads" not in page
            assert "hidden7" not in page


def test_for_others_these_pages_are_not_there(world):
    for role in (Role.REPORTER, Role.RESPONDER, Role.MANAGER, Role.REVIEWER):
        client = signed_in(role)
        for address in (LIST, CHANNELS, f"{LIST}{world.test.pk}/"):
            assert client.get(address).status_code == 404
        assert client.post(f"{CHANNELS}{world.channel.pk}/try/").status_code == 404
        assert "/messages/channels/" not in client.get("/messages/").content.decode()


def test_my_messages_are_found_by_words_kind_state_and_days():
    reader = signed_in(Role.REPORTER)
    first, second = tell(reader.person, about="Harbour light"), tell(reader.person, kind="notify.channel_test")
    services.mark_read(message_id=first.pk, by=reader.person)
    Message.objects.filter(pk=first.pk).update(created_at=timezone.now() - timedelta(days=40))
    tell(person(), about="Harbour wall")
    month = (timezone.now() - timedelta(days=30)).date()
    for query, expected in {
        "": [second, first],
        "q=harbour": [second, first],
        "q=light": [first],
        "q=wall": [],
        "state=new": [second],
        "kind=notify.channel_test": [second],
        f"until={month}": [first],
        f"since={month}": [second],
    }.items():
        page = reader.get(f"/messages/?{query}")
        assert page.context["page"].rows == expected, query
    assert "No message is as you asked" in reader.get("/messages/?q=wall").content.decode()


def test_a_channel_says_how_it_does(world):
    keeper = signed_in(Role.ADMINISTRATOR)

    def shown():
        (one,) = keeper.get(CHANNELS).context["channels"]
        return one

    assert shown().is_unknown
    assert (shown().queue.length, shown().queue.most_tries) == (1, 0)
    row = {"delivery": world.test, "way": Way.HOOK, "channel": world.channel}
    Attempt.objects.create(**row, outcome=Outcome.TAKEN, status=200)
    assert not shown().is_failing
    Attempt.objects.create(**row, outcome=Outcome.UNTRUSTED, error="unable to get local issuer certificate")
    one = shown()
    assert one.is_failing
    assert one.last_taken_at < one.last_failed.created_at
    assert (one.tried.count, one.tried.failed) == (2, 1)
    page = keeper.get(CHANNELS).content.decode()
    assert "Nobody whom Holdfast trusts vouches for its certificate." in page
    assert "1 way of telling fails" in page


def test_a_way_to_people_says_how_it_does(world):
    mail = Delivery.objects.filter(message=world.dead, way=Way.EMAIL).get()
    Attempt.objects.create(delivery=mail, way=Way.EMAIL, outcome=Outcome.LATE, error="slow")
    ways = {one.way: one for one in signed_in(Role.AUDITOR).get(CHANNELS).context["ways"]}
    assert ways[Way.EMAIL].is_failing
    assert ways[Way.EMAIL].queue.length == Delivery.objects.filter(way=Way.EMAIL, state="queued").count()
    assert ways[Way.CONTACT].is_unknown


def test_a_test_message_leads_to_its_delivery_and_a_second_one_waits(world):
    keeper = signed_in(Role.ADMINISTRATOR)
    Delivery.objects.update(created_at=timezone.now() - timedelta(hours=1))
    answer = keeper.post(f"{CHANNELS}{world.channel.pk}/try/")
    newest = Delivery.objects.order_by("created_at").last()
    assert answer["Location"] == f"{LIST}{newest.pk}/"
    again = keeper.post(f"{CHANNELS}{world.channel.pk}/try/", follow=True)
    assert "less than a minute ago" in again.content.decode()
    assert keeper.post(f"{CHANNELS}{world.old.pk}/try/").status_code == 404
    assert keeper.get(f"{CHANNELS}{world.channel.pk}/try/").status_code == 405
    assert signed_in(Role.AUDITOR).post(f"{CHANNELS}{world.channel.pk}/try/").status_code == 404


def test_the_api_looks_through_deliveries_in_the_same_way(world):
    keeper = signed_in(Role.AUDITOR)
    for query in (
        "message__kind=notify.channel_test", f"channel={world.channel.pk}", "way=hook",
        f"message__about_id={world.channel.pk}", "message__about_label__istartswith=pag",
    ):  # fmt: skip
        (row,) = keeper.get(f"/api/v1/deliveries/?{query}").json()["results"]
        assert row["id"] == str(world.test.pk)
    answer = keeper.get(f"/api/v1/deliveries/?message__to={world.dead.to_id}&way=email").json()
    assert [row["message"] for row in answer["results"]] == [str(world.dead.pk)]


def test_over_the_api_a_second_test_is_429(world):
    keeper = signed_in(Role.ADMINISTRATOR)
    answer = keeper.post(f"/api/v1/channels/{world.channel.pk}/try/")
    assert (answer.status_code, answer.json()["code"]) == (429, "channel_tried_just_now")
    assert Channel.objects.count() == 1
