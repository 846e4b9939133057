"""The pages of actions: opening, moving, planning, and the action that an incident leaves behind."""

import pytest

from actions import services
from actions.models import Action, ImprovementPlan
from actions.selectors import Wanted, found
from incidents import services as incidents
from people.choices import Role
from tests.actions.factories import BY, in_days, opened
from tests.catalog.factories import SystemFactory
from tests.support.people import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    return signed_in(Role.RESPONDER, name="Rosa")


def entered(owner, **more):
    return {"title": "Label the tapes", "kind": "other", "owner": owner.pk, "due_on": in_days(9), "concerns": ""} | more


def test_an_action_is_opened_on_its_page_and_shown(desk):
    base = SystemFactory(name="Archive")
    key = f"catalog.system:{base.pk}"
    answer = desk.post("/actions/new/", entered(desk.person, kind="retest", concerns=key), follow=True)
    action = Action.objects.get()
    assert (action.about, action.about_url, action.opened_by) == (key, base.get_absolute_url(), desk.person)
    page = answer.content.decode()
    for shown in (action.reference, "Label the tapes", "Archive", "due in", "Begin"):
        assert shown in page


def test_what_is_missing_is_said_at_its_field_and_what_was_typed_is_kept(desk):
    answer = desk.post("/actions/new/", entered(desk.person, kind="retest"))
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "Say what this is about" in page
    assert 'value="Label the tapes"' in page
    assert not Action.objects.exists()


def test_each_move_is_a_button_or_a_page(desk):
    action = opened(desk.person)
    desk.post(f"/actions/{action.reference}/start/", {"version": 1})
    assert "What was done?" in desk.get(f"/actions/{action.reference}/finish/").content.decode()
    answer = desk.post(f"/actions/{action.reference}/finish/", {"version": 2, "text": "All."}, follow=True)
    assert "<b>Done, not proven.</b>" in answer.content.decode()
    assert "Verify" not in answer.content.decode()


def test_a_refused_move_says_why_and_can_be_sent_again(desk):
    action = opened(desk.person)
    stale = desk.post(f"/actions/{action.reference}/postpone/", {"version": 9, "due_on": in_days(20), "reason": "x"})
    assert stale.status_code == 412
    assert 'name="version" value="1"' in stale.content.decode()
    assert desk.post(f"/actions/{action.reference}/accept/", {"version": 1}).status_code == 403
    assert desk.get(f"/actions/{action.reference}/fly/").status_code == 404
    assert desk.get("/actions/A-00001/").status_code == 404


def test_a_second_person_verifies_and_the_proof_is_shown(desk):
    other = signed_in(Role.RESPONDER)
    action = opened(desk.person)
    services.finish(action_id=action.pk, by=desk.person)
    answer = other.post(f"/actions/{action.reference}/confirm/", {"version": 2, "evidence": "Seen."}, follow=True)
    assert "Second person" in answer.content.decode()
    own = desk.post(f"/actions/{action.reference}/confirm/", {"version": 3, "evidence": "Seen."})
    assert own.status_code in {403, 409}


def test_a_plan_is_begun_gets_its_phases_and_shows_how_far_it_is():
    boss = signed_in(Role.MANAGER)
    boss.post("/improvement-plans/new/", {"title": "Nothing is lost", "owner": boss.person.pk, "goal": "None."})
    plan = ImprovementPlan.objects.get()
    address = f"/improvement-plans/{plan.reference}/phases/"
    wrong = boss.post(address, {"version": 1, "title": "A", "starts_on": in_days(5), "ends_on": in_days(1)})
    assert wrong.status_code == 400
    boss.post(address, {"version": 1, "title": "First month", "starts_on": in_days(0), "ends_on": in_days(30)})
    opened(boss.person, phase=plan.phases.get())
    page = boss.get(plan.get_absolute_url()).content.decode()
    assert "First month" in page
    assert "0 of 1 action is settled" in page
    assert plan.reference in boss.get(f"/actions/?plan={plan.reference}").content.decode()


def test_an_incident_leaves_an_action_that_outlives_it(desk):
    base = SystemFactory(name="Archive")
    incident = incidents.report(by=desk.person, description="Invoices are missing", systems=[base])
    answer = desk.post(f"/incidents/{incident.reference}/actions/", entered(desk.person), follow=True)
    action = Action.objects.get()
    assert (action.source_reference, action.source_url) == (incident.reference, incident.get_absolute_url())
    assert answer.redirect_chain[-1][0] == incident.get_absolute_url()
    assert "Label the tapes" in answer.content.decode()
    incidents.describe(incident_id=incident.pk, by=desk.person, changes={"is_restricted": True})
    action.refresh_from_db()
    assert action.is_restricted


def test_an_incident_shows_what_it_takes_with_it(desk):
    from tests.catalog.factories import DependencyFactory, ServiceFactory

    base = SystemFactory(name="Archive")
    DependencyFactory(service=ServiceFactory(name="Supplier invoices"), on_system=base, kind="degraded")
    incident = incidents.report(by=desk.person, description="Down", systems=[base])
    page = desk.get(incident.get_absolute_url()).content.decode()
    assert "What it takes with it" in page
    assert "Supplier invoices" in page
    assert "Degraded" in page


def test_the_list_costs_the_same_for_one_and_for_many(desk, django_assert_max_num_queries):
    plan = services.add_plan(
        title="x", owner=desk.person, by=BY, phases=[{"title": "a", "starts_on": in_days(0), "ends_on": in_days(1)}]
    )
    for _ in range(12):
        opened(desk.person, phase=plan.phases.get())
    desk.get("/actions/")
    with django_assert_max_num_queries(20):
        desk.get("/actions/")
    assert len(found(desk.person, Wanted())) == 12
