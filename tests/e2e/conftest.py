"""One product and one browser for all tests in a real browser."""

import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.e2e.browser import DESKTOP, chromium, context_for, sign_in
from tests.e2e.furnished import furnish
from tests.support.product import Product

SIGN_IN = re.compile(r"sign in: (\S+) (\S+) \((\w+)\)")

#: A machine that does other things too takes longer, and nothing here is about how long.
expect.set_options(timeout=20_000)


@dataclass
class House:
    """The running product, and who may sign in: {role: (name, password)}."""

    url: str
    people: dict[str, tuple[str, str]]
    product: Product


@pytest.fixture(scope="session")
def house() -> Iterator[House]:
    """The whole product with its demo, as `make run` starts it."""
    with tempfile.TemporaryDirectory(prefix="holdfast-e2e-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        product = Product(Path(folder) / "data", variables={"DEMO": "yes"}).start()
        try:
            product.wait_until_ready(180)
            said = [found for line in product.lines if (found := SIGN_IN.search(line))]
            people = {found[3]: (found[1], found[2]) for found in said}
            yield House(f"http://localhost:{product.port}", people, product)
        finally:
            product.stop()


@pytest.fixture(scope="session")
def furnished(house: House) -> House:
    """The same after people worked in it for a while."""
    furnish(house.product)
    return house


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A real Chromium."""
    with chromium() as opened:
        yield opened


class Visitor:
    """One window. Notes what a reader would not see: errors of the console and addresses outside the house."""

    def __init__(self, browser: Browser, house: House, **device: object) -> None:
        self.house = house
        self.context: BrowserContext = context_for(browser, **({"size": DESKTOP} | device))  # type: ignore[arg-type]
        self.page: Page = self.context.new_page()
        self.errors: list[str] = []
        self.strangers: list[str] = []
        self.page.on("console", lambda said: self.errors.append(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("request", lambda request: self._note(request.url))

    def come_in(self, role: str) -> "Visitor":
        """Sign in as the demo's person of that role."""
        sign_in(self.context, self.house.url, *self.house.people[role])
        return self

    def go(self, path: str) -> Page:
        """Open an address of the product."""
        self.page.goto(self.house.url + path)
        return self.page

    def _note(self, url: str) -> None:
        if not url.startswith((self.house.url, "data:")):
            self.strangers.append(url)


@pytest.fixture
def visit(browser: Browser, house: House) -> Iterator[object]:
    """visit(size=…, language=…, scheme=…) → Visitor. At the end nothing may have gone wrong unseen."""
    opened: list[Visitor] = []

    def open_window(**device: object) -> Visitor:
        opened.append(Visitor(browser, house, **device))
        return opened[-1]

    yield open_window
    for visitor in opened:
        visitor.context.close()
        assert visitor.errors == []
        assert visitor.strangers == []
