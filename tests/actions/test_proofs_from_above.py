"""Proof arrives from backups and from plans, in the transaction of what happened there."""

import pytest
from django.utils import timezone

from actions.choices import Kind, State
from actions.links import About
from actions.models import Action
from backups.choices import Outcome, RunKind
from backups.services.proving import prove_actions
from runbooks import services as runbooks
from runbooks.errors import IsFixed
from tests.actions.factories import BY, opened
from tests.backups import rows

pytestmark = pytest.mark.django_db


def test_a_passed_restore_test_of_the_policy_verifies_what_should_fix_it(rosa):
    policy = rows.policy("archive")
    fix = opened(rosa, kind=Kind.FIX_BACKUP, about=About(policy.stream, policy.name))
    retest = opened(rosa, kind=Kind.RETEST, about=About(f"catalog.system:{policy.system_id}", "Archive"))
    run = rows.ended(policy, RunKind.RESTORE_TEST, Outcome.PASS, copy=rows.copy_of(policy), level=5)
    run.started_at = run.ended_at = timezone.now()

    prove_actions(run)

    for action in (fix, retest):
        action.refresh_from_db()
        assert (action.state, action.proof_reference) == (State.VERIFIED, run.reference)
        assert action.proof_url == run.get_absolute_url()


def draft(reference):
    plan = runbooks.create_plan(reference=reference, by=BY)
    version = runbooks.draft_version(plan_id=plan.pk, by=BY)
    runbooks.write_text(version_id=version.pk, language="en", title="Restore", text="First …", by=BY)
    return version


def test_a_published_version_verifies_the_actions_that_it_names_and_no_others(rosa):
    named, other = (opened(rosa, kind=Kind.CHANGE_PLAN) for _ in range(2))
    by_hand = opened(rosa)
    version = draft("P-1")
    runbooks.name_causes(version_id=version.pk, actions=[named, by_hand], by=BY)
    runbooks.publish(version_id=version.pk, by=BY)

    named.refresh_from_db()
    assert (named.state, named.proof_reference, named.proof_url) == (State.VERIFIED, "P-1 v1", "/plans/P-1/")
    assert {Action.objects.get(pk=each.pk).state for each in (other, by_hand)} == {State.OPEN}


def test_what_a_version_was_written_for_is_fixed_with_it(rosa):
    version = draft("P-1")
    runbooks.publish(version_id=version.pk, by=BY)
    with pytest.raises(IsFixed):
        runbooks.name_causes(version_id=version.pk, actions=[opened(rosa, kind=Kind.CHANGE_PLAN)], by=BY)
