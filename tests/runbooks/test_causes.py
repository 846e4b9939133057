"""Why a draft was written, for programs: the actions that it carries out, named whole."""

from datetime import timedelta

import pytest
from django.utils import timezone

from actions.choices import State
from actions.services import open_action
from people.choices import Role
from people.models import Absence, User
from runbooks import services
from tests.support.people import person, with_key

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def action_of(owner, **details):
    given = {"title": "Write it down", "kind": "change_plan", "due_on": (timezone.now() + DAY).date()}
    return open_action(**given | details, owner=owner, by="system:tests")


@pytest.fixture
def plan():
    made = services.create_plan(reference="PLAN-A", by="system:tests")
    draft = services.draft_version(plan_id=made.pk, by="system:tests")
    services.write_text(version_id=draft.pk, language="en", title="A", text="Words", by="system:tests")
    return made


def name(client, plan, *references):
    return client.post(f"/api/v1/plans/{plan.pk}/name-causes/", {"actions": references}, "application/json")


def test_the_causes_of_a_draft_are_named_and_read_and_publishing_verifies_them(plan):
    action, key = action_of(person(Role.RESPONDER)), with_key(Role.ADMINISTRATOR)

    named = name(key, plan, action.reference)

    assert named.status_code == 200
    assert [each["reference"] for each in named.json()["draft"]["because_of"]] == [action.reference]
    assert name(key, plan, action.reference).status_code == 200
    services.publish(version_id=named.json()["draft"]["id"], by="system:tests")
    shown = key.get(f"/api/v1/plans/{plan.pk}/").json()
    assert (shown["draft"], shown["in_force"]["because_of"][0]["state"]) == (None, State.VERIFIED)


def test_what_is_left_out_is_taken_away(plan):
    action, key = action_of(person(Role.RESPONDER)), with_key(Role.ADMINISTRATOR)
    name(key, plan, action.reference)

    assert name(key, plan).json()["draft"]["because_of"] == []


def test_an_action_that_is_not_there_or_not_to_be_seen_is_refused_by_name(plan):
    manager = with_key(Role.MANAGER)
    User.objects.filter(pk=manager.key.user.pk).update(is_machine=False)
    services.change_plan(plan_id=plan.pk, owner=manager.key.user, by="system:tests")
    secret = action_of(person(Role.RESPONDER), is_restricted=True)

    answer = name(manager, plan, "A-99999", secret.reference, "no reference")

    assert answer.status_code == 400
    assert answer.text.count("There is no action") == 3


def test_without_a_draft_there_is_nothing_to_name_causes_of(plan):
    services.publish(version_id=plan.versions.get().pk, by="system:tests")

    answer = name(with_key(Role.ADMINISTRATOR), plan)

    assert (answer.status_code, answer.json()["code"]) == (409, "plan_has_no_draft")


def test_restricted_causes_are_read_by_those_who_may_only(plan):
    secret = action_of(person(Role.RESPONDER), is_restricted=True)
    name(with_key(Role.ADMINISTRATOR), plan, secret.reference)

    def causes(role):
        return with_key(role).get(f"/api/v1/plans/{plan.pk}/").json()["draft"]["because_of"]

    assert causes(Role.RESPONDER) == []
    assert [each["reference"] for each in causes(Role.AUDITOR)] == [secret.reference]


def test_reporters_see_no_draft_and_no_cause_of_one(plan):
    assert with_key(Role.REPORTER).get(f"/api/v1/plans/{plan.pk}/").status_code == 404
    assert name(with_key(Role.REPORTER), plan).status_code == 404
    services.publish(version_id=plan.versions.get().pk, by="system:tests")
    services.draft_version(plan_id=plan.pk, by="system:tests")
    assert with_key(Role.REPORTER).get(f"/api/v1/plans/{plan.pk}/").json()["draft"] is None


def test_the_manager_who_answers_for_the_owner_and_a_substitute_name_causes_and_no_other(plan, client):
    manager, owner, other, bo = (
        person(Role.MANAGER),
        person(Role.RESPONDER),
        person(Role.MANAGER),
        person(Role.RESPONDER),
    )
    User.objects.filter(pk=owner.pk).update(manager=manager)
    services.change_plan(plan_id=plan.pk, owner=owner, by="system:tests")
    now = timezone.now()

    def status(who) -> int:
        client.force_login(who)
        return name(client, plan).status_code

    assert [status(each) for each in (manager, other, owner, bo)] == [200, 403, 403, 403]
    services.change_plan(plan_id=plan.pk, owner=manager, by="system:tests")
    Absence.objects.create(person=manager, substitute=bo, starts_at=now - DAY, ends_at=now + DAY)
    assert status(bo) == 200
