"""What people are told: to whom, in which language, who decides, and how far it came."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from common.errors import NotAllowed
from incidents import services
from incidents.choices import EventKind, State
from incidents.errors import CannotPublish, IsOver, NotWaiting, Unfit
from incidents.models import Incident, Publication, TimelineEvent, Update, UpdateTemplate
from incidents.selectors import telling
from incidents.selectors.wording import beginnings, filled
from incidents.services import Words
from incidents.telling.choices import Stage
from notify.choices import DeliveryState
from notify.models import Channel, Delivery, Message
from notify.services import add_channel, subscribe
from people import services as people
from people.calendars import WHOLE_DAY
from people.choices import Role
from people.services import add_calendar, create_own_key
from tests.catalog.factories import ServiceFactory
from tests.incidents.factories import person, reported, responder

pytestmark = pytest.mark.django_db

BOTH = {"en": Words("We restore it.", "Invoices"), "zh-hans": Words("正在恢复。", "发票")}


@pytest.fixture
def ana():
    return responder(name="Ana")


@pytest.fixture
def incident(ana):
    return services.acknowledge(incident_id=reported().pk, by=ana)


def posted(incident, by, audience="reporters", **more):
    given = {"texts": BOTH} | more
    return services.post_update(incident_id=incident.pk, by=by, audience=audience, **given)


def page(**more):
    return services.set_up_status_page(by="system:tests", audience="staff", **more)


def program_of(owner):
    program = create_own_key(person=owner, name="Desk", role=Role.RESPONDER, days=1).row.user
    program.groups.add(owner.groups.get())
    return program


def told(update):
    return list(telling.messages_of_update(update))


# programs


def test_programs_hear_of_every_state_once_and_of_nothing_restricted(ana):
    channel: Channel = add_channel(name="Desk", kind="hook", address="https://example.org/h", by="system:tests").row
    subscribe(channel=channel, by="system:tests", kinds=["incident.moved"])
    pk, soon = reported().pk, timezone.now() + timedelta(hours=2)
    services.acknowledge(incident_id=pk, by=ana)
    services.hold(incident_id=pk, by=ana, hold_reason="vendor", reason="They look.", resume_at=soon)
    services.resume(incident_id=pk, by=ana)
    services.resolve(incident_id=pk, by=ana, text="Restored.")
    services.begin_review(incident_id=pk, by=ana)
    services.close(incident_id=pk, by=ana, category="operator")
    heard = Message.objects.filter(kind="incident.moved").order_by("created_at")
    assert [each.data["state"] for each in heard] == [
        "active", "on_hold", "active", "resolved", "in_review", "closed",
    ]  # fmt: skip
    assert Delivery.objects.filter(channel=channel).count() == len(heard)
    secret = reported()
    Incident.objects.filter(pk=secret.pk).update(is_restricted=True)
    services.acknowledge(incident_id=secret.pk, by=ana)
    assert not Message.objects.filter(kind="incident.moved", about_id=secret.pk).exists()


# audiences and languages


def test_everybody_reads_the_update_in_their_own_language(ana):
    chinese, english = person(Role.REPORTER, language="zh-hans"), person(Role.REPORTER)
    incident = services.acknowledge(incident_id=reported(chinese).pk, by=ana)
    services.join(incident_id=incident.pk, by=english)
    update = posted(incident, ana)
    assert {message.to: message.language for message in told(update)} == {chinese: "zh-hans", english: "en"}
    bodies = {message.language: message.body for message in told(update)}
    assert "正在恢复。" in bodies["zh-hans"]
    assert "We restore it." in bodies["en"]


def test_a_text_in_one_language_reaches_those_of_the_other_too(ana, incident):
    reader = person(Role.REPORTER, language="zh-hans")
    services.join(incident_id=incident.pk, by=reader)
    update = posted(incident, ana, texts={"en": Words("Only English.")})
    assert "Only English." in next(each for each in told(update) if each.to == reader).body


def test_stakeholders_are_those_named_those_of_teams_and_those_who_subscribed(ana, incident):
    named, member, subscribed, other = (person(Role.MANAGER) for _each in range(4))
    team = people.add_team(name="Board", members=[member], by="system:tests")
    service = ServiceFactory()
    incident.services.add(service)
    services.name_stakeholder(incident_id=incident.pk, by=ana, person=named)
    services.name_stakeholder(incident_id=incident.pk, by=ana, team=team)
    services.subscribe_to_news(person=subscribed, by=subscribed, severities=[incident.severity], services=[service])
    services.subscribe_to_news(person=other, by=other, severities=[1])
    update = posted(incident, ana, "stakeholders")
    assert {message.to for message in told(update)} == {named, member, subscribed}


def test_a_restricted_incident_is_told_to_nobody_by_subscription(ana, incident):
    subscribed = person(Role.MANAGER)
    services.subscribe_to_news(person=subscribed, by=subscribed)
    Incident.objects.filter(pk=incident.pk).update(is_restricted=True)
    assert told(posted(incident, ana, "stakeholders")) == []


def test_channels_that_subscribed_hear_what_stakeholders_do(ana, incident):
    channel: Channel = add_channel(name="Desk", kind="hook", address="https://example.org/h", by="system:tests").row
    subscribe(channel=channel, by="system:tests", kinds=["incident.stakeholders"])
    posted(incident, ana, "stakeholders")
    assert Delivery.objects.filter(channel=channel, message__kind="incident.stakeholders").count() == 1


def test_a_stakeholder_named_twice_is_named_once_and_a_machine_never(ana, incident):
    who = person(Role.MANAGER)
    for _each in range(2):
        services.name_stakeholder(incident_id=incident.pk, by=ana, person=who)
    assert incident.stakeholders.count() == 1
    with pytest.raises(Unfit):
        services.name_stakeholder(incident_id=incident.pk, by=ana)


@pytest.mark.parametrize(
    "wrong",
    [
        {"texts": {}},
        {"texts": {"en": Words("  ")}},
        {"texts": {"fr": Words("Bonjour")}},
        {"texts": {"en": Words("x" * 10_001)}},
        {"texts": {"en": Words("a\0b")}},
        {"audience": "everybody"},
        {"public_state": "investigating"},
        {"audience": "public", "public_state": "fine"},
        {"audience": "public", "public_state": "resolved", "texts": {"en": Words("No title")}},
    ],
)
def test_what_cannot_be_told_is_refused_and_nothing_is_written(ana, incident, wrong):
    page()
    with pytest.raises(Unfit):
        posted(incident, ana, **{"audience": "reporters", **wrong})
    assert not Update.objects.exists()


def test_of_what_is_over_nobody_is_told(ana, incident):
    services.resolve(incident_id=incident.pk, by=ana)
    services.close(incident_id=incident.pk, by=ana)
    with pytest.raises(IsOver):
        posted(incident, ana)


def test_the_page_counts_what_reached_whom_and_names_what_failed(ana, incident, settings):
    settings.EMAIL_CONFIGURED = True
    update = posted(incident, ana)
    mail = Delivery.objects.get(message__dedupe_key__startswith=f"update:{update.pk}", way="email")
    Delivery.objects.filter(pk=mail.pk).update(state=DeliveryState.DEAD, last_error="550 nobody here")
    found = telling.telling_of(incident, ana, timezone.now()).told[0]
    assert (found.people, found.failed, [each.pk for each in found.failures]) == (1, 1, [mail.pk])
    assert found.reached == {"In Holdfast": 1}


def test_the_page_of_an_incident_asks_the_same_number_of_questions_whatever_was_told(
    ana, incident, django_assert_max_num_queries
):
    for _each in range(3):
        posted(incident, ana)
    with django_assert_max_num_queries(24):
        telling.telling_of(Incident.objects.get(pk=incident.pk), ana, timezone.now())


# what everybody reads


def test_without_a_status_page_nothing_is_published(ana, incident):
    with pytest.raises(Unfit):
        posted(incident, ana, "public", public_state="investigating")
    assert not Update.objects.exists()


def test_publishing_writes_what_the_public_knows_and_the_timeline(ana, incident):
    page()
    posted(incident, ana, "public", public_state="investigating")
    known = Publication.objects.get(incident=incident)
    assert (known.state, known.resolved_at) == ("investigating", None)
    event = TimelineEvent.objects.get(incident=incident, kind=EventKind.PUBLISHED)
    assert event.text == "We restore it.\n\n正在恢复。"
    posted(incident, ana, "public", public_state="resolved")
    known.refresh_from_db()
    assert known.resolved_at is not None


def test_where_a_second_person_publishes_the_author_waits_and_cannot_approve(ana, incident):
    page(needs_second_person=True)
    update = posted(incident, ana, "public", public_state="investigating")
    assert update.stage == Stage.WAITING
    assert not Publication.objects.exists()
    with pytest.raises(NotAllowed):
        services.approve_update(update_id=update.pk, by=ana)
    with pytest.raises(NotAllowed):
        services.approve_update(update_id=update.pk, by=program_of(ana))
    services.approve_update(update_id=update.pk, by=responder())
    assert Publication.objects.filter(incident=incident).exists()
    with pytest.raises(NotWaiting):
        services.approve_update(update_id=update.pk, by=responder())


def test_what_waits_is_not_published_any_more_once_the_incident_was_merged(ana, incident):
    page(needs_second_person=True)
    update = posted(incident, ana, "public", public_state="investigating")
    services.merge(incident_id=incident.pk, into_id=reported().pk, by=ana)
    ben = responder()
    with pytest.raises(IsOver):
        services.approve_update(update_id=update.pk, by=ben)
    assert not Publication.objects.exists()
    services.decline_update(update_id=update.pk, by=ben, reason="It is part of another.")


def test_those_who_may_decide_are_asked_and_the_author_hears_why_not(ana, incident):
    page(needs_second_person=True)
    update = posted(incident, ana, "public", public_state="investigating")
    ben = responder()
    services.decline_update(update_id=update.pk, by=ben, reason="It names a customer.")
    assert not Publication.objects.exists()
    assert "It names a customer." in Message.objects.get(kind="incident.update_declined", to=ana).body


def test_only_those_who_work_on_it_decide(incident, ana):
    page(needs_second_person=True)
    update = posted(incident, ana, "public", public_state="investigating")
    with pytest.raises(CannotPublish):
        services.approve_update(update_id=update.pk, by=person(Role.REPORTER))


def test_a_withdrawn_incident_is_off_the_page_until_something_new_is_said(ana, incident):
    page()
    posted(incident, ana, "public", public_state="investigating")
    services.unpublish(incident_id=incident.pk, by=ana, reason="Wrong service.")
    assert Publication.objects.get().withdrawn_at is not None
    posted(incident, ana, "public", public_state="identified")
    assert Publication.objects.get().withdrawn_at is None


def test_the_database_refuses_a_public_update_without_a_state(incident):
    with pytest.raises(IntegrityError), transaction.atomic():
        Update.objects.create(incident=incident, audience="public")


# texts to begin with


def test_a_text_is_filled_with_what_is_known_and_says_what_is_not(ana, incident):
    chosen = next(each for each in beginnings("stakeholders") if each.code == "stakeholders-state")
    _title, text = filled(chosen, incident)["en"]
    assert incident.reference in text
    assert "not known yet" in text
    assert "{" not in text


def test_for_the_public_neither_title_nor_services_of_those_at_work_are_filled_in(ana, incident):
    Incident.objects.filter(pk=incident.pk).update(title="Firewall fw3 is breached", reported_as="")
    incident.refresh_from_db()
    incident.services.add(ServiceFactory(name="Secret core"))
    said = [filled(each, incident) for each in beginnings("public")]
    assert "fw3" not in str(said)
    assert "Secret core" not in str(said)


def test_times_in_a_text_are_the_organisations_wherever_the_writer_is(ana, incident):
    chosen = next(each for each in beginnings("public") if each.code == "public-investigating")
    incident.occurred_at = timezone.now() - timedelta(days=3)
    at_home = filled(chosen, incident, ["Invoicing"])
    with timezone.override("Pacific/Kiritimati"):
        assert filled(chosen, incident, ["Invoicing"]) == at_home


def test_a_text_of_the_organisation_replaces_the_products_of_the_same_code():
    values = {"audience": "reporters", "public_state": "", "name": "Ours", "title": "", "text": "Ours: {next}"}
    services.keep_template(by="system:tests", code="reporters-working", language="en", **values)
    found = {each.code: each.name for each in beginnings("reporters")}
    assert found["reporters-working"] == "Ours"


@pytest.mark.parametrize(
    "wrong", [{"text": "{secret}"}, {"public_state": "resolved"}, {"audience": "public"}, {"language": "fr"}]
)
def test_a_text_names_only_what_there_is(wrong):
    values = {"audience": "reporters", "public_state": "", "name": "x", "title": "", "text": "x", "language": "en"}
    with pytest.raises(Unfit):
        services.keep_template(by="system:tests", code="x", **{**values, **wrong})
    assert not UpdateTemplate.objects.exists()


def test_a_text_says_when_the_next_news_come_as_the_time_limit_promises(ana, incident):
    always = add_calendar(name="Always", hours=dict.fromkeys(range(7), (WHOLE_DAY,)), by="system:tests")
    services.promise(severity=3, calendar=always, update_every=timedelta(hours=2), by="system:tests")
    now = timezone.now()
    assert telling.next_update_by(incident, now) == now + timedelta(hours=2)
    assert telling.telling_of(incident, ana, now).next_due == telling.update_clock(incident, now).due_at
    assert telling.next_update_by(Incident(state=State.ON_HOLD, severity=4, reported_at=now), now) is None
