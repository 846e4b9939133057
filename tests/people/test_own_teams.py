"""What a manager sees of the own teams that others do not."""

import pytest

from incidents import services as incidents
from incidents.models import Incident
from incidents.selectors import visible_to
from people import services
from people.choices import Role
from people.models import User
from tests.support.people import person

pytestmark = pytest.mark.django_db
TESTS = "system:tests"


@pytest.fixture
def rows():
    ana, bo = person(Role.REPORTER), person(Role.REPORTER)
    own, other = (incidents.report(by=who, description="Payroll data lost") for who in (ana, bo))
    Incident.objects.update(is_restricted=True)
    return ana, own, other


def seen_by(user) -> set[Incident]:
    return set(visible_to(User.objects.get(pk=user.pk)))


def test_managers_see_restricted_incidents_of_their_own_team_and_no_others(rows):
    ana, own, other = rows
    mia = person(Role.MANAGER)
    assert seen_by(mia) == set()

    services.add_team(name="Payroll", manager=mia, members=[ana], by=TESTS)
    assert seen_by(mia) == {own}

    Incident.objects.filter(pk=other.pk).update(owner=ana)
    assert seen_by(mia) == {own, other}


def test_a_report_of_an_own_report_counts_like_a_member(rows):
    ana, own, _other = rows
    mia = person(Role.MANAGER)

    services.set_manager(person_id=ana.pk, manager=mia, by=TESTS)

    assert seen_by(mia) == {own}


def test_a_responder_who_leads_a_team_sees_none_of_them(rows):
    ana, _own, _other = rows
    rex = person(Role.RESPONDER)

    services.add_team(name="Payroll", manager=rex, members=[ana], by=TESTS)

    assert seen_by(rex) == set()


def test_a_team_out_of_use_shows_nothing_more(rows):
    ana, _own, _other = rows
    mia = person(Role.MANAGER)
    team = services.add_team(name="Payroll", manager=mia, members=[ana], by=TESTS)

    services.retire_team(team_id=team.pk, by=TESTS)

    assert seen_by(mia) == set()
