"""A real Chromium, as tests and pictures use it: no connection leaves the machine."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urljoin

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

CHROMIUM = "/usr/bin/chromium"
#: A root in a container may not nest sandboxes; the rest keeps Chromium from calling home.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1440, "height": 900}
LANGUAGES = {"en": "en", "zh": "zh-CN"}


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser, closed at the end."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


def context_for(
    browser: Browser, *, size: dict[str, int], language: str = "en", scheme: str = "light"
) -> BrowserContext:
    """A window of its own: size, language and light or dark of a device."""
    return browser.new_context(
        viewport=size,
        locale=LANGUAGES[language],
        color_scheme=scheme,
        reduced_motion="reduce",
        has_touch=size == PHONE,
        is_mobile=size == PHONE,
        device_scale_factor=2 if size == PHONE else 1,
    )


def sign_in(context: BrowserContext, url: str, name: str, password: str) -> None:
    """As a person does it, by the form."""
    page = context.new_page()
    page.goto(f"{url}/accounts/login/")
    page.fill("[name=login]", name)
    page.fill("[name=password]", password)
    page.click("main button.prime")
    page.wait_for_url(f"{url}/")
    page.close()


def reached(page: Page, url: str, place: str) -> str:
    """The path that a place means: an address, the links that lead on from it, and what is added after a plus.

    "/incidents/ => main th a => +update/": the update of the first incident of the list. Links are looked up at once.
    """
    address, *ways = place.split(" => ")
    for way in ways:
        if way.startswith("+"):
            address += way[1:]
            continue
        page.goto(url + address)
        leads = page.locator(way).first.get_attribute("href", timeout=5_000)
        assert leads, (page.url, way)
        address = urljoin(page.url, leads).removeprefix(url)
    return address
