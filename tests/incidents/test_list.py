"""The list of incidents: filters in the address, views that are kept."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.http import QueryDict
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from incidents import selectors, services
from incidents.choices import State
from incidents.errors import TooManyViews, Unfit
from incidents.models import FirstView, Incident, SavedView
from incidents.selectors import Wanted, views_of
from incidents.services import lists
from ledger.models import Entry
from people.choices import Role
from people.services import add_team
from tests.catalog.factories import ServiceFactory, SystemFactory
from tests.incidents.factories import person, reported, responder

pytestmark = pytest.mark.django_db

VIEWS = "/api/v1/incident-views/"


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def found(user, query) -> set[Incident]:
    return set(selectors.found(user, Wanted.parse(query)).rows)


@pytest.fixture
def me():
    return responder(name="Ana Berg")


def test_every_filter_finds_its_own_and_no_other(me):
    service, system, team = ServiceFactory(), SystemFactory(), add_team(name="Network", members=[me], by="system:tests")
    plain, special = reported(), reported(services=[service], systems=[system])
    week_ago = timezone.now() - timedelta(days=8)
    Incident.objects.filter(pk=special.pk).update(
        severity=1, owner=me, team=team, category="attack", source="phone", is_major=True, reported_at=week_ago
    )
    for query in (
        "severity=1", "severity=1&severity=2", f"service={service.pk}", f"system={system.pk}", f"team={team.pk}",
        "owner=me", "owner=mine", "owner=teams", f"owner={me.pk}", "category=attack", "source=phone", "major=yes",
        "age=older", f"until={week_ago.date()}", f"since={week_ago.date()}&until={week_ago.date()}",
    ):  # fmt: skip
        assert found(me, query) == {special}, query
    for query in ("owner=nobody", "age=week", "severity=3"):
        assert found(me, query) == {plain}, query
    assert found(me, "severity=1&severity=3") == {plain, special}


def test_what_an_address_says_comes_back_as_the_same_address():
    said = "state=all&severity=1&severity=2&owner=teams&category=attack&major=yes&since=2026-01-01&sort=oldest&q=x"
    assert Wanted.parse(said).address == said


@pytest.mark.parametrize(
    "query",
    ["service=1", "since=2026-13-45", "until=9999-12-31", "age=never", "sort=random", "major=maybe",
     "severity=0&severity=a", "team=" + "0" * 36, "category=x&source=y", "state=triage&state=live"],
)  # fmt: skip
def test_what_makes_no_sense_is_as_if_it_were_not_said(me, query):
    assert client_of(me).get(f"/incidents/?{query}").status_code == 200
    assert client_of(me).get(f"/incidents/board/?{query}").status_code == 200


def test_a_filter_is_let_go_by_its_chip(me):
    service = ServiceFactory(name="Mail")
    page = client_of(me).get(f"/incidents/?service={service.pk}&severity=1")
    (chip,) = page.context["chosen"]
    assert chip.label == "Service: Mail"
    assert QueryDict(chip.url.partition("?")[2]).dict() == {"severity": "1"}


def test_it_is_sorted_as_wanted(me):
    old, new = reported(badness="noticed"), reported(badness="stopped")
    Incident.objects.filter(pk=old.pk).update(reported_at=timezone.now() - timedelta(days=1))
    sorts = {sort: list(client_of(me).get(f"/incidents/?sort={sort}").context["page"]) for sort in ("worst", "oldest")}
    assert sorts == {"worst": [new, old], "oldest": [old, new]}


def test_a_view_is_kept_shown_and_begun_with(me):
    client = client_of(me)
    answer = client.post("/incidents/views/", {"name": "The worst", "query": "severity=1&nonsense=2"})
    assert answer.url == "/incidents/?severity=1"
    view = SavedView.objects.get()
    assert "The worst" in client.get("/incidents/?state=all").text
    client.post("/incidents/views/first/", {"view": view.pk})
    assert client.get("/incidents/").url == "/incidents/?severity=1"
    assert client.get("/incidents/?state=live").status_code == 200
    client.post("/incidents/views/first/")
    assert client.get("/incidents/").status_code == 200


def test_a_view_is_shared_with_a_team_of_ones_own_and_only_its_owner_changes_it(me):
    bo, stranger = responder(), responder()
    team = add_team(name="Network", members=[me, bo], by="system:tests")
    view = services.save_view(by=me, name="Ours", query="owner=teams", team=team)
    assert [list(views_of(each)) for each in (bo, stranger)] == [[view], []]
    assert client_of(bo).get(f"/incidents/views/{view.pk}/").status_code == 404
    assert client_of(bo).post(f"/incidents/views/{view.pk}/remove/").status_code == 404
    with pytest.raises(Unfit):
        services.save_view(by=stranger, name="Theirs", query="", team=team)
    assert Entry.objects.filter(verb="saved_view.shared", subject_id=str(view.pk)).count() == 1


def test_views_of_ones_own_are_nobodys_business(me):
    before = Entry.objects.count()
    view = services.save_view(by=me, name="Mine", query="q=secret")
    services.change_view(view_id=view.pk, by=me, changes={"name": "Still mine"})
    assert Entry.objects.count() == before


@pytest.mark.parametrize("name", ["", "   ", "x" * 61])
def test_a_name_that_is_none_is_refused(me, name):
    with pytest.raises(Unfit):
        services.save_view(by=me, name=name, query="")
    assert client_of(me).post("/incidents/views/", {"name": name, "query": ""}).status_code == 400


def test_a_name_is_one_views_whatever_its_letters(me):
    services.save_view(by=me, name="Mine", query="")
    assert client_of(me).post("/incidents/views/", {"name": "MINE", "query": ""}).status_code == 400
    with pytest.raises(IntegrityError), transaction.atomic():
        SavedView.objects.create(owner=me, name="mINE", query="")


def test_there_is_an_end_to_views(me, monkeypatch):
    monkeypatch.setattr(lists, "MOST", 1)
    services.save_view(by=me, name="One", query="")
    with pytest.raises(TooManyViews):
        services.save_view(by=me, name="Two", query="")


def test_a_view_that_is_removed_is_begun_with_no_more(me):
    view = services.save_view(by=me, name="One", query="severity=1")
    services.begin_with(by=me, view_id=view.pk)
    services.begin_with(by=me, view_id=view.pk)
    services.remove_view(view_id=view.pk, by=me)
    assert not FirstView.objects.exists()
    assert client_of(me).get("/incidents/").status_code == 200


def test_a_program_keeps_views_too(me):
    program = APIClient()
    program.force_login(me)
    made = program.post(VIEWS, {"name": "Mine", "query": "owner=me"}, format="json")
    assert (made.status_code, made.json()["query"]) == (201, "owner=me")
    address = f"{VIEWS}{made.json()['id']}/"
    assert program.patch(address, {"name": "Yours"}, format="json").status_code == 428
    changed = program.patch(address, {"name": "Yours"}, format="json", headers={"If-Match": '"1"'})
    assert (changed.status_code, changed.json()["name"]) == (200, "Yours")
    assert program.delete(address, headers={"If-Match": '"1"'}).status_code == 412
    assert program.delete(address, headers={"If-Match": '"2"'}).status_code == 204
    assert program.get(VIEWS).json()["results"] == []


def test_reporters_have_neither_views_nor_board():
    client = client_of(person(Role.REPORTER))
    assert client.get("/incidents/views/").status_code == 404
    assert client.get("/incidents/board/").url == "/report/mine/"


def test_of_the_board_and_the_list_each_leads_to_the_other_with_the_same_filters(me):
    page = client_of(me).get(f"/incidents/?severity=1&state={State.TRIAGE}").text
    assert "/incidents/board/?state=triage&amp;severity=1" in page
