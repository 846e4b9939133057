"""The admin in a real browser: it works under its policy, and nothing comes from elsewhere."""

import pytest

from tests.e2e.browser import DESKTOP, PHONE, sign_in

PAGES = [
    "/admin/",
    "/admin/backups/backuppolicy/",
    "/admin/backups/backuppolicy/add/",
    "/admin/ledger/entry/",
    "/admin/people/user/add/",
    "/admin/people/user/export/",
    "/admin/people/user/import/",
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


def test_a_list_of_people_is_previewed_and_imported_without_a_script(browser, house):
    context = browser.new_context(viewport=PHONE, java_script_enabled=False)
    sign_in(context, house.url, *house.people["Administrator"])
    page = context.new_page()
    page.goto(f"{house.url}/admin/people/user/")
    page.click("text=Import")
    staff = "sign-in name,name,roles\nnova,Nova,Reporter\n"
    page.set_input_files("[name=file]", {"name": "staff.csv", "mimeType": "text/csv", "buffer": staff.encode()})
    page.click("text=Show what would change")
    assert page.locator("text=1 row is added").is_visible()
    page.click("text=Import these rows")
    assert page.locator("text=1 added, 0 changed").is_visible()
    context.close()
