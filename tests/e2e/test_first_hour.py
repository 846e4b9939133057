"""A new administrator: from an empty installation to a proven database on another server, by pages and admin alone."""

import re
import signal
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from secrets import randbelow

import psycopg2
import pytest
from playwright.sync_api import Page, expect

from common.embedded.postgres import Postgres
from tests.e2e.browser import DESKTOP, context_for, sign_in
from tests.support.people import PASSWORD
from tests.support.product import Product

FIFTEEN_MINUTES = 15 * 60


@dataclass
class Shop:
    """A database on a server of its own, which listens on an address of the loopback that nobody else uses."""

    address: str
    password: str


def address_of_its_own() -> str:
    """Somewhere on the loopback, where nobody else listens."""
    return "127." + ".".join(str(1 + randbelow(250)) for _ in range(3))


@pytest.fixture
def shop() -> Iterator[Shop]:
    with tempfile.TemporaryDirectory(prefix="holdfast-shop-", ignore_cleanup_errors=True) as folder:
        place, there = Path(folder), Shop(address_of_its_own(), "a-shop-password")
        place.chmod(0o711)
        options = {"listen_addresses": there.address, "fsync": "off"}
        cluster = Postgres(place / "postgres", place / "sockets", there.password, place / "servers", options=options)
        cluster.start(dies_with_us=signal.SIGQUIT)
        try:
            cluster.ensure_database("shop", "keeper", there.password)
            keywords = {"host": there.address, "dbname": "shop", "user": "keeper", "password": there.password}
            with closing(psycopg2.connect(**keywords)) as own, own, own.cursor() as cursor:
                cursor.execute("CREATE TABLE orders (id serial PRIMARY KEY, note text)")
                cursor.execute("INSERT INTO orders (note) SELECT md5(n::text) FROM generate_series(1, 1000) n")
            yield there
        finally:
            cluster.stop()


@pytest.fixture
def empty() -> Iterator[Product]:
    """An installation without the demo, whose first administrator was just made."""
    with tempfile.TemporaryDirectory(prefix="holdfast-empty-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        product = Product(Path(folder) / "data", variables={"DEMO": "no", "FIRST_ADMIN_PASSWORD": PASSWORD}).start()
        try:
            product.wait_until_ready()
            made = product.command("first_admin", "--username", "ada", "--name", "Ada")
            assert made.returncode == 0, made.stdout
            yield product
        finally:
            product.stop()


def test_a_database_on_another_server_is_proven_within_fifteen_minutes(browser, empty: Product, shop: Shop):
    began, url = time.monotonic(), f"http://localhost:{empty.port}"
    context = context_for(browser, size=DESKTOP)
    sign_in(context, url, "ada", PASSWORD)
    page = context.new_page()
    take_the_first_steps(page, url)
    add(page, url, "catalog/system", name="Web shop")
    add(page, url, "backups/repository", name="Vault", location=str(empty.data_dir.parent / "vault"))
    add_policy(page, url, shop)
    prove(page, url)
    assert time.monotonic() - began < FIFTEEN_MINUTES
    context.close()


def take_the_first_steps(page: Page, url: str) -> None:
    """The overview offers them; they are left by beginning empty."""
    page.goto(url)
    page.get_by_role("link", name=re.compile("Name the organisation")).click()
    page.fill("[name=name]", "Harbour Ltd")
    page.select_option("[name=time_zone]", "Europe/Berlin")
    page.get_by_role("button", name="Save name and clock").click()
    page.get_by_role("button", name="Begin empty").click()
    expect(page.locator(".rail")).to_contain_text("Harbour Ltd")


def add(page: Page, url: str, what: str, **fields: str) -> None:
    """One row by its form in the admin."""
    page.goto(f"{url}/admin/{what}/add/")
    for name, value in fields.items():
        page.fill(f"[name={name}]", value)
    page.click("[name=_save]")
    page.wait_for_url(f"{url}/admin/{what}/")


def add_policy(page: Page, url: str, shop: Shop) -> None:
    """What is saved, how, and where to."""
    page.goto(f"{url}/admin/backups/backuppolicy/add/")
    page.fill("[name=name]", "Web shop")
    page.fill("[name=slug]", "web-shop")
    choose(page, "system", "Web shop")
    choose(page, "repository", "Vault")
    row = "sources-0-"
    if not page.locator(f"[name={row}host]").count():
        page.locator("#sources-group .add-row a, #sources-group a.add-row").first.click()
    for name, value in {"host": shop.address, "database": "shop", "user": "keeper", "password": shop.password}.items():
        page.fill(f"[name={row}{name}]", value)
    page.click("[name=_save]")
    page.wait_for_url(f"{url}/admin/backups/backuppolicy/")


def choose(page: Page, field: str, text: str) -> None:
    """In a list that is searched while one types."""
    page.locator(f"#id_{field} + .select2, .field-{field} .select2-selection").first.click()
    page.keyboard.type(text)
    page.locator(".select2-results__option", has_text=text).first.click()


def prove(page: Page, url: str) -> None:
    """Saved, and restored: the page says in what time."""
    page.goto(f"{url}/backups/")
    page.get_by_role("link", name="Web shop").first.click()
    policy = page.url
    page.get_by_role("button", name="Back up now").click()
    page.wait_for_url(re.compile("/backups/runs/B-"))
    expect(page.locator("h1")).to_contain_text("Saved in", timeout=120_000)
    page.goto(policy)
    page.get_by_role("button", name="Test now").click()
    page.wait_for_url(re.compile("/backups/runs/RT-"))
    expect(page.locator("h1")).to_contain_text("Restored in", timeout=120_000)
