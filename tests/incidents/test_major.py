"""Major incidents: roles with one holder each, and a commander who does not resolve."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from incidents import selectors, services
from incidents.choices import EventKind, RoleName, State
from incidents.errors import CannotOwn, CommandsAlready, HoldsAnotherRole, NotLive, NotMajor, OwnsAlready, Unfit
from incidents.models import Incident, IncidentRole
from notify.models import Message
from people.choices import Role
from tests.incidents.factories import person, reported, responder

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner():
    return responder(name="Owner")


@pytest.fixture
def incident(owner):
    found = services.acknowledge(incident_id=reported().pk, by=owner)
    return services.declare_major(incident_id=found.pk, by=owner, reason="all sites are down")


def give(incident, role, to, by=None, note=""):
    return services.hand_over_role(incident_id=incident.pk, role=role, to=to, by=by or responder(), note=note)


def holder(incident, role):
    return {seat.role: seat.person for seat in selectors.seats_of(incident)}[role]


def test_declared_everybody_who_works_on_incidents_hears_of_it_at_once():
    somebody, manager = responder(), person(Role.MANAGER)
    services.declare_major(incident_id=reported().pk, by=responder(), reason="all sites are down")
    told = Message.objects.filter(kind="incident.major")
    assert {somebody, manager} <= {message.to for message in told}
    assert {message.urgency for message in told} == {"urgent"}


def test_declared_again_it_is_one(incident, owner):
    services.declare_major(incident_id=incident.pk, by=owner, reason="still")
    assert incident.events.filter(kind=EventKind.MAJOR).count() == 1


def test_what_is_over_is_not_declared_major():
    incident = reported()
    services.cancel(incident_id=incident.pk, by=responder(), reason="a joke")
    with pytest.raises(NotLive):
        services.declare_major(incident_id=incident.pk, by=responder(), reason="all sites")


def test_a_role_has_one_holder_and_handing_it_over_is_an_event_with_a_note(incident):
    first, second = responder(name="First"), responder(name="Second")
    give(incident, RoleName.SCRIBE, first)
    give(incident, RoleName.SCRIBE, second, by=first, note="Notes are in the folder.")
    give(incident, RoleName.SCRIBE, second)
    assert holder(incident, RoleName.SCRIBE) == second
    event = incident.events.filter(kind=EventKind.ROLE).first()
    assert (event.text, event.values["before"], event.values["name"]) == ("Notes are in the folder.", "First", "Second")
    assert incident.events.filter(kind=EventKind.ROLE).count() == 2
    assert "folder" in Message.objects.get(kind="incident.role", to=second).body


def test_who_resolves_does_not_command_and_who_commands_does_not_resolve(incident, owner):
    with pytest.raises(OwnsAlready, match="does not command"):
        give(incident, RoleName.COMMANDER, owner)
    commander = responder()
    give(incident, RoleName.COMMANDER, commander)
    with pytest.raises(CommandsAlready):
        services.assign(incident_id=incident.pk, to=commander, by=owner)
    with pytest.raises(CommandsAlready, match="does not resolve"):
        services.resolve(incident_id=incident.pk, by=commander)
    assert services.resolve(incident_id=incident.pk, by=owner).state == State.RESOLVED


def test_a_commander_who_acknowledges_is_not_put_in_charge():
    incident, commander = reported(), responder()
    services.declare_major(incident_id=incident.pk, by=responder(), reason="all sites", commander=commander)
    taken = services.acknowledge(incident_id=incident.pk, by=commander)
    assert (taken.state, taken.owner) == (State.ACTIVE, None)


def test_commander_and_deputy_are_two_people_who_work_on_incidents(incident):
    somebody = responder()
    give(incident, RoleName.COMMANDER, somebody)
    with pytest.raises(HoldsAnotherRole):
        give(incident, RoleName.DEPUTY, somebody)
    with pytest.raises(CannotOwn):
        give(incident, RoleName.SCRIBE, person(Role.REPORTER))
    with pytest.raises(Unfit):
        give(incident, "hero", somebody)


def test_roles_are_of_major_incidents_and_end_with_them(incident, owner):
    with pytest.raises(NotMajor):
        give(reported(), RoleName.SCRIBE, owner)
    give(incident, RoleName.SCRIBE, responder())
    services.stand_down(incident_id=incident.pk, by=owner, reason="two sites are back")
    incident.refresh_from_db()
    assert not incident.is_major
    assert not IncidentRole.objects.filter(until__isnull=True).exists()
    with pytest.raises(NotMajor):
        services.stand_down(incident_id=incident.pk, by=owner, reason="again")


def test_whoever_has_a_role_sees_a_restricted_one_and_hears_news_of_it(incident, owner):
    scribe, outsider = responder(), responder()
    give(incident, RoleName.SCRIBE, scribe)
    Incident.objects.filter(pk=incident.pk).update(is_restricted=True)
    assert selectors.actionable_by(scribe).filter(pk=incident.pk).exists()
    assert not selectors.visible_to(outsider).filter(pk=incident.pk).exists()
    services.reply(incident_id=incident.pk, by=None, text="Still broken")
    assert {message.to for message in Message.objects.filter(kind="incident.reply")} == {owner, scribe}


def test_the_database_itself_keeps_command_apart_and_one_holder_a_role(incident, owner):
    commander = responder()
    give(incident, RoleName.COMMANDER, commander)
    rows = IncidentRole.objects.filter(incident=incident)
    with pytest.raises(IntegrityError, match="incident_commander_is_not_the_owner"), transaction.atomic():
        Incident.objects.filter(pk=incident.pk).update(owner=commander)
    with pytest.raises(IntegrityError, match="incident_commander_is_not_the_owner"), transaction.atomic():
        rows.update(person=owner)
    with pytest.raises(IntegrityError, match="incident_role_has_one_holder"), transaction.atomic():
        IncidentRole.objects.create(incident=incident, role=RoleName.COMMANDER, person=responder())
    with pytest.raises(IntegrityError, match="incident_role_is_known"), transaction.atomic():
        rows.update(role="hero")


def test_whoever_has_a_role_finds_the_incident_in_their_work(incident):
    scribe, now = responder(), timezone.now()
    give(incident, RoleName.SCRIBE, scribe)
    (item,) = [item for item in selectors.work_of(scribe, now) if item.kind == "incidents.role.scribe"]
    assert (item.url, str(item.title)) == (
        incident.get_absolute_url(),
        "Write down what happens in the major incident",
    )
    assert not [item for item in selectors.work_of(responder(), now) if item.kind.startswith("incidents.role")]
    give(incident, RoleName.SCRIBE, None)
    assert not [item for item in selectors.work_of(scribe, now) if item.kind.startswith("incidents.role")]
