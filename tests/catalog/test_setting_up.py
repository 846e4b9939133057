"""Services, systems and sites are described by people; every change is in the ledger and counted."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from catalog.errors import StillNeeded, WrongDetails
from catalog.models import Service, Site, System
from catalog.services import (
    add_dependency,
    add_service,
    add_site,
    add_system,
    bring_back,
    change_service,
    change_site,
    change_system,
    retire,
)
from common.errors import Stale
from ledger.models import Entry
from tests.catalog.factories import ServiceFactory, SystemFactory

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def test_a_service_is_added_with_its_targets(administrator):
    service = add_service(
        by=administrator, name=" Payments ", criticality="critical", recovery_time_objective=HOUR, owner=administrator
    )
    service.refresh_from_db()
    assert (service.name, service.recovery_time_objective, service.owner) == ("Payments", HOUR, administrator)
    entry = Entry.objects.get(verb="service.added")
    assert (entry.subject_id, entry.actor_id) == (str(service.pk), str(administrator.pk))
    assert entry.data["owner"] == str(administrator.pk)


def test_systems_and_sites_are_added_too(administrator):
    site = add_site(by=administrator, name="Harbour", address="Pier 4\n20457 Hamburg")
    system = add_system(by=administrator, name="Shop database", site=site, release="PostgreSQL 18.6")
    assert system.site == site
    assert set(Entry.objects.values_list("verb", flat=True)) >= {"site.added", "system.added"}


def test_own_words_stay_out_of_the_ledger(administrator):
    add_service(by=administrator, name="Payments", description="Ask Ada, 0171 555")
    assert "0171" not in str(Entry.objects.get(verb="service.added").data)


@pytest.mark.parametrize(
    ("details", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"name": "two\nlines"}, "name"),
        ({"name": "nul\x00"}, "name"),
        ({"name": "half \ud800"}, "name"),
        ({"name": "Taken"}, "name"),
        ({"name": "A", "criticality": "enormous"}, "criticality"),
        ({"name": "A", "description": "nul\x00"}, "description"),
        ({"name": "A", "recovery_time_objective": timedelta(0)}, "__all__"),
        ({"name": "A", "recovery_point_objective": -HOUR}, "__all__"),
        ({"name": "A", "recovery_time_objective": 2 * HOUR, "maximum_tolerable_downtime": HOUR}, "__all__"),
    ],
)
def test_what_cannot_be_is_refused_by_name_and_changes_nothing(administrator, details, field):
    ServiceFactory(name="Taken")
    with pytest.raises(WrongDetails) as refusal:
        add_service(by=administrator, **details)
    assert list(refusal.value.fields) == [field]
    assert all(refusal.value.fields[field])
    assert Service.objects.count() == 1


def test_names_with_quotes_dashes_and_dollars_are_just_names(administrator):
    name = "-rf $(reboot) '\"; DROP TABLE \\ <b>&amp;"
    assert add_system(by=administrator, name=name).name == name


def test_a_change_is_counted_and_recorded_before_and_after(administrator):
    service = ServiceFactory(name="Payments", recovery_time_objective=HOUR)
    changed = change_service(
        service_id=service.pk, by=administrator, version=1, recovery_time_objective=2 * HOUR, name="Payments"
    )
    assert changed.version == 2
    data = Entry.objects.get(verb="service.changed").data
    assert data == {
        "before": {"recovery_time_objective": "P0DT01H00M00S"},
        "after": {"recovery_time_objective": "P0DT02H00M00S"},
    }


def test_saying_the_same_again_changes_nothing(administrator):
    system = SystemFactory(release="PostgreSQL 18.6")
    assert change_system(system_id=system.pk, by=administrator, release="PostgreSQL 18.6").version == 1
    assert not Entry.objects.filter(verb="system.changed").exists()


def test_a_change_on_what_somebody_else_changed_is_refused(administrator):
    site = Site.objects.create(name="Harbour")
    change_site(site_id=site.pk, by=administrator, version=1, name="Old harbour")
    with pytest.raises(Stale):
        change_site(site_id=site.pk, by=administrator, version=1, name="New harbour")
    site.refresh_from_db()
    assert site.name == "Old harbour"


def test_what_others_stand_on_cannot_go_out_of_use(administrator):
    service, system = ServiceFactory(name="Payments"), SystemFactory()
    add_dependency(by=administrator, service=service, on_system=system)
    with pytest.raises(StillNeeded, match="“Payments”"):
        retire(subject=system, by=administrator)
    retire(subject=service, by=administrator)
    assert retire(subject=system, by=administrator).is_active is False


def test_retired_twice_is_retired_once_and_can_come_back(administrator):
    system = SystemFactory()
    for _ in range(2):
        retire(subject=system, by=administrator)
    for _ in range(2):
        assert bring_back(subject=system, by=administrator).is_active is True
    verbs = Entry.objects.filter(subject_id=str(system.pk)).order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["system.retired", "system.brought_back"]


@pytest.mark.parametrize("column", ["recovery_time_objective", "recovery_point_objective"])
def test_the_database_refuses_a_target_of_nothing(column):
    for model in (Service, System):
        with pytest.raises(IntegrityError), transaction.atomic():
            model.objects.create(name="A", **{column: timedelta(0)})
