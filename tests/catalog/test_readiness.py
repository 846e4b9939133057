"""The picture of all services: whose proof decides, who sees it, and what it costs."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from catalog.choices import Origin, Outcome, Proof, Reason
from catalog.models import System
from catalog.selectors import basis_of, proof_of_service, proof_of_system, proof_of_systems, readiness, visible_to
from people.choices import Role
from tests.catalog.factories import DependencyFactory, MeasurementFactory, ServiceFactory, SystemFactory
from tests.support.people import person

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def measured(system, **facts):
    return MeasurementFactory(system=system, basis=basis_of(system), **facts)


def test_a_service_is_proven_when_all_it_stands_on_is(administrator):
    service, app, database = ServiceFactory(), SystemFactory(), SystemFactory()
    DependencyFactory(service=service, on_system=app)
    DependencyFactory(system=app, on_system=database)
    measured(app)
    (found,) = readiness(administrator)
    assert (found.verdict.reason, found.verdict.subject) == (Reason.NEVER, database)
    measured(database, recovery_time=2 * HOUR)
    (found,) = readiness(administrator)
    assert (found.verdict.proof, found.verdict.measurement.recovery_time) == (Proof.PROVEN, 2 * HOUR)


def test_systems_of_services_that_a_service_needs_count_too():
    shop, payments, database = ServiceFactory(), ServiceFactory(), SystemFactory()
    DependencyFactory(service=shop, on_service=payments)
    DependencyFactory(service=payments, on_system=database)
    measured(database, outcome=Outcome.FAIL)
    assert proof_of_service(shop).verdict.reason == Reason.FAILED


def test_a_system_without_a_target_takes_the_strictest_of_the_services_on_it():
    database = SystemFactory()
    for hours in (8, 2, 4):
        DependencyFactory(service=ServiceFactory(recovery_time_objective=hours * HOUR), on_system=database)
    assert proof_of_system(database).target_rto == 2 * HOUR


def test_a_service_out_of_use_demands_nothing():
    database = SystemFactory()
    DependencyFactory(service=ServiceFactory(recovery_time_objective=HOUR, is_active=False), on_system=database)
    measured(database)
    assert proof_of_system(database).reason == Reason.NO_TARGET


def test_a_systems_own_target_counts_for_it_but_does_not_excuse_the_service():
    database = SystemFactory(recovery_time_objective=8 * HOUR)
    service = ServiceFactory(recovery_time_objective=HOUR)
    DependencyFactory(service=service, on_system=database)
    measured(database, recovery_time=2 * HOUR)
    assert proof_of_system(database).proof == Proof.PROVEN
    assert proof_of_service(service).verdict.reason == Reason.TOO_SLOW


def test_a_services_own_drill_counts_and_a_restore_test_of_it_does_not():
    service, database = ServiceFactory(), SystemFactory()
    DependencyFactory(service=service, on_system=database)
    measured(database)
    basis = basis_of(service)
    MeasurementFactory(service=service, outcome=Outcome.FAIL, recovery_time=None, basis=basis)
    assert proof_of_service(service).verdict.proof == Proof.PROVEN
    MeasurementFactory(service=service, origin=Origin.DRILL, recovery_time=9 * HOUR, basis=basis)
    assert proof_of_service(service).verdict.reason == Reason.TOO_SLOW


def test_errors_between_do_not_hide_what_was_learned():
    database = SystemFactory(recovery_time_objective=4 * HOUR)
    measured(database, measured_at=timezone.now() - timedelta(days=3))
    measured(database, outcome=Outcome.ERROR, recovery_time=None)
    assert proof_of_system(database).proof == Proof.PROVEN


def test_each_stream_of_a_system_is_judged_alone_and_the_worst_decides():
    database = SystemFactory(recovery_time_objective=4 * HOUR)
    measured(database, stream="a", measured_at=timezone.now() - timedelta(days=2))
    measured(database, stream="b", outcome=Outcome.FAIL, recovery_time=None)
    measured(database, stream="a")
    found = proof_of_systems()[database.pk]
    assert found.verdict.reason == Reason.FAILED
    assert found.of_stream("a").proof == Proof.PROVEN
    assert found.of_stream("b").reason == Reason.FAILED
    assert found.of_stream("c").reason == Reason.NEVER
    assert found.of_stream("c").target_rto == 4 * HOUR


def test_how_long_a_measurement_proves_anything_is_a_setting(settings):
    database = SystemFactory(recovery_time_objective=4 * HOUR)
    measured(database, measured_at=timezone.now() - timedelta(days=31))
    assert proof_of_system(database).proof == Proof.PROVEN
    settings.PROOF_MAX_AGE = timedelta(days=30)
    assert proof_of_system(database).reason == Reason.AGE


def test_the_worst_comes_first_and_what_is_out_of_use_not_at_all(administrator):
    good, bad, gone = ServiceFactory(name="A"), ServiceFactory(name="B"), ServiceFactory(name="C", is_active=False)
    database = SystemFactory()
    DependencyFactory(service=good, on_system=database)
    measured(database)
    found = readiness(administrator)
    assert [row.service for row in found] == [bad, good]
    assert gone not in [row.service for row in found]


def test_five_queries_however_many_services(administrator, django_assert_num_queries):
    for _ in range(30):
        service, system = ServiceFactory(), SystemFactory()
        DependencyFactory(service=service, on_system=system)
        for days in range(3):
            for stream in ("", "a", "b"):
                MeasurementFactory(system=system, stream=stream, measured_at=timezone.now() - timedelta(days=days))
        MeasurementFactory(service=service, origin=Origin.DRILL)
    readiness(administrator)  # the roles of the user are read once
    # services, systems, dependencies, the last measurement of each, basis
    with django_assert_num_queries(5):
        assert len(readiness(administrator)) == 30
    with django_assert_num_queries(5):
        assert len(proof_of_systems()) == 30


@pytest.mark.parametrize(
    ("role", "sees"),
    [
        (Role.REPORTER, False),
        (Role.RESPONDER, True),
        (Role.MANAGER, True),
        (Role.REVIEWER, True),
        (Role.AUDITOR, True),
        (Role.ADMINISTRATOR, True),
    ],
)
def test_everybody_but_reporters_sees_the_catalog(role, sees):
    ServiceFactory()
    SystemFactory()
    user = person(role)
    assert bool(readiness(user)) is sees
    assert visible_to(user, System).exists() is sees


def test_nobody_signed_in_sees_nothing():
    ServiceFactory()
    assert readiness(AnonymousUser()) == []
