"""The catalog and actions in the admin: inlines and uploads go through services too."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from actions.models import Action, ImprovementPlan
from catalog.models import Document, Provider, Service
from ledger.models import Entry
from people.choices import Role
from tests.catalog.factories import ServiceFactory, SystemFactory
from tests.support.people import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    return signed_in(Role.ADMINISTRATOR)


def inline(prefix, *rows, initial=0):
    counted = {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": initial}
    return counted | {
        f"{prefix}-{number}-{name}": value for number, row in enumerate(rows) for name, value in row.items()
    }


def service_form(**more):
    return {"name": "Shop", "criticality": "normal", "review_every_days": 365} | more


def rating(after, level, **more):
    return {"criterion": "money", "after": after, "level": level, "note": ""} | more


def test_impacts_are_rated_on_the_page_of_their_service(desk):
    shop = ServiceFactory(name="Shop")
    address = f"/admin/catalog/service/{shop.pk}/change/"
    answer = desk.post(address, service_form() | inline("impacts", rating("1 h", 1), rating("1 d", 3)))
    assert answer.status_code == 302, answer.content.decode()[:3000]
    assert [(each.after, each.level) for each in shop.impacts.all()] == [
        (timedelta(hours=1), 1), (timedelta(days=1), 3),
    ]  # fmt: skip
    assert Entry.objects.filter(verb="service.impacts_rated").count() == 1


def test_a_rating_that_falls_is_refused_and_nothing_is_stored(desk):
    shop = ServiceFactory(name="Shop")
    falling = inline("impacts", rating("1 h", 3), rating("1 d", 1))
    answer = desk.post(f"/admin/catalog/service/{shop.pk}/change/", service_form(name="Other") | falling)
    assert answer.status_code == 200
    assert "never falls with time" in answer.content.decode()
    assert (Service.objects.get().name, shop.impacts.count()) == ("Shop", 0)


def test_a_provider_with_what_it_carries_and_a_document_with_its_file(desk):
    base = SystemFactory()
    desk.post("/admin/catalog/provider/add/", {"name": "Carrier", "systems": [base.pk]})
    provider = Provider.objects.get()
    assert list(provider.systems.all()) == [base]
    paper = SimpleUploadedFile("contract.pdf", b"%PDF-1.7 paper")
    form = {"title": "Contract", "kind": "contract", "provider": provider.pk, "upload": paper}
    answer = desk.post("/admin/catalog/document/add/", form)
    assert answer.status_code == 302, answer.content.decode()[:3000]
    document = Document.objects.get()
    assert (document.provider, document.file.content_type) == (provider, "application/pdf")


def test_an_action_is_opened_and_a_plan_with_phases_begun(desk):
    base, day = SystemFactory(), (timezone.now() + timedelta(days=9)).date().isoformat()
    form = {"title": "Again", "kind": "retest", "owner": desk.person.pk, "due_on": day, "system": base.pk}
    answer = desk.post("/admin/actions/action/add/", form | inline("events"))
    assert answer.status_code == 302, answer.content.decode()[:3000]
    assert Action.objects.get().about == f"catalog.system:{base.pk}"
    phase = {"title": "First", "starts_on": day, "ends_on": day}
    form = {"title": "Better", "owner": desk.person.pk} | inline("phases", phase)
    assert desk.post("/admin/actions/improvementplan/add/", form).status_code == 302
    assert ImprovementPlan.objects.get().phases.get().title == "First"
