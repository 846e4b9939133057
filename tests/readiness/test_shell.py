"""The frame around every page."""

from datetime import timedelta

import pytest
from django.http import HttpRequest
from django.utils import timezone

from common.error_pages import server_error
from incidents.choices import State
from incidents.models import Incident
from notify.models import Message
from people.choices import Role
from tests.readiness.people import person

pytestmark = pytest.mark.django_db


def incident(**fields) -> Incident:
    fields = {"title": "Mail is down", "tracking_token": f"token-{Incident.objects.count()}"} | fields
    if fields.get("state") == State.ACTIVE:
        fields["acknowledged_at"] = timezone.now()
    return Incident.objects.create(**fields)


def page_of(client, *roles, address="/", **fields) -> str:
    client.force_login(person(*roles, **fields))
    return client.get(address).content.decode()


def test_a_page_says_who_reads_it_and_in_which_role(client):
    page = page_of(client, Role.MANAGER)
    assert "Mei Lin" in page
    assert "Manager" in page


def test_a_reporter_sees_no_way_to_backups_tests_or_administration(client):
    page = page_of(client, Role.REPORTER)
    assert 'href="/report/"' in page
    assert 'href="/backups/"' not in page
    assert 'href="/restore-tests/"' not in page
    assert 'href="/admin/"' not in page


def test_an_auditor_reads_everything_and_is_not_asked_to_report(client):
    page = page_of(client, Role.AUDITOR)
    assert 'href="/backups/"' in page
    assert 'href="/report/"' not in page


def test_an_administrator_finds_the_administration(client):
    assert 'href="/admin/"' in page_of(client, Role.ADMINISTRATOR, is_staff=True)


def test_a_severe_live_incident_stands_at_the_top_of_every_page(client):
    incident(severity=1)
    page = page_of(client, Role.RESPONDER)
    assert 'class="watch"' in page
    assert "Mail is down" in page


def test_the_bar_says_how_long_it_lasts_without_a_script(client):
    incident(severity=1, reported_at=timezone.now() - timedelta(minutes=24))
    page = page_of(client, Role.RESPONDER)
    assert ">24\xa0min</time>" in page.partition("Open for")[2][:300]


def test_the_bar_is_absent_on_quiet_days(client):
    incident(severity=3)
    incident(severity=1, state=State.RESOLVED, resolved_at=timezone.now())
    assert 'class="watch"' not in page_of(client, Role.RESPONDER)


def test_a_reporter_is_not_shown_the_incidents_of_others(client):
    incident(severity=1)
    assert "Mail is down" not in page_of(client, Role.REPORTER)


def test_messages_that_are_not_read_are_counted(client):
    me = person(Role.RESPONDER)
    for number in range(2):
        Message.objects.create(
            to=me, kind="k", about_type="t", about_id="1", about_label="l", language="en", subject="s", body="b",
            dedupe_key=f"key-{number}",
        )  # fmt: skip
    client.force_login(me)
    assert client.get("/").context["shell"].unread == 2


def test_the_chosen_theme_is_written_into_the_page(client):
    assert 'data-theme="dark"' in page_of(client, Role.MANAGER, theme="dark")


def test_without_a_choice_the_device_decides(client):
    assert "data-theme=" not in page_of(client, Role.MANAGER)


def test_language_and_theme_are_plain_forms(client):
    page = page_of(client, Role.MANAGER)
    assert page.count('action="/preferences/"') >= 2
    assert 'name="language" value="zh-hans"' in page
    assert 'name="theme" value="dark"' in page


def test_nothing_inline_that_the_policy_of_the_browser_would_refuse(client):
    page = page_of(client, Role.MANAGER)
    assert " style=" not in page
    assert "<style" not in page
    assert " onclick" not in page
    assert "<script>" not in page


def test_a_visitor_is_asked_to_sign_in(client):
    assert client.get("/").status_code == 302


def test_the_page_about_a_failure_needs_neither_database_nor_session(django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = server_error(HttpRequest())
    assert answer.status_code == 500
    assert "<h1>Something broke on our side</h1>" in answer.content.decode()
    assert "<form" not in answer.content.decode()


def test_the_navigation_leads_only_where_there_is_something(client):
    client.force_login(person(Role.ADMINISTRATOR, is_staff=True))
    shell = client.get("/").context["shell"]
    for place in [*shell.dock, *(place for group in shell.places for place in group.places)]:
        assert client.get(place.url).status_code in {200, 302}


def test_somebody_without_a_role_has_a_dock_without_repeats(client):
    client.force_login(person())
    names = [place.name for place in client.get("/").context["shell"].dock]
    assert len(names) == len(set(names)) == 4


def test_very_many_live_incidents_are_counted_but_not_all_read(client):
    for number in range(53):
        incident(severity=3, tracking_token=f"many-{number}")
    client.force_login(person(Role.RESPONDER))
    shell = client.get("/").context["shell"]
    assert (shell.live_count, len(shell.live)) == (53, 7)


def test_the_bar_counts_every_severe_incident_however_many_there_are(client, monkeypatch):
    monkeypatch.setattr("readiness.shell.LIVE_SHOWN", 2)
    for number in range(4):
        incident(severity=2, tracking_token=f"many-{number}")
    client.force_login(person(Role.RESPONDER))
    assert client.get("/").context["shell"].watch_others == 3


def test_everybody_with_a_role_finds_who_is_here_and_the_place_is_marked(client):
    page = page_of(client, Role.REPORTER, address="/people/")
    rail, _main, dock = page.partition("</main>")
    assert 'href="/people/" aria-current="page"' in rail
    assert 'href="/people/" aria-current="page"' in dock


def test_without_a_role_nobody_is_led_to_the_people(client):
    assert 'href="/people/"' not in page_of(client, address="/account/")
