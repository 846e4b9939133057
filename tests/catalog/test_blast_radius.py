"""An outage: what it takes with it, how hard, along which way."""

import pytest

from catalog.choices import DependencyKind, Effect
from catalog.errors import DependencyCycle, StillNeeded
from catalog.selectors import basis_of, blast_radius
from catalog.services import add_dependency, add_provider, retire
from tests.catalog.factories import DependencyFactory, ServiceFactory, SystemFactory

pytestmark = pytest.mark.django_db

BY = "system:test"
REQUIRED, DEGRADED, OPTIONAL = DependencyKind.REQUIRED, DependencyKind.DEGRADED, DependencyKind.OPTIONAL


def hit(*failed):
    """[(name, effect, names on the way), …]"""
    return [
        (each.subject.name, each.effect, [str(step) for step in each.path]) for each in blast_radius(*failed).affected
    ]


def test_a_chain_passes_on_no_more_than_its_weakest_link():
    base, middle = SystemFactory(name="Base"), SystemFactory(name="Middle")
    shop, news = ServiceFactory(name="Shop"), ServiceFactory(name="News")
    DependencyFactory(system=middle, on_system=base, kind=REQUIRED)
    DependencyFactory(service=shop, on_system=middle, kind=DEGRADED)
    DependencyFactory(service=news, on_service=shop, kind=OPTIONAL)
    assert hit(base) == [
        ("Middle", Effect.DOWN, ["Base"]),
        ("Shop", Effect.DEGRADED, ["Base", "Middle"]),
        ("News", Effect.INCONVENIENCED, ["Base", "Middle", "Shop"]),
    ]
    assert [service.name for service in blast_radius(base).services] == []


def test_of_several_ways_the_worst_counts_however_long():
    base, other = SystemFactory(name="Base"), SystemFactory(name="Other")
    shop = ServiceFactory(name="Shop")
    DependencyFactory(service=shop, on_system=base, kind=OPTIONAL)
    DependencyFactory(service=shop, on_system=other, kind=REQUIRED)
    DependencyFactory(system=other, on_system=base, kind=REQUIRED)
    assert ("Shop", Effect.DOWN, ["Base", "Other"]) in hit(base)


def test_of_equal_ways_the_shortest_is_shown():
    base, other = SystemFactory(name="Base"), SystemFactory(name="Other")
    shop = ServiceFactory(name="Shop")
    DependencyFactory(service=shop, on_system=base)
    DependencyFactory(service=shop, on_system=other)
    DependencyFactory(system=other, on_system=base)
    assert ("Shop", Effect.DOWN, ["Base"]) in hit(base)


def test_what_fails_is_not_part_of_what_it_takes_with_it():
    base, shop = SystemFactory(), ServiceFactory()
    DependencyFactory(service=shop, on_system=base)
    assert hit(base, shop) == []


def test_without_a_provider_all_that_it_carries_is_down():
    base, shop = SystemFactory(name="Base"), ServiceFactory(name="Shop")
    DependencyFactory(service=shop, on_system=base)
    provider = add_provider(by=BY, name="Carrier", systems=[base])
    assert hit(provider) == [("Shop", Effect.DOWN, ["Carrier", "Base"]), ("Base", Effect.DOWN, ["Carrier"])]


def test_it_costs_the_same_however_large_the_catalog_is(django_assert_num_queries):
    base = SystemFactory()
    for _ in range(20):
        DependencyFactory(service=ServiceFactory(), on_system=base)
    with django_assert_num_queries(3):
        assert len(blast_radius(base).affected) == 20


def test_a_circle_is_refused_over_all_kinds():
    one, other = SystemFactory(name="One"), SystemFactory(name="Other")
    add_dependency(by=BY, system=one, on_system=other, kind=OPTIONAL)
    with pytest.raises(DependencyCycle):
        add_dependency(by=BY, system=other, on_system=one)


def test_proof_stands_on_what_is_required_only():
    shop, base = ServiceFactory(), SystemFactory()
    before = basis_of(shop)
    add_dependency(by=BY, service=shop, on_system=base, kind=DEGRADED)
    assert basis_of(shop) == before
    add_dependency(by=BY, service=shop, on_system=SystemFactory())
    assert basis_of(shop) != before


def test_what_something_stands_on_in_any_way_stays_in_use():
    shop, base = ServiceFactory(name="Shop"), SystemFactory()
    add_dependency(by=BY, service=shop, on_system=base, kind=OPTIONAL)
    with pytest.raises(StillNeeded, match="“Shop”"):
        retire(subject=base, by=BY)
