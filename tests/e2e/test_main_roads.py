"""What people do most, in a real browser."""

import re

from playwright.sync_api import expect

from tests.e2e.browser import PHONE


def test_a_wrong_password_is_refused_in_words_and_the_name_is_kept(visit, house):
    page = visit().go("/accounts/login/")
    page.fill("[name=login]", "manager")
    page.fill("[name=password]", "not the password")
    page.click("main button.prime")
    expect(page.locator("#errors")).to_be_visible()
    expect(page.locator("[name=login]")).to_have_value("manager")


def test_the_first_page_soon_shows_a_recovery_time_measured_here(visit):
    visitor = visit().come_in("Manager")
    for _again in range(60):
        page = visitor.go("/")
        if page.locator(".gauge.is-ok").count():
            break
        page.wait_for_timeout(2000)
    expect(page.locator("h1")).to_contain_text("proven to come back in time")
    expect(page.locator(".gauge.is-ok").first).to_be_visible()


def test_the_proof_behind_a_figure_is_one_click_away(visit):
    page = visit().come_in("Auditor").go("/")
    page.locator(".readiness tr", has_text="Incident management").locator("td a").first.click()
    expect(page.locator("h1")).to_contain_text("Restored in")


def test_a_restore_test_is_watched_to_its_end_without_loading_again(visit):
    visitor = visit().come_in("Responder")
    page = visitor.go("/backups/holdfast/")
    page.get_by_role("button", name="Test now").click()
    page.wait_for_url(re.compile("/backups/runs/RT-"))
    page.evaluate("window.sameDocument = true")
    expect(page.locator("h1")).to_contain_text("Restored in", timeout=90_000)
    expect(page.locator(".steps > li").last).to_contain_text("Sandbox destroyed")
    assert page.evaluate("window.sameDocument") is True
    expect(page.locator("#run")).not_to_have_attribute("hx-trigger", re.compile("."))


def test_somebody_reports_a_problem_on_a_phone_and_follows_it(visit):
    visitor = visit(size=PHONE).come_in("Reporter")
    page = visitor.go("/report/")
    page.fill("textarea >> nth=0", "The scanner on floor 4 drops every second page.")
    page.get_by_role("button", name="Send report").click()
    page.wait_for_url(re.compile("/report/track/"))
    expect(page.locator("main")).to_contain_text("scanner on floor 4")


def test_the_phone_has_its_dock_and_everything_else_behind_more(visit):
    page = visit(size=PHONE).come_in("Manager").go("/")
    expect(page.locator(".rail")).to_be_hidden()
    page.locator(".dock summary").click()
    expect(page.locator(".dock-sheet").get_by_role("link", name="Restore tests")).to_be_visible()


def test_the_language_changes_with_one_press_and_stays(visit):
    visitor = visit().come_in("Reviewer")
    page = visitor.go("/")
    page.locator(".rail").get_by_role("button", name="中文").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    visitor.go("/backups/")
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    page.locator(".rail").get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_the_theme_changes_at_once_and_stays(visit):
    visitor = visit(scheme="light").come_in("Auditor")
    page = visitor.go("/")
    with page.expect_response(re.compile("/preferences/")):
        page.locator(".rail [data-theme-switch] button").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    visitor.go("/")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    with page.expect_response(re.compile("/preferences/")):
        page.locator(".rail [data-theme-switch] button").click()


def test_what_is_a_link_away_is_reached_by_keyboard_alone(visit):
    page = visit().come_in("Manager").go("/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
