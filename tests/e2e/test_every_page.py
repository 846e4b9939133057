"""Every page on a phone and a desk, light and dark: usable by everybody, and light to load."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.e2e.browser import DESKTOP, PHONE, reached
from tests.e2e.conftest import Visitor
from tests.e2e.furnished import MAJOR, WRITTEN

pytestmark = pytest.mark.usefixtures("furnished")

ANONYMOUS = (
    "/accounts/login/",
    "/accounts/password/reset/",
    "/nothing-here/",
    "/status/",
    "/status/en/history/",
    "/status/subscribe/",
    "/status/ => main h2 a",
)
SIGNED_IN = (
    "/",
    "/messages/",
    "/report/",
    "/incidents/?state=all",
    "/incidents/board/",
    "/incidents/views/?query=state%3Dall",
    "/incidents/figures/",
    "/incidents/news/",
    "/cases/",
    "/rosters/",
    "/duty/",
    "/plans/",
    "/backups/",
    "/backups/holdfast/",
    "/restore-tests/",
    "/backups/invoice-archive/",
    "/my-work/",
    "/search/?q=invoice",
    "/ledger/",
    "/jobs/",
    "/catalog/",
    "/catalog/systems/",
    "/catalog/providers/",
    "/catalog/documents/",
    "/actions/",
    "/actions/new/",
    "/improvement-plans/",
    "/account/",
    "/people/",
    "/accounts/2fa/",
)
#: Of a major incident.
OF_AN_INCIDENT = (
    *("", "update/", "update/?audience=stakeholders", "update/?audience=public", "stakeholders/", "evidence/"),
    *("tasks/", "moves/", "severity/", "describe/", "role/", "hold/", "resolve/", "merge/"),
)
BEHIND_A_LINK = (
    "/backups/holdfast/ => main .list a",
    "/restore-tests/ => main th a",
    "/incidents/?state=all => main th a",
    "/plans/ => main a[href^='/plans/']",
    "/catalog/ => main a[href^='/catalog/services/']",
    "/catalog/systems/ => main table a[href^='/catalog/systems/']",
    "/actions/?state=all => main a[href^='/actions/A-']",
    "/catalog/providers/ => main li a[href^='/catalog/providers/']",
    "/catalog/documents/ => main li a[href^='/catalog/documents/']",
    "/cases/ => main .list a",
    "/rosters/ => main a[href^='/rosters/']",
    "/rosters/ => main a[href^='/rosters/'] => main a[href*='/overrides/add/']",
    "/rosters/ => main a[href^='/escalation/']",
    f"{MAJOR} => main a[href*='/updates/']",
    f"{MAJOR} => main a[href*='/reports/']",
    *(f"{MAJOR} => +{page}" for page in OF_AN_INCIDENT),
    f"{WRITTEN} => +review/",
    f"{WRITTEN} => +review/edit/",
)
OF_ADMINISTRATORS = ("/messages/deliveries/", "/messages/channels/", "/messages/deliveries/ => main a.list-title")
OF_REPORTERS = ("/report/", "/report/mine/", "/report/mine/ => main .list a")
#: Whose pages: of each role of the demo, the addresses and the single things behind lists.
PAGES = {"Manager": (*SIGNED_IN, *BEHIND_A_LINK), "Administrator": OF_ADMINISTRATORS, "Reporter": OF_REPORTERS}
#: Own style sheets and scripts of one page.
MOST_BYTES = 150_000
#: What stands alone to be pressed, and is lower than 44 px; links within a sentence are as high as their line.
LOW = """[...document.querySelectorAll(
    "summary, .brand, .watch a, .sheet-head > a, .facts a, .list > a, .head-lead a, button, .button, .chip")]
    .filter(each => each.checkVisibility() && each.getBoundingClientRect().height < 43.5)
    .map(each => each.className + " " + each.textContent.trim().slice(0, 40) + " " +
        each.getBoundingClientRect().height)"""
WIDTHS = (320, 390, 768, 1024, 1440)
DEVICES = [(PHONE, "light"), (PHONE, "dark"), (DESKTOP, "light"), (DESKTOP, "dark")]


@pytest.mark.parametrize(("size", "scheme"), DEVICES)
def test_no_page_hinders_anybody(visit, size, scheme):
    visitor = visit(size=size, scheme=scheme)
    url = visitor.house.url
    found = [fault for place in ANONYMOUS for fault in _faults(visitor.go(reached(visitor.page, url, place)))]
    visitor.errors.clear()  # the page that is not there is one of them, and the browser says so
    for role in PAGES:
        someone = visit(size=size, scheme=scheme).come_in(role)
        found += [fault for path in _pages_of(role, someone) for fault in _faults(someone.go(path))]
    assert found == []


def test_nothing_runs_over_the_edge_of_a_page(visit):
    over = []
    for role in PAGES:
        visitor = visit().come_in(role)
        for path in _pages_of(role, visitor):
            page = visitor.go(path)
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 800})
                reached = page.evaluate("document.documentElement.scrollWidth")
                over += [f"{path} at {width}: {reached}"] if reached > width else []
    assert over == []


@pytest.mark.parametrize("role", PAGES)
def test_on_a_phone_what_is_pressed_is_as_high_as_a_finger_is_wide(visit, role):
    visitor = visit(size=PHONE).come_in(role)
    assert [f"{path}: {each}" for path in _pages_of(role, visitor) for each in visitor.go(path).evaluate(LOW)] == []


def test_style_and_script_of_a_page_stay_small(visit):
    visitor = visit()
    sizes: dict[str, int] = {}
    visitor.come_in("Manager")
    visitor.page.on("response", lambda got: sizes.update({got.url: len(got.body())}) if "/static/" in got.url else None)
    visitor.go("/")
    visitor.page.wait_for_load_state("networkidle")
    assert 0 < sum(sizes.values()) < MOST_BYTES


def _pages_of(role: str, visitor: Visitor) -> list[str]:
    """All addresses of a role: the lists, and a single thing found on each."""
    return [reached(visitor.page, visitor.house.url, place) for place in PAGES[role]]


def _faults(page: Page) -> list[str]:
    """What axe finds serious or worse, a line each with the place."""
    report = Axe().run(page)
    return [
        f"{page.url}: {fault['id']} at {fault['nodes'][0]['target']}"
        for fault in report.response["violations"]
        if fault["impact"] in {"serious", "critical"}
    ]
