"""Improvement plans: phases with dates, and progress that is computed."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from actions import selectors, services
from actions.choices import Kind
from actions.errors import PhaseInUse, Unfit
from actions.models import ImprovementPlan, Phase
from common.errors import Stale
from ledger.models import Entry
from tests.actions.factories import BY, SYSTEM, in_days, opened, passed_test

pytestmark = pytest.mark.django_db


def phase(title, begins, ends, **more):
    return {"title": title, "starts_on": in_days(begins), "ends_on": in_days(ends), **more}


@pytest.fixture
def plan(rosa) -> ImprovementPlan:
    phases = [phase("First", 0, 10), phase("Second", 11, 30)]
    return services.add_plan(title="Nothing is lost again", owner=rosa, phases=phases, by=BY)


def test_progress_is_what_is_settled_and_cancelled_ones_do_not_count(plan, rosa, otto, mona):
    first = plan.phases.get(title="First")
    proven, accepted, done, late, dropped = (
        opened(rosa, phase=first, kind=Kind.RETEST, about=SYSTEM), *(opened(rosa, phase=first) for _ in range(4))
    )  # fmt: skip
    services.verify(kind=Kind.RETEST, about=[SYSTEM.key], proof=passed_test())
    services.accept_risk(action_id=accepted.pk, by=mona, reason="Later.", until=in_days(9))
    services.finish(action_id=done.pk, by=rosa)
    services.cancel(action_id=dropped.pk, by=mona, reason="Sold.")
    type(late).objects.filter(pk=late.pk).update(due_on=in_days(-1))

    page = selectors.page_of_plan(plan, otto)

    progress = page.phases[0].progress
    assert (progress.total, progress.verified, progress.accepted, progress.done, progress.overdue) == (4, 1, 1, 1, 1)
    assert (progress.share, progress.is_complete, page.progress) == (50, False, progress)
    assert (page.phases[0].is_now, page.phases[1].is_now, page.phases[1].progress.total) == (True, False, 0)
    assert selectors.with_progress([plan]) == [(plan, progress)]
    assert proven in [line.action for line in page.phases[0].lines]


def test_phases_are_changed_whole_and_keep_their_actions(plan, rosa):
    first, second = plan.phases.all()
    action = opened(rosa, phase=first)
    changed = services.change_plan(
        plan_id=plan.pk, by=BY, version=1, phases=[phase("Begin", 0, 12, id=first.pk), phase("Third", 13, 20)]
    )
    assert changed.version == 2
    assert [(each.position, each.title) for each in plan.phases.all()] == [(1, "Begin"), (2, "Third")]
    action.refresh_from_db()
    assert action.phase == first
    assert not Phase.objects.filter(pk=second.pk).exists()
    with pytest.raises(Stale):
        services.change_plan(plan_id=plan.pk, by=BY, version=1, title="x")


def test_a_phase_that_holds_actions_is_not_removed(plan, rosa):
    opened(rosa, phase=plan.phases.first())
    with pytest.raises(PhaseInUse, match="“First”"):
        services.change_plan(plan_id=plan.pk, by=BY, phases=[])
    assert plan.phases.count() == 2


def test_one_more_phase_comes_where_its_dates_put_it(plan):
    services.add_phase(plan_id=plan.pk, title="Between", starts_on=in_days(5), ends_on=in_days(9), by=BY, version=1)
    assert [each.title for each in plan.phases.all()] == ["First", "Between", "Second"]


@pytest.mark.parametrize(
    "wrong",
    [
        [phase("", 0, 1)],
        [phase("x" * 121, 0, 1)],
        [phase("two\nlines", 0, 1)],
        [phase("a\0b", 0, 1)],
        [phase("Back", 5, 1)],
        [phase("Second", 5, 6), phase("First", 1, 2)],
        [phase("Stranger", 0, 1, id="00000000-0000-0000-0000-000000000001")],
        [phase(f"{number}", number, number) for number in range(31)],
    ],
)
def test_phases_that_make_no_sense_are_refused(plan, wrong):
    with pytest.raises(Unfit) as refused:
        services.change_plan(plan_id=plan.pk, by=BY, phases=wrong)
    assert set(refused.value.fields) == {"phases"}
    assert plan.phases.count() == 2


def test_an_action_is_put_into_a_phase_and_taken_out_and_its_history_says_so(plan, rosa):
    action = opened(rosa)
    services.put_into(action_id=action.pk, phase=plan.phases.first(), by=rosa)
    services.put_into(action_id=action.pk, phase=plan.phases.first(), by=rosa)
    out = services.put_into(action_id=action.pk, phase=None, by=rosa)
    assert (out.phase, action.events.filter(kind="planned").count()) == (None, 2)
    assert Entry.objects.filter(verb="action.planned").order_by("pk").first().data["plan"] == plan.reference


def test_the_database_refuses_a_phase_that_ends_before_it_begins(plan):
    with pytest.raises(IntegrityError), transaction.atomic():
        Phase.objects.create(plan=plan, position=9, title="x", starts_on=date(2030, 1, 2), ends_on=date(2030, 1, 1))
