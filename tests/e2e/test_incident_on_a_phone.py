"""Somebody with nothing but a phone reports, and somebody with nothing but a phone answers: from end to end."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browser import PHONE

WORDS = "The scanner on floor 9 eats every third page."


def is_as_wide_as_the_phone(page: Page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def press(page: Page, name: str) -> None:
    """The one button that matters, or the one behind "more"."""
    page.locator("header.head").get_by_role("button", name=name, exact=True).or_(
        page.locator("header.head").get_by_role("link", name=name, exact=True)
    ).first.click()


def test_a_problem_is_reported_acknowledged_told_of_and_resolved_on_phones(visit):
    reporter = visit(size=PHONE).come_in("Reporter")
    page = reporter.go("/report/")
    page.fill("textarea >> nth=0", WORDS)
    page.get_by_role("button", name="Send report").click()
    page.wait_for_url(re.compile("/report/track/"))
    tracking = page.url

    phone = visit(size=PHONE).come_in("Responder").go("/incidents/?state=triage")
    assert is_as_wide_as_the_phone(phone)
    phone.get_by_role("link", name=WORDS).click()
    press(phone, "Acknowledge")
    expect(phone.locator("main")).to_contain_text("You took it over.")
    press(phone, "Post update")
    phone.get_by_label("What should people know?").fill("A part is on its way.")
    phone.locator("main button.prime").click()
    expect(phone.locator("main")).to_contain_text("The update was sent.")
    assert is_as_wide_as_the_phone(phone)
    press(phone, "Resolve")
    phone.get_by_label("What was done?").fill("The roller was changed.")
    phone.locator("main button.prime").click()
    expect(phone.locator("main")).to_contain_text("It is resolved.")

    page.goto(tracking)
    for words in ("A part is on its way.", "The roller was changed.", "It should work again."):
        expect(page.locator("main")).to_contain_text(words)


@pytest.fixture
def reported(visit) -> str:
    """An incident that nobody has taken over; its title."""
    page = visit().come_in("Reporter").go("/report/")
    title = "The gate of the garage does not open."
    page.fill("textarea >> nth=0", title)
    page.get_by_role("button", name="Send report").click()
    page.wait_for_url(re.compile("/report/track/"))
    return title


def test_a_card_is_moved_by_the_keyboard_alone_and_the_focus_stays_with_it(visit, reported):
    page = visit().come_in("Responder").go("/incidents/board/")
    card = page.locator(".lane[data-state=triage] .card", has_text=reported).last
    name = card.get_attribute("id")
    card.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#moves")).to_be_visible()
    expect(page.locator("#moves button", has_text="Acknowledge")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(f"#{name}")).to_be_focused()
    page.keyboard.press("Shift+ArrowRight")
    moved = page.locator(f".lane[data-state=active] #{name}")
    expect(moved).to_be_focused()
    expect(page.locator("#board-says")).to_contain_text("Active")
    page.keyboard.press("ArrowLeft")
    expect(moved).not_to_be_focused()


def test_a_card_is_dragged_where_it_may_go_and_what_needs_words_asks_for_them(visit, reported):
    page = visit().come_in("Responder").go("/incidents/board/")
    card = page.locator(".lane[data-state=triage] .card", has_text=reported).last
    name = card.get_attribute("id")
    card.drag_to(page.locator(".lane[data-state=active]"))
    expect(page.locator(f".lane[data-state=active] #{name}")).to_be_visible()
    page.locator(f"#{name}").drag_to(page.locator(".lane[data-state=on_hold]"))
    page.wait_for_url(re.compile("/hold/"))
    expect(page.get_by_label("Why?")).to_be_visible()


def test_the_board_is_renewed_without_taking_the_focus(visit, reported):
    page = visit().come_in("Responder").go("/incidents/board/")
    card = page.locator(".card", has_text=reported).last
    card.focus()
    with page.expect_response(re.compile("/incidents/board/")):
        page.evaluate("htmx.trigger('#board', 'refresh')")
    expect(page.locator(".card", has_text=reported).last).to_be_focused()


def test_the_list_goes_by_keys_and_they_can_be_turned_off(visit, reported):
    page = visit().come_in("Responder").go("/incidents/?state=all")
    page.keyboard.press("j")
    expect(page.locator("tbody tr").first.locator("th a")).to_be_focused()
    page.keyboard.press("x")
    expect(page.locator("input[name=chosen]").first).to_be_checked()
    expect(page.locator(".bulk")).to_be_visible()
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.locator("[data-keys-switch]").uncheck()
    page.keyboard.press("Escape")
    page.reload()
    page.keyboard.press("j")
    expect(page.locator("tbody tr").first.locator("th a")).not_to_be_focused()


def test_what_somebody_else_changed_meanwhile_is_read_and_nothing_typed_is_lost(visit, reported):
    first, second = visit().come_in("Responder"), visit().come_in("Manager")
    page = first.go("/incidents/?state=triage")
    page.get_by_role("link", name=reported).last.click()
    address = page.url.removeprefix(first.house.url)
    other = second.go(f"{address}severity/")
    other.get_by_label("Why?").fill("Nobody gets out.")
    press(page, "Acknowledge")
    other.get_by_role("radio", name="High").first.check()
    other.locator("main button.prime").click()
    expect(other.locator("#errors")).to_contain_text("Active")
    expect(other.get_by_label("Why?")).to_have_value("Nobody gets out.")
    second.errors.clear()  # the browser itself notes the 412
    other.locator("main button.prime").click()
    expect(other.locator("main")).to_contain_text("The severity was judged anew.")
