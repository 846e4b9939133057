"""The demo organisation tells one story, in the language of the installation, and writes nothing that was not done."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from django.utils.translation import override

from catalog.models import Document, RecoveryMeasurement, Service
from catalog.selectors import readiness
from people.choices import Role
from people.models import Organisation, Roster, Team
from people.selectors import default_policy, on_duty, organisation, shifts
from readiness.demo import sources
from readiness.demo.duty import set_up_duty
from readiness.demo.organisation import found
from readiness.demo.plans import publish_all
from readiness.demo.protection import NEWEST_MAY_BE
from runbooks.models import Plan, PlanText
from tests.support.people import person

pytestmark = pytest.mark.django_db

NOW = timezone.now()


def test_it_is_told_in_the_language_of_the_installation():
    with override("zh-hans"):
        found(NOW, {})
    assert Service.objects.filter(name="供应商发票").exists()
    assert all(any("\u4e00" <= letter <= "\u9fff" for letter in team.name) for team in Team.objects.all())


def test_a_house_that_nobody_named_takes_the_name_of_the_story():
    found(NOW, {})
    assert organisation().name == "Example Shared Services"


def test_a_name_that_was_given_stays(settings):
    settings.ORGANISATION = "Settings Ltd"
    found(NOW, {})
    assert organisation().name == "Settings Ltd"
    assert not Organisation.objects.exists()


def test_people_of_every_role_have_their_place_in_it():
    staff = {role: person(role, username=role.lower()) for role in Role.values}
    assert found(NOW, staff).services["invoices"].owner == staff[Role.MANAGER]


@pytest.mark.parametrize("day", [0, 3])
def test_somebody_of_it_is_on_call_at_whatever_hour_it_is_loaded(day):
    staff = {role: person(role, username=role.lower()) for role in Role.values}
    monday_morning = datetime(2026, 6, 1, 5, tzinfo=UTC) + timedelta(days=day)
    set_up_duty(found(monday_morning, staff), monday_morning)
    roster = Roster.objects.get()
    assert on_duty(roster, monday_morning).person == staff[Role.RESPONDER]
    assert shifts(roster, monday_morning, monday_morning + timedelta(days=14))[1] == []
    assert default_policy().steps.count() == 2


def test_nothing_is_proven_by_being_loaded():
    found(NOW, {})
    assert not RecoveryMeasurement.objects.exists()
    assert {each.verdict.proof for each in readiness(person(Role.MANAGER))} == {"unproven"}


def test_a_paper_is_about_to_run_out():
    found(NOW, {})
    assert Document.objects.filter(expires_on__lte=NOW.date() + timedelta(days=14)).count() == 1


def test_its_plans_are_in_force_in_both_languages():
    publish_all(found(NOW, {}))
    assert set(Plan.objects.values_list("reference", flat=True)) == {"EP-002", "EP-003"}
    assert PlanText.objects.values("language").distinct().count() == 2


def test_the_archive_stopped_longer_ago_than_its_assertion_allows():
    newest = max(file.changed_at for file in sources.archived(NOW))
    assert NOW - newest > NEWEST_MAY_BE


def test_a_folder_that_is_there_stays_as_it_is(tmp_path: Path):
    sources.put(tmp_path / "branch", sources.branch(NOW))
    (tmp_path / "branch" / "mine.txt").write_text("mine")
    sources.put(tmp_path / "branch", sources.branch(NOW))
    assert (tmp_path / "branch" / "mine.txt").read_text() == "mine"
