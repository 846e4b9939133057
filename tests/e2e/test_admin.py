"""The admin in a real browser: it works under its policy, and nothing comes from elsewhere."""

import pytest

from tests.e2e.browser import DESKTOP, PHONE

PAGES = [
    "/admin/",
    "/admin/backups/backuppolicy/",
    "/admin/backups/backuppolicy/add/",
    "/admin/ledger/entry/",
    "/admin/people/user/add/",
]


@pytest.mark.parametrize(("size", "language"), [(DESKTOP, "en"), (PHONE, "zh")])
def test_an_administrator_finds_the_rooms(visit, size, language):
    visitor = visit(size=size, language=language).come_in("Administrator")
    for path in PAGES:
        assert visitor.go(path).locator("#main, main, #content").first.is_visible(), path


def test_a_policy_is_opened_from_the_list_and_saved(visit):
    page = visit().come_in("Administrator").go("/admin/backups/backuppolicy/")
    page.locator("#result_list tbody a", has_text="Holdfast").first.click()
    page.fill("[name=keep_copies]", "9")
    page.click("[name=_continue]")
    assert page.input_value("[name=keep_copies]") == "9"
    assert page.locator("[name=password]").count() == 0, "what Holdfast saves of itself is fixed"
