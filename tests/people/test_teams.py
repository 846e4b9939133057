"""Teams, their members, and who answers for whom."""

import pytest
from django.db import IntegrityError, transaction

from common.errors import Stale
from ledger.models import Entry
from people import services
from people.choices import Role
from people.errors import ManagerCircle, NotAPerson, WrongDetails
from people.models import Membership, Team, User
from people.selectors import manager_of, members_of, people_of_manager, reports_of, teams_of
from tests.support.people import person, signed_in

pytestmark = pytest.mark.django_db
TESTS = "system:tests"


def verbs() -> list[str]:
    return list(Entry.objects.exclude(verb="person.created").order_by("id").values_list("verb", flat=True))


def test_a_team_has_members_and_a_manager_and_all_of_it_is_in_the_ledger():
    ana, mia = person(), person(Role.MANAGER)

    team = services.add_team(name=" Shared services ", manager=mia, members=[ana], by=TESTS)

    assert (team.name, list(members_of(team))) == ("Shared services", [ana])
    assert list(teams_of(ana)) == list(teams_of(mia)) == [team]
    assert verbs() == ["team.added", "membership.added"]


def test_two_teams_of_one_name_are_refused_in_any_case():
    services.add_team(name="Archive", by=TESTS)

    with pytest.raises(WrongDetails):
        services.add_team(name="ARCHIVE", by=TESTS)
    with pytest.raises(IntegrityError), transaction.atomic():
        Team.objects.create(name="archive")


def test_a_program_and_somebody_who_left_are_in_no_team():
    gone, robot = person(), services.create_api_key(name="robot", role=Role.REPORTER, by=TESTS).row.user
    services.deactivate(person_id=gone.pk, by=TESTS)
    gone.refresh_from_db()
    team = services.add_team(name="Archive", by=TESTS)

    for nobody in (gone, robot):
        with pytest.raises(NotAPerson):
            services.add_member(team_id=team.pk, person=nobody, by=TESTS)
        with pytest.raises(NotAPerson):
            services.change_team(team_id=team.pk, manager=nobody, by=TESTS)
    assert not Membership.objects.exists()


def test_adding_and_removing_twice_changes_nothing_more():
    ana, team = person(), services.add_team(name="Archive", by=TESTS)

    for _ in range(2):
        services.add_member(team_id=team.pk, person=ana, by=TESTS)
    for _ in range(2):
        services.remove_member(team_id=team.pk, person=ana, by=TESTS)

    assert verbs() == ["team.added", "membership.added", "membership.removed"]
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.bulk_create([Membership(team=team, person=ana), Membership(team=team, person=ana)])


def test_a_change_on_an_old_version_is_refused_and_members_are_named_all_at_once():
    ana, bo = person(), person()
    team = services.add_team(name="Archive", members=[ana], by=TESTS)
    services.change_team(team_id=team.pk, members=[bo], version=1, by=TESTS)

    with pytest.raises(Stale):
        services.change_team(team_id=team.pk, name="Other", version=1, by=TESTS)

    assert list(members_of(team)) == [bo]


def test_a_team_out_of_use_connects_nobody_until_it_is_back():
    ana, mia = person(), person(Role.MANAGER)
    team = services.add_team(name="Archive", manager=mia, members=[ana], by=TESTS)

    for _ in range(2):
        services.retire_team(team_id=team.pk, by=TESTS)
    assert (manager_of(ana), list(teams_of(ana)), list(reports_of(mia))) == (None, [], [])

    services.bring_back_team(team_id=team.pk, by=TESTS)
    assert (manager_of(ana), list(reports_of(mia))) == (mia, [ana])


def test_the_own_manager_comes_before_that_of_a_team_and_one_who_left_answers_for_nobody():
    ana, mia, max_ = person(), person(Role.MANAGER), person(Role.MANAGER)
    services.add_team(name="Archive", manager=mia, members=[ana, mia], by=TESTS)
    services.set_manager(person_id=ana.pk, manager=max_, by=TESTS)
    ana.refresh_from_db()
    assert manager_of(ana) == max_
    assert manager_of(mia) is None, "nobody is their own manager"

    services.deactivate(person_id=max_.pk, by=TESTS)
    ana.refresh_from_db()

    assert manager_of(ana) == mia
    assert set(reports_of(mia)) == {ana}


def test_managers_in_a_circle_are_refused_and_the_same_again_changes_nothing():
    ana, bo, cy = person(), person(), person()
    services.set_manager(person_id=ana.pk, manager=bo, by=TESTS)
    services.set_manager(person_id=bo.pk, manager=cy, by=TESTS)

    for manager in (ana, bo, cy):
        with pytest.raises(ManagerCircle):
            services.set_manager(person_id=cy.pk, manager=manager, by=TESTS)
    services.set_manager(person_id=ana.pk, manager=bo, by=TESTS)

    assert verbs() == ["person.manager_changed"] * 2
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=ana.pk).update(manager=ana.pk)


def test_only_the_role_manager_sees_things_of_the_own_people():
    ana, mia, rex = person(), person(Role.MANAGER), person(Role.RESPONDER)
    services.add_team(name="Archive", manager=mia, members=[ana], by=TESTS)
    services.add_team(name="Network", manager=rex, members=[ana], by=TESTS)

    assert set(people_of_manager(mia)) == {ana}
    assert not people_of_manager(rex).exists()


def test_the_page_of_people_tells_teams_and_who_acts_in_a_few_queries(django_assert_max_num_queries):
    browser = signed_in(Role.REPORTER, name="Rea")
    everybody = [person(name=f"Member {number}") for number in range(20)]
    services.add_team(name="Archive", members=everybody, by=TESTS)

    with django_assert_max_num_queries(22):
        page = browser.get("/people/?q=archive").content.decode()

    assert page.count("Member ") == 20
    assert '<span class="list-title">Rea' not in page
    assert browser.get("/people/", {"q": "\0'%"}).status_code in (200, 400)


def test_somebody_without_a_role_does_not_see_who_is_here():
    assert signed_in().get("/people/").status_code == 404
