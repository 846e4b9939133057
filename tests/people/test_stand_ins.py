"""Whoever acts for somebody absent is told, sees it, may do what is asked there, and decides on no own work."""

from datetime import timedelta

import pytest
from django.template import RequestContext, Template
from django.test import Client, RequestFactory
from django.utils import timezone

from actions import selectors as actions
from actions.choices import State
from actions.errors import NotYourOwn
from actions.models import ActionEvent
from actions.services import accept_risk, confirm, finish, open_action
from backups.selectors import may_set_up
from catalog.selectors import may_review
from common.errors import NotAllowed
from incidents import services as incidents
from incidents.models import Incident
from incidents.selectors import visible_to
from ledger.models import Entry
from notify.models import Message
from people.choices import Role
from people.models import Absence, User
from people.selectors import asked, may_as, whose_duties
from people.services import plan_absence
from tests.backups import rows
from tests.catalog.factories import ServiceFactory
from tests.support.people import person

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def away(who: User, substitute: User | None = None) -> User:
    """The person, away since yesterday."""
    now = timezone.now()
    Absence.objects.create(person=who, substitute=substitute, starts_at=now - DAY, ends_at=now + DAY)
    return who


def action_of(owner: User, **details):
    given = {"title": "Zulu", "kind": "other", "due_on": (timezone.now() + DAY).date(), "by": "system:tests"}
    return open_action(**given | details, owner=owner)


def told(who: User, kind: str) -> list[str]:
    return list(Message.objects.filter(to=who, kind=kind).values_list("body", flat=True))


class TestWhoIsAsked:
    def test_the_substitute_is_told_and_for_whom(self):
        bo = person(Role.RESPONDER)
        ana = away(person(Role.RESPONDER, name="Ana Ivanova"), bo)

        action_of(ana)

        assert len(told(ana, "action.assigned")) == 1
        [body] = told(bo, "action.assigned")
        assert body.endswith("You are told because you act for Ana Ivanova, who is away.")

    def test_in_the_language_of_the_substitute(self):
        bo = person(Role.RESPONDER, language="zh-hans")

        action_of(away(person(Role.RESPONDER, name="Ana"), bo))

        assert "Ana" in told(bo, "action.assigned")[0]

    def test_who_is_asked_anyway_is_told_once_and_for_nobody(self):
        ana, bo = person(Role.RESPONDER), person(Role.RESPONDER)
        away(ana, bo)

        found = asked([ana, bo], timezone.now())

        assert [(each.person, each.acting_for) for each in found] == [(ana, ()), (bo, ())]

    def test_nobody_is_told_of_their_own_doing(self):
        bo = person(Role.RESPONDER)
        ana = away(person(Role.RESPONDER), bo)

        action_of(ana, by=bo)

        assert told(ana, "action.assigned")
        assert not told(bo, "action.assigned")

    def test_an_incident_in_the_hands_of_somebody_absent_is_told_to_the_substitute(self):
        bo, other = person(Role.RESPONDER), person(Role.RESPONDER)
        ana = away(person(Role.RESPONDER), bo)
        incident = incidents.report(by=person(Role.REPORTER), description="Mail is slow")
        incidents.assign(incident_id=incident.pk, to=ana, by=other)

        incidents.change_severity(incident_id=incident.pk, by=other, severity=1, reason="All of it")

        assert told(bo, "incident.assigned")
        assert told(bo, "incident.urgent")

    def test_where_nobody_acts_all_responders_hear_of_it(self):
        ana, cy = away(person(Role.RESPONDER)), person(Role.RESPONDER)
        incident = incidents.report(by=person(Role.REPORTER), description="Mail is slow")
        Incident.objects.filter(pk=incident.pk).update(owner=ana)

        incidents.change_severity(incident_id=incident.pk, by=person(Role.RESPONDER), severity=1, reason="All of it")

        assert told(cy, "incident.urgent")


class TestWhatTheSubstituteSeesAndMayDo:
    def test_a_reporter_works_on_the_action_of_somebody_absent_and_on_no_other(self):
        bo = person(Role.REPORTER)
        theirs, others = action_of(away(person(Role.RESPONDER), bo)), action_of(person(Role.RESPONDER))
        browser = Client()
        browser.force_login(bo)

        assert set(actions.visible_to(bo)) == set(actions.actionable_by(bo)) == {theirs}
        done = browser.post(f"/actions/{theirs.reference}/start/", {"version": theirs.version})
        theirs.refresh_from_db()
        assert (done.status_code, theirs.state) == (302, State.IN_PROGRESS)
        assert browser.get(f"/actions/{others.reference}/").status_code == 404

    def test_restricted_things_of_somebody_absent_are_seen_until_they_are_back(self):
        bo = person(Role.RESPONDER)
        ana = away(person(Role.RESPONDER), bo)
        action = action_of(ana, is_restricted=True)
        incident = incidents.report(by=person(Role.REPORTER), description="Zulu")
        Incident.objects.filter(pk=incident.pk).update(is_restricted=True, owner=ana)

        assert action in actions.visible_to(bo)
        assert incident in visible_to(bo)
        Absence.objects.update(ended_early_at=timezone.now())
        bo = User.objects.get(pk=bo.pk)
        assert action not in actions.visible_to(bo)
        assert incident not in visible_to(bo)

    def test_an_auditor_acts_for_nobody(self):
        auditor = person(Role.AUDITOR)
        away(person(Role.MANAGER), auditor)

        assert whose_duties(auditor) == [auditor.pk]
        assert not may_as(auditor, Role.MANAGER)

    def test_whoever_acts_for_a_manager_signs_a_risk_and_it_is_written_down_for_whom(self):
        bo, cy = person(Role.RESPONDER), person(Role.RESPONDER)
        away(person(Role.MANAGER, name="Mei Lin"), bo)
        action, until = action_of(person(Role.RESPONDER)), (timezone.now() + 9 * DAY).date()

        with pytest.raises(NotAllowed):
            accept_risk(action_id=action.pk, by=cy, reason="x", until=until)
        accept_risk(action_id=action.pk, by=bo, reason="x", until=until)

        assert ActionEvent.objects.get(action=action, kind="accepted").values["acting_for"] == "Mei Lin"
        assert Entry.objects.get(verb="action.accepted").data["acting_for"] == "Mei Lin"

    def test_a_review_of_a_service_and_a_policy_of_a_manager(self):
        bo, cy = person(Role.RESPONDER), person(Role.RESPONDER)
        mei = away(person(Role.MANAGER), bo)
        service, policy = ServiceFactory(owner=mei), rows.policy("zulu", owner=mei)

        assert may_review(bo, service)
        assert not may_review(cy, service)
        assert may_set_up(bo, policy)
        assert not may_set_up(cy, policy)


class TestFourEyes:
    def test_a_substitute_verifies_for_whoever_asked_and_is_asked(self):
        bo, doer = person(Role.RESPONDER), person(Role.RESPONDER)
        ana = away(person(Role.RESPONDER, name="Ana"), bo)
        action = finish(action_id=action_of(doer, by=ana).pk, by=doer)

        [item] = [each for each in actions.work_of(bo, timezone.now()) if each.kind == "actions.confirm"]

        assert item.acting_for == "Ana"
        assert told(bo, "action.to_verify")
        assert confirm(action_id=action.pk, by=bo, evidence="seen").state == State.VERIFIED

    def test_a_substitute_who_did_it_verifies_nothing(self):
        bo = person(Role.RESPONDER)
        ana = away(person(Role.RESPONDER), bo)
        for action in (action_of(ana), action_of(bo, by=ana)):
            finish(action_id=action.pk, by=bo)
            with pytest.raises(NotYourOwn):
                confirm(action_id=action.pk, by=bo, evidence="seen")

        assert not told(bo, "action.to_verify")
        assert not [each for each in actions.work_of(bo, timezone.now()) if each.kind == "actions.confirm"]


class TestBesideTheOwner:
    def page(self, template: str, **things) -> str:
        request = RequestFactory().get("/")
        return Template("{% load people %}" + template).render(RequestContext(request, things))

    def test_stands_who_acts_and_one_look_is_enough_for_a_whole_page(self, django_assert_num_queries):
        bo = person(Role.RESPONDER, name="Bo Berg")
        ana, cy = away(person(Role.RESPONDER, name="Ana"), bo), away(person(Role.RESPONDER, name="Cy"))
        people = [ana, bo, cy, None]

        with django_assert_num_queries(3):
            shown = self.page("{% for each in people %}[{% owner each 'nobody' %}]{% endfor %}", people=people)

        assert "[Ana <span" in shown
        assert "away, Bo Berg acts" in shown
        assert "[Bo Berg]" in shown
        assert "away, nobody acts" in shown
        assert '<span class="quiet">nobody</span>' in shown

    def test_a_name_is_text(self):
        bo = person(Role.RESPONDER, name="<b>Bo")

        shown = self.page("{% owner ana %}", ana=away(person(Role.RESPONDER, name="<i>"), bo))

        assert "<b>" not in shown
        assert "<i>" not in shown


def test_somebody_who_plans_to_be_away_is_here_until_then():
    ana, bo, now = person(Role.RESPONDER), person(Role.RESPONDER), timezone.now()
    plan_absence(person=ana, substitute=bo, starts_at=now + DAY, ends_at=now + 2 * DAY, by=ana)

    assert whose_duties(bo) == [bo.pk]
