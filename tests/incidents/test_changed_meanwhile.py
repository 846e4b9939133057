"""Two people change one incident at once: the second reads what the first did, and loses no word."""

import pytest
from django.db import Error, connection, transaction
from django.test import Client
from django.utils.translation import override
from rest_framework.test import APIClient

from incidents import services
from incidents.choices import State
from incidents.errors import ChangedSince
from incidents.models import TimelineEvent
from ledger.models import Entry
from tests.catalog.factories import SystemFactory
from tests.incidents.factories import reported, responder

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana():
    return responder(name="Ana Berg")


@pytest.fixture
def incident(ana):
    return services.acknowledge(incident_id=reported().pk, by=ana)


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def describe(incident, by, **changes):
    return services.describe(incident_id=incident.pk, by=by, changes=changes)


def stale(incident, version) -> ChangedSince:
    with pytest.raises(ChangedSince) as refused:
        services.mitigate(incident_id=incident.pk, by=responder(), version=version)
    return refused.value


def test_the_second_reads_who_did_what_and_from_what_to_what(incident, ana):
    seen = incident.version
    bo = responder(name="Bo Lind")
    services.assign(incident_id=incident.pk, to=bo, by=ana)
    services.change_severity(incident_id=incident.pk, by=bo, severity=1, reason="all sites")
    describe(incident, ana, place="Room 6")
    happened = stale(incident, seen).happened
    assert [each.by for each in happened] == ["Ana Berg", "Bo Lind", "Ana Berg"]
    assert [(each.label, each.before, each.after) for each in happened[0].fields] == [("owner", "Ana Berg", "Bo Lind")]
    assert ("severity", "3", "1") in [(each.label, each.before, each.after) for each in happened[1].fields]
    assert [(each.label, each.before, each.after) for each in happened[2].fields] == [("place", "nothing", "Room 6")]


def test_what_is_affected_is_told_by_name(incident, ana):
    system, seen = SystemFactory(name="Archive"), incident.version
    services.describe(incident_id=incident.pk, by=ana, changes={}, systems=[system])
    (change,) = stale(incident, seen).happened[0].fields
    assert (change.before, change.after) == ("nothing", "Archive")


def test_it_is_told_in_the_language_of_the_second(incident, ana):
    seen = incident.version
    services.mitigate(incident_id=incident.pk, by=ana)
    with override("zh-hans"):
        (change,) = [each for each in stale(incident, seen).happened[0].fields if each.name == "state"]
        assert change.after == str(State.MITIGATED.label) != "Mitigated"


def test_what_was_typed_stays_and_may_be_sent_all_the_same(incident, ana):
    client, address = client_of(responder()), f"{incident.get_absolute_url()}severity/"
    seen = incident.version
    describe(incident, ana, place="Room 6")
    typed = {"version": seen, "impact": 1, "urgency": 1, "reason": "All sites report it."}
    answer = client.post(address, typed)
    assert answer.status_code == 412
    assert "Ana Berg" in answer.text
    assert "Room 6" in answer.text
    assert "All sites report it." in answer.text
    assert "all the same" in answer.text
    incident.refresh_from_db()
    assert client.post(address, {**typed, "version": incident.version}).status_code == 302
    incident.refresh_from_db()
    assert (incident.severity, incident.place) == (1, "Room 6")


def test_what_the_second_had_not_touched_is_not_undone(incident, ana):
    client, address, seen = client_of(responder()), f"{incident.get_absolute_url()}describe/", incident.version
    system = SystemFactory()
    services.describe(incident_id=incident.pk, by=ana, changes={"title": "Archive is empty"}, systems=[system])
    typed = {"version": seen, "title": incident.title, "place": "Room 7", "public_title": "", "error_code": ""}
    answer = client.post(address, typed)
    assert answer.status_code == 412
    form = answer.context["form"]
    assert (form["title"].value(), form["place"].value()) == ("Archive is empty", "Room 7")
    assert client.post(address, form.data).status_code == 302
    incident.refresh_from_db()
    assert (incident.title, incident.place) == ("Archive is empty", "Room 7")
    assert list(incident.systems.all()) == [system]


def test_what_cannot_be_done_any_more_is_said_and_the_words_stay_to_be_copied(incident, ana):
    seen = incident.version
    services.resolve(incident_id=incident.pk, by=ana)
    answer = client_of(responder()).post(
        f"{incident.get_absolute_url()}cancel/", {"version": seen, "reason": "It was a drill."}
    )
    assert answer.status_code == 412
    assert "It was a drill." in answer.text
    assert "cannot be done any more" in answer.text
    assert "all the same" not in answer.text


def test_a_button_without_a_form_says_it_too(incident, ana):
    seen = incident.version
    describe(incident, ana, place="Room 6")
    answer = client_of(responder()).post(f"{incident.get_absolute_url()}mitigate/", {"version": seen})
    assert answer.status_code == 412
    assert "Room 6" in answer.text
    assert "all the same" in answer.text


def test_a_program_reads_it_with_the_412(incident, ana):
    program, seen = APIClient(), incident.version
    program.force_login(responder())
    describe(incident, ana, place="Room 6")
    answer = program.post(f"/api/v1/incidents/{incident.reference}/mitigate/", headers={"If-Match": f'"{seen}"'})
    assert answer.status_code == 412
    (change,) = answer.json()["changes"]
    assert (change["by"], change["fields"]) == ("Ana Berg", {"place": {"from": "", "to": "Room 6"}})
    assert answer.json()["code"] == "stale"


def test_words_stay_out_of_the_ledger(incident, ana):
    describe(incident, ana, description="Salaries of March were open to all")
    assert not [each for each in Entry.objects.all() if "Salaries" in str(each.data)]


def test_what_changed_is_not_written_again(incident, ana):
    describe(incident, ana, place="Room 6")
    with pytest.raises(Error), transaction.atomic():
        TimelineEvent.objects.filter(incident=incident).update(changes={})
    assert connection.is_usable()


def test_many_changes_cost_no_more_queries_than_one(incident, ana, django_assert_max_num_queries):
    seen = incident.version
    for number in range(5):
        services.assign(incident_id=incident.pk, to=responder(), by=ana)
        describe(incident, ana, place=f"Room {number}")
    by = responder()
    with django_assert_max_num_queries(7), pytest.raises(ChangedSince) as refused:
        services.mitigate(incident_id=incident.pk, by=by, version=seen)
    assert len(refused.value.happened) == 10
