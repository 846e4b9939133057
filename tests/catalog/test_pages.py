"""The pages of the catalog: what they show, what one may do there, what they cost."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.urls import reverse

from catalog.models import Service
from catalog.services import add_document, add_provider, attach_file, set_impacts
from people.choices import Role
from tests.catalog.factories import DependencyFactory, MeasurementFactory, ServiceFactory, SiteFactory, SystemFactory
from tests.support.people import signed_in

pytestmark = pytest.mark.django_db

BY = "system:test"
HOUR = timedelta(hours=1)


@pytest.fixture
def reader():
    return signed_in(Role.RESPONDER)


def text(answer):
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_service_shows_its_targets_what_it_stands_on_and_what_an_outage_does(reader):
    shop, base = ServiceFactory(name="Shop", minimum_objective="By hand"), SystemFactory(name="Base")
    DependencyFactory(service=shop, on_system=base)
    DependencyFactory(service=ServiceFactory(name="News"), on_service=shop, kind="optional")
    MeasurementFactory(system=base, reference="RT-0042")
    set_impacts(service_id=shop.pk, impacts=[{"criterion": "money", "after": HOUR, "level": 3, "note": "Fees"}], by=BY)
    page = text(reader.get(shop.get_absolute_url()))
    for shown in ("Base", "News", "Inconvenienced", "Fees", "By hand", "RT-0042", "From 1\N{NO-BREAK SPACE}h on"):
        assert shown in page


def test_a_system_shows_what_it_takes_with_it_and_where_its_backups_stand(reader):
    base = SystemFactory(name="Base")
    DependencyFactory(service=ServiceFactory(name="Shop"), on_system=base)
    page = text(reader.get(base.get_absolute_url()))
    assert "Shop" in page
    assert reverse("backups_of_system", args=[base.pk]) in page
    assert "Nothing saves it" in text(reader.get(reverse("backups_of_system", args=[base.pk])))


def test_a_provider_shows_whom_to_call(reader):
    provider = add_provider(
        by=BY, name="Carrier", contact="Desk\nday and night", notice_page="https://status.example.org"
    )
    page = text(reader.get(provider.get_absolute_url()))
    assert "day and night" in page
    assert 'rel="noopener noreferrer"' in page


def test_a_paper_is_saved_and_never_opened_in_the_browser(reader):
    document = add_document(by=BY, title="Licence", service=ServiceFactory())
    address = reverse("catalog_document_file", args=[document.pk])
    assert reader.get(address).status_code == 404
    attach_file(document_id=document.pk, stream=BytesIO(b"<script>alert(1)</script>"), name="a.html", by=BY)
    answer = reader.get(address)
    assert answer["Content-Disposition"] == 'attachment; filename="a.html"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert b"".join(answer.streaming_content) == b"<script>alert(1)</script>"


def test_whoever_has_the_file_of_a_paper_is_not_sent_it_again(reader):
    document = add_document(by=BY, title="Licence", service=ServiceFactory())
    attach_file(document_id=document.pk, stream=BytesIO(b"paper"), name="a.txt", by=BY)
    address = reverse("catalog_document_file", args=[document.pk])
    etag = reader.get(address)["ETag"]
    assert reader.get(address, headers={"If-None-Match": etag}).status_code == 304
    assert reader.get(address, headers={"If-None-Match": '"other"'}).status_code == 200


def test_the_list_of_services_is_filtered_in_its_address(reader):
    ServiceFactory(name="Shop", criticality="critical")
    ServiceFactory(name="News")
    page = text(reader.get(reverse("catalog") + "?criticality=critical&proof=unproven"))
    assert ("Shop" in page, "News" in page) == (True, False)
    assert "Nothing found." in text(reader.get(reverse("catalog") + "?proof=proven"))
    assert "News" in text(reader.get(reverse("catalog") + "?proof=x&criticality=x&page=-1"))


def test_its_owner_says_that_a_service_was_looked_at_and_others_do_not(reader):
    own, others = ServiceFactory(owner=reader.person), ServiceFactory()
    address = reverse("catalog_review", args=[own.pk])
    assert reader.post(address, {"version": own.version}).status_code == 302
    assert Service.objects.get(pk=own.pk).reviewed_by == reader.person
    assert reader.post(reverse("catalog_review", args=[others.pk])).status_code == 403
    assert reader.get(address).status_code == 405


def test_a_review_on_an_old_version_changes_nothing_and_says_so(reader):
    own = ServiceFactory(owner=reader.person, version=3)
    answer = reader.post(reverse("catalog_review", args=[own.pk]), {"version": "2"}, follow=True)
    assert "changed by somebody else" in answer.content.decode()
    assert Service.objects.get().reviewed_on is None


@pytest.mark.parametrize("name", ["catalog", "catalog_systems", "catalog_providers", "catalog_documents"])
def test_a_list_costs_the_same_for_one_and_for_many(reader, django_assert_max_num_queries, name):
    for number in range(12):
        service, system = ServiceFactory(), SystemFactory(site=SiteFactory())
        DependencyFactory(service=service, on_system=system)
        add_provider(by=BY, name=f"Carrier {number}", systems=[system], services=[service])
        add_document(by=BY, title="Licence", system=system)
    reader.get(reverse(name))
    with django_assert_max_num_queries(22):
        reader.get(reverse(name))


def test_for_those_who_do_not_see_the_catalog_it_is_not_there():
    stranger = signed_in(Role.REPORTER)
    service = ServiceFactory()
    for path in ("/catalog/", f"/catalog/services/{service.pk}/", "/improvement-plans/", "/improvement-plans/new/"):
        assert stranger.get(path).status_code == 404, path
    assert stranger.post(f"/catalog/services/{service.pk}/review/").status_code == 404


def test_a_target_that_is_a_systems_is_called_so_and_what_was_measured_of_it_is_listed(reader):
    service = ServiceFactory(recovery_time_objective=timedelta(hours=4))
    system = SystemFactory(name="Archive store", recovery_time_objective=timedelta(hours=2))
    DependencyFactory(service=service, on_system=system)
    assert "Never measured." in text(reader.get(reverse("catalog_service", args=[service.pk])))
    MeasurementFactory(system=system, reference="RT-0042", recovery_time=timedelta(hours=1))
    page = text(reader.get(reverse("catalog_service", args=[service.pk])))
    assert "Archive store: 2\xa0h" in page
    assert "Never measured." not in page
    assert "Not as a whole. Of the systems it requires, these were:" in page
    for path in ("/catalog/", "/"):
        assert "Archive store: 2\xa0h" in text(reader.get(path))

    system.recovery_time_objective = timedelta(hours=8)
    system.save(update_fields=["recovery_time_objective"])
    assert "Archive store: " not in text(reader.get("/catalog/"))
