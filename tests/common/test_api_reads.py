"""A read says what it is, so that it can be asked whether it still is; a change says which version it was made on."""

from datetime import timedelta

import pytest

from catalog import services
from catalog.models import Service
from people.choices import Role
from tests.catalog.factories import ServiceFactory, SystemFactory
from tests.support.people import with_key

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor():
    return with_key(Role.ADMINISTRATOR)


def test_what_has_not_changed_is_not_sent_again(editor):
    address = f"/api/v1/services/{ServiceFactory().pk}/"
    first = editor.get(address)
    again = editor.get(address, headers={"If-None-Match": f'"other", W/{first["ETag"]}'})

    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == first["ETag"]
    assert first["Cache-Control"] == again["Cache-Control"] == "private, no-cache"


def test_a_list_is_read_again_only_when_it_changed(editor):
    ServiceFactory()
    etag = editor.get("/api/v1/services/")["ETag"]
    known = {"If-None-Match": etag}

    assert editor.get("/api/v1/services/", headers=known).status_code == 304
    ServiceFactory()
    assert editor.get("/api/v1/services/", headers=known).status_code == 200


def test_what_is_computed_makes_an_answer_new_though_the_row_is_as_old(editor):
    service, system = ServiceFactory(), SystemFactory(recovery_time_objective=None)
    services.add_dependency(service=service, on_system=system, by="system:tests")
    address = f"/api/v1/services/{service.pk}/"
    first = editor.get(address)
    services.change_system(
        system_id=system.pk, by="system:tests", version=None, recovery_time_objective=timedelta(hours=1)
    )

    again = editor.get(address, headers={"If-None-Match": first["ETag"]})

    assert again.status_code == 200
    assert again.json()["version"] == first.json()["version"]


@pytest.mark.parametrize("tag", ['"1"', 'W/"1"', '"1-0123456789abcdef"', "*"])
def test_a_change_names_the_version_in_any_of_its_forms(editor, tag):
    answer = patch(editor, ServiceFactory(), tag)

    assert answer.status_code == 200
    assert answer["ETag"].startswith('"2-')


@pytest.mark.parametrize(
    ("tag", "status"), [("", 428), (" ", 428), ('"2"', 412), ('"x"', 412), ("1", 412), ('"99999999999"', 412)]
)
def test_a_change_of_another_version_is_refused(editor, tag, status):
    service = ServiceFactory(name="Payroll")

    assert patch(editor, service, tag).status_code == status
    assert Service.objects.get().name == "Payroll"


def test_what_is_done_to_a_row_may_name_the_version_that_was_seen(editor):
    service = ServiceFactory()
    address = f"/api/v1/services/{service.pk}/retire/"

    assert editor.post(address, headers={"If-Match": '"2"'}).status_code == 412
    assert Service.objects.get().is_active
    assert editor.post(address, headers={"If-Match": '"1"'}).status_code == 200
    assert not Service.objects.get().is_active


def test_what_was_made_says_where_it_is(editor):
    made = editor.post("/api/v1/services/", {"name": "Payroll"}, "application/json")

    assert made["Cache-Control"] == "no-store"
    assert editor.get(made["Location"]).json()["name"] == "Payroll"


def patch(client, service, tag):
    address = f"/api/v1/services/{service.pk}/"
    return client.patch(address, {"name": "Invoices"}, "application/json", headers={"If-Match": tag})
