"""Who sees which actions, what waits for whom, and what is found."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from actions import selectors, services
from actions.choices import Kind
from people import services as people
from people.choices import Role
from tests.actions.factories import BY, SYSTEM, in_days, opened
from tests.support.people import person

pytestmark = pytest.mark.django_db


def test_workers_reviewers_and_auditors_see_all_and_reporters_their_own():
    reporter = person(Role.REPORTER)
    own, other = opened(reporter), opened(person(Role.RESPONDER))
    for role in (Role.RESPONDER, Role.MANAGER, Role.REVIEWER, Role.AUDITOR, Role.ADMINISTRATOR):
        assert set(selectors.visible_to(person(role))) == {own, other}
    assert set(selectors.visible_to(reporter)) == {own}
    assert not selectors.visible_to(person()).exists()
    assert not selectors.visible_to(AnonymousUser()).exists()


def test_restricted_ones_are_there_only_for_those_who_have_a_part():
    rosa, otto = person(Role.RESPONDER), person(Role.RESPONDER)
    action = opened(rosa, is_restricted=True, by=otto)
    for sees in (rosa, otto, person(Role.AUDITOR), person(Role.ADMINISTRATOR)):
        assert action in selectors.visible_to(sees)
    for outsider in (person(Role.RESPONDER), person(Role.MANAGER), person(Role.REVIEWER)):
        assert action not in selectors.visible_to(outsider)


def test_reporters_work_on_what_is_theirs_and_those_who_only_read_on_nothing():
    reporter = person(Role.REPORTER)
    own, other = opened(reporter), opened(person(Role.RESPONDER))
    assert set(selectors.actionable_by(reporter)) == {own}
    assert not selectors.actionable_by(person(Role.AUDITOR)).exists()
    assert not selectors.actionable_by(person(Role.REVIEWER)).exists()
    assert set(selectors.actionable_by(person(Role.RESPONDER))) == {own, other}


def test_what_has_to_be_done_and_what_has_to_be_verified_wait_for_people(rosa, otto):
    now = timezone.now()
    open_one, done = opened(rosa, title="Begin me", by=otto), opened(rosa, title="Look at me", by=otto)
    services.finish(action_id=done.pk, by=rosa)

    (own,) = selectors.work_of(rosa, now)
    (check,) = selectors.work_of(otto, now)

    assert (own.kind, own.about) == ("actions.start", f"{open_one.reference} Begin me")
    assert own.action_url == f"/actions/{open_one.reference}/start/"
    assert (check.kind, check.url) == ("actions.confirm", done.get_absolute_url())


def test_what_is_proven_by_a_machine_waits_for_its_owner_until_the_proof_is_there(rosa, otto):
    action = opened(rosa, kind=Kind.FIX_BACKUP, about=SYSTEM, by=otto)
    services.finish(action_id=action.pk, by=rosa)
    assert [item.kind for item in selectors.work_of(rosa, timezone.now())] == ["actions.done"]
    assert selectors.work_of(otto, timezone.now()) == []


def test_the_work_of_somebody_absent_waits_for_the_substitute(rosa, otto):
    now = timezone.now()
    opened(rosa)
    people.plan_absence(
        person=rosa, starts_at=now - timedelta(hours=1), ends_at=now + timedelta(days=3), substitute=otto, by=BY
    )
    (item,) = selectors.work_of(otto, now)
    assert item.acting_for == str(rosa)


def test_actions_and_plans_are_found_by_words_by_two_chinese_characters_and_by_name(rosa):
    action = opened(rosa, title="Label the tapes 磁带标签")
    hidden = opened(person(Role.RESPONDER), title="Secret label", is_restricted=True)
    plan = services.add_plan(title="Label everything", owner=rosa, by=BY)
    assert {hit.reference for hit in selectors.search("label", rosa)} == {action.reference, plan.reference}
    assert [hit.reference for hit in selectors.search("磁带", rosa)] == [action.reference]
    assert [hit.title for hit in selectors.search(action.reference.lower(), rosa)] == [action.title]
    assert selectors.search(hidden.reference, rosa) == []
    assert selectors.search("\0'; --", rosa) == []


def test_the_list_answers_what_its_address_asks(rosa, otto, mona):
    soon, late, other = opened(rosa), opened(rosa, title="Late"), opened(otto)
    type(late).objects.filter(pk=late.pk).update(due_on=in_days(-2))
    services.accept_risk(action_id=other.pk, by=mona, reason="x", until=in_days(3))

    def asked(**said):
        return list(selectors.found(rosa, selectors.Wanted(**said)))

    assert asked() == [late, soon]
    assert asked(show="mine") == [late, soon]
    assert asked(show="overdue") == [late]
    assert asked(show="risk_accepted") == [other]
    assert asked(show="all", search="Late") == [late]
    assert asked(show="all", search=other.reference) == [other]
    assert asked(show="all", kind="retest") == []
    assert [(line.days, line.is_overdue) for line in selectors.as_lines(asked(), person(Role.MANAGER))] == [
        (-2, True),
        (10, False),
    ]
    assert selectors.overdue_count(rosa) == 1
