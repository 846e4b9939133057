"""What stands on what has no circles, whoever changes it and when."""

import threading
from collections import Counter
from datetime import timedelta
from itertools import pairwise

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from catalog.choices import Part
from catalog.errors import DependencyCycle, DependencyExists, DependencyImpossible, NotInUse
from catalog.models import Dependency, Service, System
from catalog.selectors import basis_of, blast_radius, services_on, systems_under
from catalog.services import add_dependency, bring_back, change_service, remove_dependency, retire
from ledger.models import Entry
from tests.catalog.factories import DependencyFactory, ServiceFactory, SystemFactory

pytestmark = pytest.mark.django_db

BY = "system:test"


def test_a_dependency_is_recorded_and_counts_as_a_change_of_what_needs():
    service, system = ServiceFactory(), SystemFactory()
    before = basis_of(service)
    dependency = add_dependency(by=BY, service=service, on_system=system)
    assert Service.objects.get(pk=service.pk).version == 2
    assert basis_of(service)[Part.DEPENDENCIES] != before[Part.DEPENDENCIES]
    assert Entry.objects.get(verb="dependency.added").subject_id == str(dependency.pk)


def test_removed_again_it_stands_on_what_it_stood_on_before():
    service, system = ServiceFactory(), SystemFactory()
    before = basis_of(service)
    dependency = add_dependency(by=BY, service=service, on_system=system)
    remove_dependency(dependency_id=dependency.pk, by=BY)
    assert basis_of(service) == before
    assert Entry.objects.get(verb="dependency.removed").subject_id == str(dependency.pk)
    with pytest.raises(Dependency.DoesNotExist):
        remove_dependency(dependency_id=dependency.pk, by=BY)


def test_the_same_twice_is_refused():
    service, system = ServiceFactory(name="Payments"), SystemFactory(name="Database")
    add_dependency(by=BY, service=service, on_system=system)
    with pytest.raises(DependencyExists, match="“Payments” already stands on “Database”"):
        add_dependency(by=BY, service=service, on_system=system)


def test_a_circle_is_refused_however_long():
    systems = [SystemFactory(name=name) for name in "ABCD"]
    for dependent, need in pairwise(systems):
        add_dependency(by=BY, system=dependent, on_system=need)
    with pytest.raises(DependencyCycle, match="“A” already stands on “D”"):
        add_dependency(by=BY, system=systems[-1], on_system=systems[0])
    assert Dependency.objects.count() == 3


def test_two_ways_to_the_same_system_are_no_circle():
    top, left, right, base = (SystemFactory() for _ in range(4))
    for dependent, need in [(top, left), (top, right), (left, base), (right, base)]:
        add_dependency(by=BY, system=dependent, on_system=need)
    assert set(blast_radius(base).systems) == {top, left, right}


def test_what_makes_no_sense_is_refused():
    service, system = ServiceFactory(), SystemFactory()
    for wrong in [
        {},
        {"service": service},
        {"on_system": system},
        {"service": service, "on_service": service},
        {"system": system, "on_system": system},
        {"system": system, "on_service": service},
        {"service": service, "system": system, "on_system": SystemFactory()},
        {"service": service, "on_system": system, "kind": "decorative"},
    ]:
        with pytest.raises(DependencyImpossible):
            add_dependency(by=BY, **wrong)
    assert not Dependency.objects.exists()


def test_the_database_refuses_a_system_that_needs_a_service_and_a_second_row():
    service, system = ServiceFactory(), SystemFactory()
    DependencyFactory(service=service, on_system=system)
    for wrong in [{"system": system, "on_service": service}, {"service": service, "on_system": system}]:
        with pytest.raises(IntegrityError), transaction.atomic():
            Dependency.objects.create(**wrong)


def test_an_outage_shows_everything_that_stands_on_it():
    shop, payments, mail = ServiceFactory(name="Shop"), ServiceFactory(name="Payments"), ServiceFactory(name="Mail")
    app, database = SystemFactory(name="App"), SystemFactory(name="Database")
    DependencyFactory(service=shop, on_service=payments)
    DependencyFactory(service=payments, on_system=app)
    DependencyFactory(system=app, on_system=database)
    radius = blast_radius(database)
    assert (radius.services, radius.systems) == ([payments, shop], [app])
    assert services_on(database) == [payments, shop]
    assert systems_under(shop) == [app, database]
    assert mail not in radius.services


@pytest.mark.django_db(transaction=True)
def test_two_people_at_once_cannot_close_a_circle_between_them():
    ones, others = System.objects.create(name="One"), System.objects.create(name="Other")
    start, outcomes = threading.Barrier(2), Counter()

    def depend(dependent, need):
        start.wait(10)
        try:
            add_dependency(by=BY, system=dependent, on_system=need)
            outcomes["added"] += 1
        except DependencyCycle:
            outcomes["refused"] += 1
        finally:
            connection.close()

    threads = [threading.Thread(target=depend, args=pair) for pair in [(ones, others), (others, ones)]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert outcomes == {"added": 1, "refused": 1}


def test_nothing_new_stands_on_what_is_out_of_use():
    shop, base = ServiceFactory(), SystemFactory()
    retire(subject=base, by=BY)
    with pytest.raises(NotInUse):
        add_dependency(by=BY, service=shop, on_system=base)
    assert not Dependency.objects.exists()


CHANGES = {
    "a target": lambda shop: change_service(service_id=shop.pk, by=BY, recovery_time_objective=timedelta(hours=1)),
    "retired": lambda shop: retire(subject=shop, by=BY),
    "brought back": lambda shop: bring_back(subject=shop, by=BY),
    "a dependency": lambda shop: add_dependency(by=BY, service=shop, on_system=SystemFactory()),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_the_graph_is_locked_before_any_row_so_that_no_two_wait_for_each_other(change):
    shop = ServiceFactory()
    with CaptureQueriesContext(connection) as queries:
        change(shop)
    locks = [each["sql"] for each in queries if "pg_advisory_xact_lock" in each["sql"] or "FOR UPDATE" in each["sql"]]
    assert "pg_advisory_xact_lock" in locks[0]
