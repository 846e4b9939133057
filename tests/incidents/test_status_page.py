"""The status page: what it says, who may read it, how it is kept, and whom it writes to."""

import json
import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from incidents import services
from incidents.errors import Unfit
from incidents.models import Publication, StatusSubscriber
from incidents.services import Words, publishing
from incidents.status import files, history
from incidents.status.history import Said, Span
from notify.adapters.mail import composed
from notify.models import Delivery, Message
from notify.services.handing import as_mail
from people.choices import Role
from tests.catalog.factories import ServiceFactory
from tests.incidents.factories import person, reported, responder

pytestmark = pytest.mark.django_db
#: Of a form: another one on each page.
TOKEN = r"[A-Za-z0-9]{64}"
TEXTS = {"en": Words("Bills cannot be <b>found</b>.", "Bills & co"), "zh-hans": Words("找不到账单。", "账单")}


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path, monkeypatch):
    """Files are no rows: nothing takes them back at the end of a test."""
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(publishing, "_written", "")


@pytest.fixture
def ana():
    return responder()


@pytest.fixture
def entry():
    services.set_up_status_page(by="system:tests", audience="public")
    names = {"en": ("Invoicing", "Finance"), "zh-hans": ("发票", "财务")}
    return services.list_service(by="system:tests", names=names, service=ServiceFactory(name="inv-core-3"))


@pytest.fixture
def incident(ana):
    made = services.acknowledge(incident_id=reported(title="Core fw3 is down").pk, by=ana)
    made.refresh_from_db()
    return made


def publish(incident, ana, entry, state="investigating", effect="major", **more):
    given = {"texts": TEXTS, "public_state": state, "effects": {entry: effect}} | more
    update = services.post_update(incident_id=incident.pk, by=ana, audience="public", **given)
    written()
    return update


def written():
    return services.write_status_page(now=timezone.now())


def read(path="/status/en/", **headers):
    return Client().get(path, headers=headers)


# what it says


def test_nothing_of_an_incident_is_there_before_a_person_published_it(incident, entry):
    written()
    page = read().text
    assert "Everything is working" in page
    assert "Invoicing" in page
    assert incident.reference not in page
    assert "inv-core-3" not in page


def test_what_is_published_stands_there_in_each_language_and_never_as_html(incident, ana, entry):
    publish(incident, ana, entry)
    english, chinese = read().text, read("/status/zh-hans/").text
    assert "One service is disrupted" in english
    assert "Bills &amp; co" in english
    assert "<b>found" not in english
    assert "找不到账单。" in chinese
    assert "Core fw3" not in english + chinese


def test_it_speaks_the_language_of_the_browser_at_its_short_address(entry):
    written()
    assert read("/status/", accept_language="zh-CN,en;q=0.5")["Content-Language"] == "zh-hans"
    assert read("/status/", accept_language="fr")["Content-Language"] == "en"
    assert read("/status/")["Vary"] == "Accept-Language"


def test_each_published_incident_has_a_page_a_feed_and_json(incident, ana, entry):
    publish(incident, ana, entry)
    known = Publication.objects.get()
    assert "Bills &amp; co" in read(f"/status/en/incidents/{known.pk}/").text
    feed = read("/status/en/feed.atom")
    assert feed["Content-Type"].startswith("application/atom+xml")
    assert "Looking into it: Bills &amp; co" in feed.text
    publish(incident, ana, entry)
    written()
    assert len(set(re.findall("<id>[^<]*#.*?</id>", read("/status/en/feed.atom").text))) == 2  # in one second
    body = json.loads(read("/status/status.json").text)
    assert body["state"] == "major"
    assert body["incidents"][0]["title"] == {"en": "Bills & co", "zh-hans": "账单"}
    assert body["services"][0]["days"][-1]["state"] == "major"
    assert {each["state"] for each in body["services"][0]["days"][:-2]} == {"unknown"}


def test_resolved_it_is_history_and_the_service_works_again(incident, ana, entry):
    publish(incident, ana, entry)
    publish(incident, ana, entry, "resolved", "operational")
    page = read().text
    assert "Everything is working" in page
    assert "Resolved in" in page
    assert "Bills &amp; co" in read("/status/en/history/").text


def test_withdrawn_nothing_of_it_is_left(incident, ana, entry):
    publish(incident, ana, entry)
    services.unpublish(incident_id=incident.pk, by=ana, reason="Wrong.")
    written()
    assert "Bills" not in read().text
    assert read(f"/status/en/incidents/{Publication.objects.get().pk}/").status_code == 404
    publish(incident, ana, entry, "identified", "degraded", texts={"en": Words("Restoring.", "Invoices")})
    written()
    for path in ("", f"incidents/{Publication.objects.get().pk}/", "feed.atom", "history/"):
        text = read(f"/status/en/{path}").text
        assert "Invoices" in text
        assert "Bills" not in text
    body = json.loads(read("/status/status.json").text)
    assert [each["state"] for each in body["incidents"][0]["updates"]] == ["identified"]


def test_planned_work_is_announced_and_then_shown_as_maintenance(entry):
    now = timezone.now()
    services.plan_work(
        by="system:tests",
        starts_at=now - timedelta(minutes=1),
        ends_at=now + timedelta(hours=1),
        texts={"en": ("Move of the archive", "")},
        entries=[entry],
    )
    written()
    assert "Move of the archive" in read().text
    assert "Planned maintenance is under way" in read().text


# how it is served


def test_it_is_served_without_one_question_to_the_database_and_without_cookies(
    incident, ana, entry, django_assert_num_queries
):
    publish(incident, ana, entry)
    with django_assert_num_queries(0):
        answer = read()
        feed = read("/status/en/feed.atom")
    assert answer.status_code == feed.status_code == 200
    assert not answer.cookies
    assert "Content-Security-Policy" in answer
    assert "Checked just now" in answer.text
    assert "max-age" in answer["Cache-Control"]


def test_what_a_browser_has_already_is_not_sent_again(entry):
    written()
    again = read(if_none_match=read()["ETag"])
    assert (again.status_code, again.content) == (304, b"")


def test_once_nobody_could_check_it_it_says_so(entry):
    written()
    files.mark_checked(timezone.now() - timedelta(hours=2))
    page = read().text
    assert "could not be brought up to date" in page
    assert "2 hours ago" in page


def test_it_is_written_anew_only_when_it_says_something_else(incident, ana, entry):
    assert written()
    assert not written()
    services.set_up_status_page(by="system:tests", takes_subscribers=False)
    assert written()


def test_how_long_it_is_disrupted_grows_while_it_lasts(incident, ana, entry):
    publish(incident, ana, entry)
    services.write_status_page(now=timezone.now() + timedelta(hours=2, minutes=5))
    first = re.search("Disrupted for [^,]*", read().text)
    assert services.write_status_page(now=timezone.now() + timedelta(hours=5, minutes=5))
    assert re.search("Disrupted for [^,]*", read().text)[0] != first[0]
    publish(incident, ana, entry, "resolved", "operational")
    services.write_status_page(now=timezone.now())
    assert not services.write_status_page(now=timezone.now() + timedelta(minutes=1))


def test_writing_it_asks_the_same_number_of_questions_however_much_was_published(
    ana, entry, django_assert_max_num_queries
):
    for number in range(3):
        other = services.acknowledge(incident_id=reported(description=f"No {number}").pk, by=ana)
        services.post_update(
            incident_id=other.pk,
            by=ana,
            audience="public",
            public_state="identified",
            texts=TEXTS,
            effects={entry: "partial"},
        )
    with django_assert_max_num_queries(16):
        written()


def test_a_file_that_was_cut_off_is_as_if_there_were_none(entry):
    written()
    (files.folder() / files.NAME).write_text("{", "utf-8")
    assert files.read() is None
    assert read().status_code == 200


def test_switched_off_nobody_reads_it_and_nothing_is_left(entry):
    written()
    services.set_up_status_page(by="system:tests", audience="off")
    written()
    assert files.read() is None
    assert read().status_code == 404


def test_for_staff_only_others_have_to_sign_in_first(entry):
    services.set_up_status_page(by="system:tests", audience="staff")
    written()
    assert read().status_code == 302
    client = Client()
    client.force_login(person(Role.REPORTER))
    assert "Invoicing" in client.get("/status/en/").text
    stranger = person(Role.REPORTER)
    stranger.groups.clear()
    client.force_login(stranger)
    assert client.get("/status/en/").status_code == 404


@pytest.mark.parametrize("path", ["../../etc/passwd", "en/incidents/x/", "en", "%00", "en/feed.rss", "x" * 3000])
def test_what_is_not_there_is_not_there(path, entry):
    written()
    assert read(f"/status/{path}").status_code in (400, 404)


# days


def test_days_are_the_worst_that_was_published_and_unknown_before_the_page_was_kept():
    now = datetime(2026, 3, 10, 12, tzinfo=UTC)
    spans = [
        Span("a", "degraded", now - timedelta(days=2, hours=1), now - timedelta(days=2)),
        Span("a", "major", now - timedelta(days=2), now - timedelta(days=2) + timedelta(minutes=5)),
    ]
    days = history.days_of(spans, since=now - timedelta(days=4), now=now, zone=ZoneInfo("UTC"))
    assert [day.effect for day in days[-6:]] == [
        "unknown",
        "operational",
        "operational",
        "major",
        "operational",
        "operational",
    ]
    assert history.disrupted(spans, since=now - timedelta(days=4), now=now) == timedelta(minutes=65)


def test_what_a_later_update_does_not_name_stays_as_it_was_until_it_is_over():
    at = datetime(2026, 3, 10, 12, tzinfo=UTC)
    hour = timedelta(hours=1)
    said = [Said(at, {"a": "major", "b": "degraded"}), Said(at + hour, {"a": "partial"}), Said(at + 2 * hour, {}, True)]
    spans = history.spans_of(at - hour, said)
    assert {(span.entry, span.effect, span.starts_at, span.ends_at) for span in spans} == {
        ("a", "major", at - hour, at + hour),
        ("a", "partial", at + hour, at + 2 * hour),
        ("b", "degraded", at - hour, at + 2 * hour),
    }


def test_a_day_is_a_day_of_the_organisations_zone():
    now = datetime(2026, 3, 10, 20, tzinfo=UTC)  # the 11th in Shanghai
    spans = [Span("a", "major", now - timedelta(hours=1), now)]
    days = history.days_of(spans, since=now - timedelta(days=9), now=now, zone=ZoneInfo("Asia/Shanghai"))
    assert (days[-1].day.day, days[-1].effect) == (11, "major")


# subscribing


@pytest.fixture
def with_mail(settings):
    settings.EMAIL_CONFIGURED = True


def token_in(kind="status.confirm"):
    return Message.objects.filter(kind=kind).latest("created_at").url.split("/")[-2]


def test_nobody_is_written_to_before_the_owner_of_the_address_confirmed(incident, ana, entry, with_mail):
    answer = Client().post("/status/subscribe/", {"address": "Kim@Example.org", "language": "zh-hans"})
    assert "Look into your mailbox" in answer.text
    publish(incident, ana, entry)
    assert not Message.objects.filter(kind="status.published").exists()
    token = token_in()
    assert Client().get(f"/status/confirm/{token}/").status_code == 200
    assert StatusSubscriber.objects.get().confirmed_at is None
    Client().post(f"/status/confirm/{token}/")
    update = publish(incident, ana, entry, "identified")
    message = Message.objects.get(kind="status.published")
    assert (message.language, message.dedupe_key.startswith(f"update:{update.pk}:")) == ("zh-hans", True)
    assert Delivery.objects.get(message=message).address == "kim@example.org"


def test_while_the_page_is_for_staff_no_stranger_is_written_to(incident, ana, entry, with_mail):
    former = person(Role.REPORTER, is_active=False)
    for address in ("kim@example.org", ana.email, former.email):
        StatusSubscriber.objects.create(address=address, language="en", confirmed_at=timezone.now())
    services.set_up_status_page(by="system:tests", audience="staff")
    publish(incident, ana, entry)
    told = Delivery.objects.filter(message__kind="status.published").values_list("address", flat=True)
    assert list(told) == [ana.email]
    client = Client()
    client.force_login(ana)
    assert client.post("/status/subscribe/", {"address": "lee@example.org"}).status_code == 400
    assert client.post("/status/subscribe/", {"address": person(Role.REPORTER).email}).status_code == 200
    assert Message.objects.filter(kind="status.confirm").count() == 1


def test_one_post_without_a_cookie_ends_it_and_forgets_the_address(with_mail, entry):
    row = StatusSubscriber.objects.create(address="kim@example.org", language="en", confirmed_at=timezone.now())
    client = Client(enforce_csrf_checks=True)
    for _each in range(2):
        assert client.post(f"/status/unsubscribe/{row.token}/", {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not StatusSubscriber.objects.exists()


def test_the_answer_is_the_same_whether_an_address_is_known_or_not(with_mail, entry):
    services.ask_subscription(address="kim@example.org", language="en")
    services.confirm_subscription(token=StatusSubscriber.objects.get().token)
    pages = [
        re.sub(r"\b\w{64}\b", "", Client().post("/status/subscribe/", {"address": address}).text)
        for address in ("kim@example.org", "new@example.org")
    ]
    assert pages[0] == pages[1]


def test_without_a_mail_server_nobody_is_led_to_subscribe(settings, entry):
    for is_configured, status in ((False, 404), (True, 200)):
        settings.EMAIL_CONFIGURED = is_configured
        written()
        assert ("/status/subscribe/" in read().text) == is_configured
        assert Client().get("/status/subscribe/").status_code == status


def test_who_asks_again_for_a_known_address_does_not_change_its_language(with_mail, entry):
    services.ask_subscription(address="kim@example.org", language="en")
    StatusSubscriber.objects.update(confirmed_at=timezone.now(), asked_at=timezone.now() - timedelta(days=1))
    services.ask_subscription(address="kim@example.org", language="zh-hans")
    assert StatusSubscriber.objects.get().language == "en"
    assert set(Message.objects.filter(kind="status.confirm").values_list("language", flat=True)) == {"en"}


def test_the_same_address_is_written_to_once_in_a_while_and_many_are_not_at_once(with_mail, entry, monkeypatch):
    for _each in range(3):
        services.ask_subscription(address="kim@example.org", language="en")
    assert Message.objects.filter(kind="status.confirm").count() == 1
    monkeypatch.setattr("incidents.services.listening.MOST_AN_HOUR", 1)
    services.ask_subscription(address="lee@example.org", language="en")
    assert StatusSubscriber.objects.count() == 1


@pytest.mark.parametrize(
    "address", ["", "nobody", "a@b", "a\r\nBcc: x@example.org", "x" * 250 + "@example.org", "a\0@example.org"]
)
def test_what_is_no_address_is_refused(address, with_mail, entry):
    assert Client().post("/status/subscribe/", {"address": address}).status_code == 400
    with pytest.raises(Unfit):
        services.ask_subscription(address=address, language="en")
    assert not StatusSubscriber.objects.exists()


def test_a_link_counts_two_days_and_what_nobody_confirmed_is_forgotten(with_mail, entry):
    services.ask_subscription(address="kim@example.org", language="en")
    token, later = StatusSubscriber.objects.get().token, timezone.now() + timedelta(days=3)
    assert services.confirm_subscription(token=token, now=later) is None
    assert services.forget_unconfirmed(now=later) == 1


def test_a_mail_to_a_subscriber_names_the_page_that_ends_it_as_programs_read_it(incident, ana, entry, with_mail):
    row = StatusSubscriber.objects.create(address="kim@example.org", language="en", confirmed_at=timezone.now())
    publish(incident, ana, entry)

    delivery = Delivery.objects.get(message__kind="status.published", way="email")
    mail = composed(as_mail(delivery, delivery.address))
    assert mail.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert f"/status/unsubscribe/{row.token}/" in mail.extra_headers["List-Unsubscribe"]
    assert f"/status/unsubscribe/{row.token}/" in mail.body


def test_writing_to_many_asks_no_more_questions_than_to_one(incident, ana, entry, with_mail):
    now = timezone.now()
    StatusSubscriber.objects.bulk_create(
        StatusSubscriber(address=f"k{number}@example.org", language="en", confirmed_at=now) for number in range(200)
    )
    connection.queries_log.clear()
    connection.force_debug_cursor = True
    try:
        publish(incident, ana, entry)
        assert len(connection.queries) < 80
    finally:
        connection.force_debug_cursor = False
    assert Delivery.objects.filter(message__kind="status.published").count() == 200
