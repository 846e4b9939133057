"""One incident from its first report to its lesson and the proof of it: through pages alone."""

import re
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e.browser import PHONE
from tests.e2e.conftest import Visitor
from tests.e2e.test_reporting import paste

SYSTEM = "Invoice archive"
WORDS = "Invoices of our suppliers are missing in the archive since the new scanner came."
SOON = "We found out why. Your invoices are being read in again."
DONE = "All invoices of the last days were read in again, and counted."
LESSON = "Count what goes in and what comes out, every night."
TODO = "Compare the number of scanned and archived invoices every night"
PROOF = "I ran the count for yesterday: 312 scanned, 312 archived."


def test_an_incident_is_worked_on_learned_from_and_its_lesson_proven(visit, tmp_path):
    reporter = visit(size=PHONE).come_in("Reporter")
    responder, manager, administrator = (visit().come_in(role) for role in ("Responder", "Manager", "Administrator"))
    tracking = _is_reported(reporter.page, reporter)
    incident = _is_taken_over(responder)
    _is_major(responder, incident)
    _is_told_and_waits(responder, incident)
    _is_over(responder, incident)
    _is_rated(reporter.page, tracking)
    action = _is_reviewed(responder, incident)
    _is_approved_by_another(administrator, incident)
    _is_done_and_verified_by_another(responder.go(action), manager.go(action))
    _is_found_again(manager, incident)
    _is_taken_along(manager.go(incident), tmp_path)


def _is_reported(page: Page, reporter: Visitor) -> str:
    """On a phone, with a picture. The address on which its reporter follows it."""
    reporter.go("/report/")
    page.get_by_label("What is wrong?").fill(WORDS)
    page.get_by_label("What does it concern?").select_option(label=SYSTEM)
    page.get_by_role("radio", name="I cannot work").check()
    page.get_by_role("radio", name="This morning").check()
    paste(page)
    page.get_by_role("button", name="Send report").click()
    page.wait_for_url(re.compile("/report/track/"))
    expect(page.locator(".attached img")).to_have_js_property("naturalWidth", 1)
    return page.url


def _is_taken_over(responder: Visitor) -> str:
    """Acknowledged, judged, handed to a team, and its cause guessed. The path of its page."""
    page = responder.go("/incidents/?state=triage")
    page.get_by_role("link", name=WORDS).first.click()
    expect(page.locator(".attached img")).to_have_js_property("naturalWidth", 1)
    _press(page, "Acknowledge")
    expect(page.locator("main")).to_contain_text("You took it over.")
    incident = page.url.removeprefix(responder.house.url)
    _choose(page, "Change severity")
    page.get_by_role("group", name="How much is affected?").get_by_role("radio", name="High").check()
    page.get_by_role("group", name="How soon does it get worse?").get_by_role("radio", name="Medium").check()
    _say(page, "Why?", "Nobody finds an invoice, and some are due tomorrow.")
    expect(page.locator("header.head")).to_contain_text("Severity 2")
    _choose(page, "Hand over")
    page.get_by_label("Which team works on it?").select_option(label="IT operations")
    _say(page, "What should they know?", "The scanner was changed on Friday.")
    _choose(page, "Correct details")
    page.get_by_label("What kind of cause did it have?").select_option(label="Interface of a third party")
    page.locator("main button.prime").click()
    expect(page.locator(".facts").first).to_contain_text("Interface of a third party")
    return incident


def _is_major(responder: Visitor, incident: str) -> None:
    """Who resolves it does not command it."""
    page = responder.go(incident)
    _choose(page, "Declare a major incident")
    commands = page.get_by_label("Who commands?")
    expect(commands).not_to_contain_text("Jo Adeyemi")
    commands.select_option(label="Kim Sato")
    _say(page, "Why?", "The tax office asks for all of them tomorrow.")
    expect(page.locator("header.head")).to_contain_text("Major incident")
    expect(page.locator(".roles li", has_text="Kim Sato")).to_contain_text("commander", ignore_case=True)


def _is_told_and_waits(responder: Visitor, incident: str) -> None:
    """Reporters hear; a provider has to do its part, and the work goes on."""
    page = responder.go(incident)
    page.get_by_role("link", name="Write one").click()
    _say(page, "What should people know?", SOON)
    expect(page.locator("main")).to_contain_text("The update was sent.")
    _choose(page, "Put on hold")
    page.get_by_role("radio", name="A provider").check()
    page.get_by_label("Go on at").fill(f"{_day(2)}T09:00")
    _say(page, "Why?", "The maker of the scanner sends its log.")
    expect(page.locator("main")).to_contain_text("It waits for: A provider.")
    _press(page, "Go on")
    expect(page.locator("main")).to_contain_text("The work goes on.")


def _is_over(responder: Visitor, incident: str) -> None:
    """First the worst of it, then all of it."""
    page = responder.go(incident)
    _press(page, "Mark mitigated")
    expect(page.locator("main")).to_contain_text("It is mitigated.")
    _press(page, "Resolve")
    expect(page.get_by_label("What kind of cause did it have?")).to_have_value("interface")
    _say(page, "What was done?", DONE)
    expect(page.locator("main")).to_contain_text("It is resolved.")


def _is_rated(page: Page, tracking: str) -> None:
    """Whoever reported it read all of it, and says how it was handled."""
    page.goto(tracking)
    for words in (SOON, DONE, "It should work again."):
        expect(page.locator("main")).to_contain_text(words)
    page.locator("#rating").get_by_role("radio", name="Good", exact=True).check()
    page.get_by_label("What would have helped?").fill("An earlier answer.")
    page.get_by_role("button", name="Send rating").click()
    expect(page.locator("#rating")).to_contain_text("Change it")


def _is_reviewed(responder: Visitor, incident: str) -> str:
    """Drafted from the timeline, written by a person, with something to do about it. The path of that action."""
    page = responder.go(incident)
    page.get_by_role("button", name="Begin the review").click()
    page.wait_for_url(re.compile("/review/"))
    responder.go(f"{incident}review/edit/")
    expect(page.get_by_label("What was done?")).to_have_value(re.compile("The maker of the scanner sends its log."))
    expect(page.get_by_label("What was the result?")).to_have_value(DONE)
    page.get_by_label("What was the cause?").fill("The new scanner named its files in another way.")
    page.get_by_label("What contributed?").fill("Nobody counted.\nThe change was made on a Friday.")
    page.get_by_label("What do we learn from it?").fill(LESSON)
    page.get_by_role("button", name="Keep", exact=True).click()
    expect(page.locator("main")).to_contain_text("It is kept.")
    page.get_by_role("link", name="Add an action").click()
    page.get_by_label("What has to be done?").fill(TODO)
    page.get_by_role("radio", name="Something else").check()
    page.get_by_label("Who does it?").select_option(label="Jo Adeyemi")
    page.get_by_label("Until when?").fill(_day(7))
    page.get_by_role("button", name="Open the action").click()
    action = page.get_by_role("link", name=TODO).first.get_attribute("href") or ""
    responder.go(f"{incident}review/edit/")
    page.get_by_role("button", name="Keep and send for approval").click()
    expect(page.locator("main")).to_contain_text("Somebody else has to approve it.")
    expect(page.get_by_role("button", name="Approve")).to_have_count(0)
    return action


def _is_approved_by_another(administrator: Visitor, incident: str) -> None:
    """Who had no part in it finds it among what waits, and an approved review closes the incident."""
    page = administrator.go("/my-work/")
    page.get_by_role("link", name=WORDS).first.click()
    page.wait_for_url(re.compile(f"{incident}review/"))
    expect(page.locator("main")).to_contain_text(LESSON)
    page.get_by_role("button", name="Approve").click()
    page.wait_for_url(re.compile("/cases/"))
    administrator.go(incident)
    expect(page.locator(".track [aria-current=step]")).to_contain_text("Closed")


def _is_done_and_verified_by_another(own: Page, other: Page) -> None:
    """Done is not proven: that takes a second person, and what they saw."""
    _press(own, "Begin")
    _press(own, "It is done")
    _say(own, "What was done?", "A job counts every night and reports a difference.")
    expect(own.locator("main")).to_contain_text("Done, not proven.")
    expect(own.get_by_role("link", name="Verify")).to_have_count(0)
    other.reload()
    _press(other, "Verify")
    _say(other, "What shows that it was done?", PROOF)
    expect(other.locator("header.head")).to_contain_text("Verified")
    expect(other.locator("main")).to_contain_text(PROOF)


def _is_found_again(manager: Visitor, incident: str) -> None:
    """By words of its lesson, in the library."""
    page = manager.go("/cases/")
    page.get_by_role("searchbox", name="Search cases").fill("scanner")
    page.get_by_role("button", name="Search", exact=True).click()
    page.locator("main").get_by_role("link", name=WORDS).click()
    page.wait_for_url(re.compile(f"/cases/{incident.strip('/').split('/')[-1]}/"))
    for words in (LESSON, "Nobody counted.", TODO):
        expect(page.locator("main")).to_contain_text(words)


def _is_taken_along(page: Page, folder: Path) -> None:
    """As a document, and as an archive that holds the picture of the first report."""
    for form in ("PDF", "ZIP"):
        with page.expect_download() as started:
            page.get_by_role("button", name=form, exact=True).click()
        started.value.save_as(folder / form)
    assert (folder / "PDF").read_bytes()[:5] == b"%PDF-"
    with zipfile.ZipFile(folder / "ZIP") as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        assert any(name.endswith("pasted.png") for name in names), names
        said = b"".join(archive.read(name) for name in names if name.endswith((".json", ".jsonl", ".csv"))).decode()
    assert all(words in said for words in (WORDS, SOON, LESSON))


def _press(page: Page, name: str) -> None:
    """A button of the head, whether it leads to a form or does it at once."""
    head = page.locator("header.head")
    head.get_by_role("button", name=name, exact=True).or_(head.get_by_role("link", name=name, exact=True)).click()


def _choose(page: Page, name: str) -> None:
    """One of those behind "more"."""
    page.locator("header.head summary").click()
    page.locator("header.head .menu").get_by_role("link", name=name, exact=True).click()


def _say(page: Page, label: str, words: str) -> None:
    """Fill in the words, and send the form."""
    page.get_by_label(label).fill(words)
    page.locator("main button.prime").click()


def _day(ahead: int) -> str:
    """A day to come, as browsers send it."""
    return (datetime.now(UTC) + timedelta(days=ahead)).date().isoformat()
