"""What is required must be back no later than what requires it; what an outage does never falls with time."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from catalog.choices import Criterion, DependencyKind, Level
from catalog.errors import ImpactFalls, TargetTooLong, WrongDetails
from catalog.models import Dependency, Impact, Service, System
from catalog.selectors.page import impact_table
from catalog.services import add_dependency, change_service, change_system, confirm_review, set_impacts
from common.errors import Stale
from ledger.models import Entry
from people.choices import Role
from tests.catalog.factories import DependencyFactory, ServiceFactory, SystemFactory
from tests.support.people import person

pytestmark = pytest.mark.django_db

BY = "system:test"
HOUR = timedelta(hours=1)


def rto(hours):
    return {"recovery_time_objective": hours * HOUR}


def test_a_dependency_on_something_slower_is_refused_and_says_by_how_much():
    shop, base = ServiceFactory(name="Shop", **rto(2)), SystemFactory(name="Base", **rto(3))
    with pytest.raises(TargetTooLong) as refused:
        add_dependency(by=BY, service=shop, on_system=base)
    assert "“Base” may take 3\N{NO-BREAK SPACE}h" in str(refused.value)
    assert "“Shop” requires it" in str(refused.value)


def test_refused_it_is_as_if_nobody_had_asked():
    shop, base = ServiceFactory(**rto(2)), SystemFactory(**rto(3))
    with pytest.raises(TargetTooLong), transaction.atomic():
        add_dependency(by=BY, service=shop, on_system=base)
    assert not Dependency.objects.exists()
    assert not Entry.objects.filter(verb="dependency.added").exists()


def test_what_one_can_do_without_may_take_longer():
    shop, base = ServiceFactory(**rto(2)), SystemFactory(**rto(3))
    add_dependency(by=BY, service=shop, on_system=base, kind=DependencyKind.DEGRADED)


def test_a_target_is_held_against_the_whole_chain_even_over_one_without_a_target():
    shop, middle, base = ServiceFactory(**rto(2)), SystemFactory(), SystemFactory(**rto(1))
    DependencyFactory(service=shop, on_system=middle)
    DependencyFactory(system=middle, on_system=base)
    with pytest.raises(TargetTooLong):
        change_system(system_id=base.pk, by=BY, **rto(3))
    with pytest.raises(TargetTooLong):
        change_service(service_id=shop.pk, by=BY, recovery_time_objective=HOUR / 2)
    assert (Service.objects.get().recovery_time_objective, System.objects.get(pk=base.pk).version) == (2 * HOUR, 1)
    change_service(service_id=shop.pk, by=BY, **rto(1))


def test_the_database_refuses_an_rto_beyond_the_mtpd():
    with pytest.raises(IntegrityError), transaction.atomic():
        ServiceFactory(maximum_tolerable_downtime=HOUR, **rto(2))


def rating(hours, level, criterion=Criterion.MONEY, **more):
    return {"criterion": criterion, "after": hours * HOUR, "level": level, **more}


def test_impacts_are_rated_whole_and_the_same_again_changes_nothing():
    shop = ServiceFactory()
    ratings = [rating(1, Level.LOW), rating(24, Level.HIGH, note="Fees"), rating(4, Level.LOW, Criterion.LEGAL)]
    rated = set_impacts(service_id=shop.pk, impacts=ratings, by=BY)
    again = set_impacts(service_id=shop.pk, impacts=reversed(ratings), by=BY)
    assert (rated.version, again.version, shop.impacts.count()) == (2, 2, 3)
    assert "Fees" not in str(Entry.objects.get(verb="service.impacts_rated").data)
    set_impacts(service_id=shop.pk, impacts=ratings[:1], by=BY)
    assert shop.impacts.get().level == Level.LOW


def test_an_impact_never_falls_with_time():
    shop = ServiceFactory()
    with pytest.raises(ImpactFalls, match="“Money” is rated lower after"):
        set_impacts(service_id=shop.pk, impacts=[rating(4, Level.LOW), rating(1, Level.HIGH)], by=BY)
    set_impacts(service_id=shop.pk, impacts=[rating(4, Level.LOW), rating(1, Level.HIGH, Criterion.USERS)], by=BY)


@pytest.mark.parametrize(
    "wrong",
    [
        [rating(1, 9)],
        [rating(0, Level.LOW)],
        [rating(-1, Level.LOW)],
        [rating(1, Level.LOW, "weather")],
        [rating(1, Level.LOW, note="a\0b")],
        [rating(1, Level.LOW), rating(1, Level.LOW)],
        [rating(hour, Level.LOW) for hour in range(1, 60)],
    ],
)
def test_ratings_that_make_no_sense_are_refused(wrong):
    shop = ServiceFactory()
    with pytest.raises(WrongDetails):
        set_impacts(service_id=shop.pk, impacts=wrong, by=BY)
    assert not Impact.objects.exists()


def test_the_first_moment_that_is_high_is_named():
    shop = ServiceFactory()
    set_impacts(service_id=shop.pk, impacts=[rating(1, 1), rating(8, 3), rating(4, 3, Criterion.USERS)], by=BY)
    table = impact_table(shop.impacts.all())
    assert table.moments == [HOUR, 4 * HOUR, 8 * HOUR]
    assert table.unbearable_after == 4 * HOUR
    assert [[cell and cell.level for cell in cells] for _criterion, cells in table.rows] == [
        [1, None, 3],
        [None, 3, None],
    ]


def test_a_review_is_written_down_once_a_day():
    shop, owner = ServiceFactory(review_every_days=30), person(Role.RESPONDER)
    reviewed = confirm_review(service_id=shop.pk, by=owner, version=1)
    again = confirm_review(service_id=shop.pk, by=owner)
    assert (reviewed.reviewed_by, again.version) == (owner, 2)
    assert (reviewed.review_due_on - timezone.now().date()).days in {29, 30, 31}
    with pytest.raises(Stale):
        confirm_review(service_id=shop.pk, by=owner, version=1)
