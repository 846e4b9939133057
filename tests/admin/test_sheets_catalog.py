"""Services, systems and documents leave as a file and come in as one."""

from datetime import date, timedelta

import pytest
from django.contrib import admin

from catalog.models import Dependency, Document, Service, System
from catalog.services import add_document, add_provider, add_site
from ledger.admin.sheets import SheetAdmin
from ledger.models import Entry
from people.services import create_person
from tests.admin.sheets import confirm, export, findings, outcomes, table, upload
from tests.catalog.factories import DependencyFactory, ServiceFactory, SystemFactory

pytestmark = pytest.mark.django_db

SERVICES, SYSTEMS, DOCUMENTS = "catalog_service", "catalog_system", "catalog_document"


@pytest.fixture
def ana(administrator):
    return create_person(username="ana", name="Ana", by="system:test")


def needs(kind):
    return {str(each) for each in Dependency.objects.filter(kind=kind)}


def test_a_service_comes_with_owner_and_targets(desk, ana):
    page = upload(
        desk,
        SERVICES,
        "name,criticality,owner,recovery time objective (RTO),days between two reviews\n"
        "Payroll,Critical,ana,2 h 30 min,90\n",
    )
    confirm(desk, page)
    service = Service.objects.get()
    assert (service.criticality, service.owner, service.review_every_days) == ("critical", ana, 90)
    assert service.recovery_time_objective == timedelta(hours=2, minutes=30)
    assert Entry.objects.filter(verb="service.added").count() == 1


def test_what_must_stand_is_left_by_an_empty_cell_and_the_rest_is_emptied(desk, ana):
    service = ServiceFactory(name="Payroll", owner=ana, criticality="critical", description="Wages")
    confirm(desk, upload(desk, SERVICES, "name,criticality,owner,days between two reviews,in use\nPayroll,,,,\n"))
    service.refresh_from_db()
    assert (service.criticality, service.owner, service.description) == ("critical", None, "Wages")
    assert (service.review_every_days, service.is_active) == (365, True)


def test_systems_stand_on_each_other_whatever_their_order(desk, administrator):
    add_site(name="Berlin", by=administrator)
    page = upload(
        desk,
        SYSTEMS,
        "name,site,systems it requires,systems it can do without\nA,Berlin,B; C,\nB,,,C\nC,Berlin,,\n",
    )
    assert outcomes(page) == ["added"] * 3
    confirm(desk, page)
    assert (needs("required"), needs("optional")) == ({"A → B", "A → C"}, {"B → C"})

    turned = "name,systems it requires,systems it can do without\nA,,\nC,A,\n"
    confirm(desk, upload(desk, SYSTEMS, turned))
    assert (needs("required"), needs("optional")) == ({"C → A"}, {"B → C"})


def test_a_dependency_changes_its_kind(desk):
    DependencyFactory(system=SystemFactory(name="A"), on_system=SystemFactory(name="B"), service=None)
    confirm(desk, upload(desk, SYSTEMS, "name,systems it requires,systems without which it works worse\nA,,B\n"))
    assert (needs("required"), needs("degraded")) == (set(), {"A → B"})
    page = upload(desk, SYSTEMS, "name,systems it requires,systems without which it works worse\nA,B,B\n")
    assert "needed in one way only" in findings(page)[2].refusals[0][1]


REFUSED = [
    ("A,B,\nB,A,\n", "Neither could be restored first"),
    ("A,A,\n", "nothing stands on itself"),
    ("A,X,\n", "was not found among"),
    ('A,"""B",\n', "quotation mark"),
    ("A,B,1 h\nB,,2 h\n", "requires it and must be back"),
    ("A,,-1 h\n", "Give a duration"),
    ("A,,0 s\n", "longer than nothing"),
    (f"{'x' * 121},,\n", "at most 120"),
]


def test_what_a_service_refuses_is_said_and_nothing_is_added(desk):
    for rows, said in REFUSED:
        page = upload(desk, SYSTEMS, f"name,systems it requires,recovery time objective (RTO)\n{rows}")
        sentences = [sentence for each in findings(page).values() for _column, sentence in each.refusals]
        assert any(said in sentence for sentence in sentences), sentences
        confirm(desk, page)
    assert not System.objects.exists()
    assert not Entry.objects.filter(verb__in=["system.added", "dependency.added", "list.imported"]).exists()


def test_targets_along_a_chain_may_change_in_one_file(desk):
    top, low = SystemFactory(name="A"), SystemFactory(name="B")
    DependencyFactory(system=top, on_system=low, service=None)
    System.objects.update(recovery_time_objective=timedelta(hours=4))
    page = upload(desk, SYSTEMS, "name,recovery time objective (RTO)\nA,1 h\nB,1 h\n")
    assert outcomes(page) == ["changed", "changed"]
    confirm(desk, page)
    assert set(System.objects.values_list("recovery_time_objective", flat=True)) == {timedelta(hours=1)}


def test_a_document_is_known_by_title_number_and_what_it_is_about(desk, administrator):
    provider = add_provider(name="Carrier", by=administrator)
    add_document(title="Contract", number="1", provider=provider, by=administrator)
    page = upload(
        desk,
        DOCUMENTS,
        "title,number,provider,system,kind,expires on\n"
        "Contract,1,Carrier,,licence,2027-01-31\nContract,2,Carrier,,,\nContract,3,,,,\n",
    )
    assert outcomes(page) == ["changed", "added", "refused"]
    assert "one provider, one service or one system" in findings(page)[4].refusals[0][1]
    confirm(desk, upload(desk, DOCUMENTS, "title,number,provider,expires on\nContract,1,Carrier,2027-01-31\n"))
    assert Document.objects.get().expires_on == date(2027, 1, 31)


def test_two_that_are_called_the_same_are_changed_on_their_own_pages(desk, administrator):
    system = SystemFactory(name="A")
    for _number in range(2):
        add_document(title="Licence", system=system, by=administrator)
    page = upload(desk, DOCUMENTS, "title,system,number\nLicence,A,\n")
    assert "There are 2 that are called so" in findings(page)[2].refusals[0][1]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_what_was_exported_read_back_changes_nothing(desk, ana, administrator, kind):
    system = SystemFactory(name="=A; “B”", description="- one\r\n- two", owner=ana)
    service = ServiceFactory(name='-S "1"', minimum_objective="@home", recovery_time_objective=timedelta(minutes=90))
    DependencyFactory(service=service, on_system=system)
    DependencyFactory(service=service, on_service=ServiceFactory(name="Other;"), on_system=None, kind="degraded")
    DependencyFactory(system=system, on_system=SystemFactory(name="Low"), service=None, kind="optional")
    add_document(title="+1", system=system, expires_on=date(2027, 1, 1), by=administrator)
    for model, count in ((SERVICES, 2), (SYSTEMS, 2), (DOCUMENTS, 1)):
        page = upload(desk, model, export(desk, model, kind).content, name=f"list.{kind}")
        assert outcomes(page) == ["same"] * count, findings(page)


def test_an_export_asks_the_database_no_more_for_more_rows(desk, ana, django_assert_max_num_queries):
    for _number in range(12):
        DependencyFactory(system=SystemFactory(owner=ana), on_system=SystemFactory(owner=ana), service=None)
    with django_assert_max_num_queries(25):
        assert len(table(export(desk, SYSTEMS))) == 24


@pytest.mark.parametrize(
    "sheet", [each.sheet for each in admin.site._registry.values() if isinstance(each, SheetAdmin)]
)
def test_no_two_columns_of_a_file_are_called_alike_in_any_language(sheet):
    headings = [heading for column in sheet.columns for heading in column.headings()]
    assert len(headings) == len(set(headings))
