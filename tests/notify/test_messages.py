"""People read what they were told, and only that; what did not arrive is seen by who can mend it."""

import uuid

import pytest
from django.test import Client
from django.utils import timezone

from catalog.models import Site
from notify.choices import DeliveryState, Way
from notify.models import Delivery, Message
from notify.selectors import unread_count
from notify.services import mark_read, tell
from people.choices import Role
from people.models import User
from tests.support.people import person, signed_in

pytestmark = pytest.mark.django_db

API = "/api/v1"


@pytest.fixture
def reader() -> Client:
    return signed_in(Role.REPORTER, email="reader@example.org")


def told(to: User, word: str = "", **arguments) -> Message:
    site, _created = Site.objects.get_or_create(name="Harbour")
    (message,) = tell(kind="test.told", about=site, to=[to], context={"word": word}, **arguments)
    return message


@pytest.fixture
def given_up(settings) -> Delivery:
    """A mail to somebody that could not be delivered."""
    settings.EMAIL_CONFIGURED = True
    told(person(email="gone@example.org", name="Gone Person"))
    delivery = Delivery.objects.get(way=Way.EMAIL)
    delivery.state, delivery.last_error = DeliveryState.DEAD, "550 no such person"
    delivery.save()
    return delivery


def test_the_page_shows_what_is_new_first(reader):
    read, new = told(reader.person, "an old one"), told(reader.person, "a new one")
    mark_read(message_id=read.pk, by=reader.person)
    answer = reader.get("/messages/")
    assert answer.context["page"].rows == [new, read]
    assert "1 message is new" in answer.content.decode()


def test_nobody_sees_what_another_was_told(reader):
    told(person(), "for somebody else")
    page = reader.get("/messages/").content.decode()
    assert "for somebody else" not in page
    assert "Nothing was sent to you yet" in page


def test_what_is_written_in_a_message_is_never_markup(reader):
    told(reader.person, "<script>alert(1)</script>")
    page = reader.get("/messages/").content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;" in page


def test_opening_a_message_reads_it_and_leads_to_its_thing(reader):
    message = told(reader.person, url="/incidents/INC-0001/")
    assert reader.get(f"/messages/{message.pk}/open/").status_code == 405
    answer = reader.post(f"/messages/{message.pk}/open/")
    assert (answer.status_code, answer["Location"]) == (302, "/incidents/INC-0001/")
    message.refresh_from_db()
    first = message.read_at
    reader.post(f"/messages/{message.pk}/open/")
    message.refresh_from_db()
    assert message.read_at == first is not None


def test_another_ones_message_cannot_be_opened(reader):
    message = told(person())
    assert reader.post(f"/messages/{message.pk}/open/").status_code == 404
    assert reader.post(f"/messages/{uuid.uuid4()}/open/").status_code == 404
    message.refresh_from_db()
    assert message.read_at is None


def test_all_of_mine_are_read_at_once_and_nobody_elses(reader):
    other = told(person())
    told(reader.person)
    assert unread_count(reader.person) == 1
    reader.post("/messages/read/")
    assert unread_count(reader.person) == 0
    assert unread_count(other.to) == 1


@pytest.mark.parametrize("url", ["//evil.example", "https://evil.example", "javascript:alert(1)", "incidents/"])
def test_a_message_leads_nowhere_but_into_the_product(url, ada):
    with pytest.raises(ValueError, match="a page of the product"):
        told(ada, url=url)


def test_long_lists_come_in_pages_and_cost_the_same(reader, monkeypatch, django_assert_max_num_queries):
    monkeypatch.setattr("notify.views.messages.PER_PAGE", 5)
    all_of_them = [told(reader.person) for _ in range(8)][::-1]
    first = reader.get("/messages/").context["page"]
    with django_assert_max_num_queries(14):
        second = reader.get(f"/messages/?older={first.older}").context["page"]
    assert first.rows + second.rows == all_of_them
    assert reader.get(f"/messages/?newer={second.newer}").context["page"].rows == first.rows
    for wrong in ("0", "x", f"{10**17}.{all_of_them[0].pk}", "9" * 30):
        assert reader.get(f"/messages/?older={wrong}").context["page"].rows == first.rows


def test_without_signing_in_there_is_nothing():
    assert Client().get("/messages/").status_code == 302
    assert Client().get(f"{API}/messages/").status_code == 401


def test_what_was_given_up_is_seen_and_sent_again_by_administrators(given_up):
    administrator = signed_in(Role.ADMINISTRATOR)
    page = administrator.get("/messages/").content.decode()
    assert "gone@example.org" in page
    assert "550 no such person" in page
    administrator.post(f"/messages/deliveries/{given_up.pk}/retry/")
    given_up.refresh_from_db()
    assert (given_up.state, given_up.tries) == (DeliveryState.QUEUED, 0)
    answer = administrator.post(f"/messages/deliveries/{given_up.pk}/retry/", follow=True)
    assert "Only one that was given up" in answer.content.decode()


def test_auditors_see_it_masked_and_change_nothing(given_up):
    auditor = signed_in(Role.AUDITOR)
    page = auditor.get("/messages/").content.decode()
    assert "g•••@example.org" in page
    assert "gone@example.org" not in page
    assert auditor.post(f"/messages/deliveries/{given_up.pk}/retry/").status_code == 404


def test_others_do_not_see_it_at_all(given_up, reader):
    assert "gone" not in reader.get("/messages/").content.decode()
    assert reader.post(f"/messages/deliveries/{given_up.pk}/retry/").status_code == 404
    assert reader.get(f"{API}/deliveries/").json()["results"] == []
    assert reader.get(f"{API}/deliveries/{given_up.pk}/").status_code == 404


def test_the_api_gives_my_own_messages(reader):
    mine, _others = told(reader.person, "for me"), told(person())
    (row,) = reader.get(f"{API}/messages/?read_at__isnull=true").json()["results"]
    assert (row["id"], row["subject"], row["about_label"]) == (str(mine.pk), "Monday: Harbour for me", "Harbour")
    assert reader.post(f"{API}/messages/{mine.pk}/read/").json()["read_at"] is not None
    assert reader.get(f"{API}/messages/?read_at__isnull=true").json()["results"] == []
    assert reader.get(f"{API}/messages/{_others.pk}/").status_code == 404
    assert reader.post(f"{API}/messages/{_others.pk}/read/").status_code == 404


def test_the_api_reads_all_of_mine(reader):
    told(reader.person)
    assert reader.post(f"{API}/messages/read/").status_code == 204
    assert unread_count(reader.person) == 0


def test_messages_are_not_written_over_the_api(reader):
    mine = told(reader.person)
    assert reader.post(f"{API}/messages/", {}, content_type="application/json").status_code == 405
    assert reader.delete(f"{API}/messages/{mine.pk}/").status_code == 405


def test_the_api_shows_deliveries_by_role(given_up):
    (whole,) = signed_in(Role.ADMINISTRATOR).get(f"{API}/deliveries/?state=dead").json()["results"]
    assert (whole["address"], whole["to_name"], whole["state"]) == ("gone@example.org", "Gone Person", "dead")
    auditor = signed_in(Role.AUDITOR)
    (masked,) = auditor.get(f"{API}/deliveries/?state=dead").json()["results"]
    assert masked["address"] == "g•••@example.org"
    assert auditor.post(f"{API}/deliveries/{given_up.pk}/retry/").status_code == 403


def test_the_api_tries_again_what_was_given_up(given_up):
    administrator = signed_in(Role.ADMINISTRATOR)
    answer = administrator.post(f"{API}/deliveries/{given_up.pk}/retry/")
    assert (answer.status_code, answer.json()["state"]) == (202, "queued")
    again = administrator.post(f"{API}/deliveries/{given_up.pk}/retry/")
    assert (again.status_code, again.json()["code"]) == (409, "delivery_not_given_up")


def test_whoever_breaks_the_glass_is_told_to_all_administrators(settings):
    administrators = [person(Role.ADMINISTRATOR) for _ in range(2)]
    root = person(superuser=True)
    client = Client()
    client.force_login(root)
    received = Message.objects.filter(kind="people.superuser_signed_in")
    assert {message.to for message in received} >= set(administrators)
    assert all(message.urgency == "urgent" for message in received)
    assert timezone.now() >= received[0].created_at
