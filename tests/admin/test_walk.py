"""Every page of the admin opens for administrators, and for nobody else."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.urls import reverse

from ledger.admin import LedgerAdmin, ReadOnlyAdmin
from people.choices import Role

OURS = ("common", "ledger", "people", "catalog", "notify", "actions", "backups", "runbooks", "incidents", "readiness")
#: Rows that are kept on the page of another one.
INLINE = {
    "backups.policysource",
    "catalog.impact",
    "actions.actionevent",
    "actions.phase",
    "people.keyuse",
    "people.calendarwindow",
    "people.participant",
    "people.patience",
    "notify.attempt",
    "backups.schedule",
    "backups.step",
    "backups.assertion",
    "runbooks.plantext",
    "incidents.timelineevent",
    "incidents.evidencemark",
    "incidents.updatetext",
    "incidents.updateeffect",
    "incidents.statusentryname",
    "incidents.plannedworktext",
    "incidents.attachment",
    "incidents.rating",
    "incidents.escalationsteptaken",
    "incidents.incidentrole",
    "incidents.incidenttask",
}

REGISTERED = sorted(admin.site._registry, key=lambda model: model._meta.label_lower)
pytestmark = pytest.mark.django_db


def address(model, page, *arguments):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=arguments)


#: Files of a form that is not sent yet, when a clock is looked at again, answers that are kept sealed for a day, which
#: keys there are, and links that are sent within seconds: nothing in them is for people to read. What people look for
#: in a list is their own; what they share of it is in the ledger.
UNSEEN = {
    *("incidents.upload", "incidents.clocklook", "common.keptanswer", "common.sealingkey", "people.passwordreset"),
    *("incidents.savedview", "incidents.firstview"),
}
#: Addresses of people outside, who may ask to be forgotten.
FORGOTTEN = {"incidents.statussubscriber"}


def test_every_model_of_ours_has_its_place_in_the_admin():
    ours = {model._meta.label_lower for label in OURS for model in apps.get_app_config(label).get_models()}
    assert ours - INLINE - UNSEEN == {model._meta.label_lower for model in REGISTERED}


@pytest.mark.parametrize("model", REGISTERED, ids=lambda model: model._meta.label_lower)
def test_every_admin_keeps_the_ledger(model):
    assert isinstance(admin.site._registry[model], LedgerAdmin)


def test_every_row_opens_and_leads_to_its_history(desk, rows):
    for model in REGISTERED:
        row = model._default_manager.first()
        assert row is not None, model
        assert desk.get(address(model, "change", row.pk)).status_code == 200, model
        assert desk.get(address(model, "history", row.pk)).status_code == 302, model


def test_adding_opens_where_rows_are_added(desk, rows):
    for model in REGISTERED:
        can = admin.site._registry[model].has_add_permission(asked_by(desk, model))
        assert desk.get(address(model, "add")).status_code == (200 if can else 403), model


def test_rows_that_only_the_product_writes_cannot_be_changed(desk, rows):
    for model in REGISTERED:
        if isinstance(admin.site._registry[model], ReadOnlyAdmin):
            row = model._default_manager.first()
            assert desk.post(address(model, "change", row.pk), {"verb": "x", "_save": "1"}).status_code == 403, model
            assert model._meta.label_lower in FORGOTTEN or _delete(desk, model, row) == 403, model


def test_nobody_else_gets_in(client, everyone, rows):
    for model in REGISTERED:
        row = model._default_manager.first()
        pages = [address(model, "changelist"), address(model, "add"), address(model, "change", row.pk)]
        for browser in [client, *everyone.values()]:
            for page in pages:
                assert browser.get(page).status_code in (302, 403, 404), page
                assert browser.post(page, {"name": "x"}).status_code in (302, 403, 404), page


def test_the_first_page_shows_the_rooms_in_both_languages(desk, administrator, rows):
    assert "Backup policies" in desk.get(reverse("admin:index")).content.decode()
    administrator.language = "zh-hans"
    administrator.save()
    page = desk.get(reverse("admin:index")).content.decode()
    assert "备份" in page
    assert "Backup policies" not in page


def test_signing_in_is_the_products_own(client, db):
    response = client.get(reverse("admin:login"))
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))


def test_a_person_who_is_no_administrator_any_more_is_out(desk, administrator, rows):
    from people.services import create_person, set_roles

    create_person(username="zoe", name="Zoe", roles=[Role.ADMINISTRATOR], by="system:test")
    set_roles(person_id=administrator.pk, roles=[Role.MANAGER], by="system:test")
    assert desk.get(reverse("admin:index")).status_code == 302


def test_pages_load_nothing_from_elsewhere(desk, rows):
    response = desk.get(reverse("admin:backups_backuppolicy_changelist"))
    policy = response["Content-Security-Policy"]
    assert "'self'" in policy
    assert "http" not in policy.replace("https://localhost", "")
    page = response.content.decode()
    assert 'src="http' not in page
    assert '<link href="http' not in page


def _delete(browser, model, row):
    return browser.post(address(model, "delete", row.pk), {"post": "yes"}).status_code


def asked_by(browser, model):
    return browser.get(address(model, "changelist")).wsgi_request
