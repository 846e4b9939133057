"""Every page of the admin, asked for what makes no sense: it says so, and goes on."""

import pytest
from django.contrib import admin

from tests.admin.test_walk import REGISTERED, address, asked_by

pytestmark = pytest.mark.django_db

QUERIES = ("?q=%E5%A4%87%E4%BB%BD&o=1&p=99999", "?q=" + "9" * 40, "?q=%27%22%3B--", "?id__exact=nonsense")


def test_lists_open_whatever_is_searched(desk, rows):
    pages = [address(model, "changelist") + query for model in REGISTERED for query in QUERIES]
    assert [page for page in pages if desk.get(page, follow=True).status_code != 200] == []


@pytest.mark.parametrize("value", ["not-a-key", "\0"])
def test_whatever_is_posted_as_a_key_the_form_comes_back(value, desk, rows):
    for model in REGISTERED:
        room = admin.site._registry[model]
        if not room.has_add_permission(asked_by(desk, model)):
            continue
        fields = room.get_form(asked_by(desk, model)).base_fields
        answer = desk.post(address(model, "add"), dict.fromkeys([*fields, *(f"{name}_0" for name in fields)], value))
        assert answer.status_code in (200, 302), model


def test_a_row_that_does_not_exist_is_said_so(desk, rows):
    for model in REGISTERED:
        for pk in ("0", "nonsense", "00000000-0000-0000-0000-000000000000", "%27"):
            assert desk.get(address(model, "change", pk)).status_code in (302, 404), (model, pk)
