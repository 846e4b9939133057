"""Every page as a picture: `make shots` writes page × width × language × light or dark to shots/.

Starts the whole product in a folder of its own, waits until it has proven itself, and looks at it as each role.
With SHOTS_URL, SHOTS_NAME and SHOTS_PASSWORD it looks at one that runs already. Words after the command choose pages.
"""

import os
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path

from playwright.sync_api import Page

from tests.e2e.browser import DESKTOP, PHONE, chromium, context_for, sign_in

FOLDER = Path(__file__).resolve().parents[2] / "shots"
SIZES = {"desktop": DESKTOP, "phone": PHONE}
ANONYMOUS = {
    "sign-in": "/accounts/login/",
    "new-password": "/accounts/password/reset/",
    "not-found": "/nothing-here/",
}
PAGES = {
    "overview": "/",
    "backups": "/backups/",
    "policy": "/backups/holdfast/",
    "restore-tests": "/restore-tests/",
    "restore-test": "/restore-tests/ main th a",
    "backup": "/backups/ main td a",
    "report": "/report/",
    "my-reports": "/report/mine/",
    "incidents": "/incidents/?state=all",
    "board": "/incidents/board/",
    "views": "/incidents/views/?query=state%3Dall",
    "incident": "/incidents/?state=all main th a",
    "plans": "/plans/",
    "plan": "/plans/ main a[href^='/plans/']",
    "messages": "/messages/",
    "my-work": "/my-work/",
    "search": "/search/?q=invoice",
    "ledger": "/ledger/",
    "jobs": "/jobs/",
    "catalog": "/catalog/",
    "service": "/catalog/ main a[href^='/catalog/services/']",
    "systems": "/catalog/systems/",
    "system": "/catalog/systems/ main table a[href^='/catalog/systems/']",
    "providers": "/catalog/providers/",
    "provider": "/catalog/providers/ main li a[href^='/catalog/providers/']",
    "documents": "/catalog/documents/",
    "document": "/catalog/documents/ main li a[href^='/catalog/documents/']",
    "actions": "/actions/",
    "action": "/actions/ main a[href^='/actions/A-']",
    "new-action": "/actions/new/",
    "improvement-plans": "/improvement-plans/",
    "account": "/account/",
    "people": "/people/",
    "rosters": "/rosters/",
    "roster": "/rosters/ main a[href^='/rosters/']",
    "my-duty": "/duty/",
    "escalation-policy": "/rosters/ main a[href^='/escalation/']",
    "two-steps": "/accounts/2fa/",
}
ADMINISTRATION = {
    "administration": "/admin/",
    "admin-people": "/admin/people/user/",
    "admin-person": "/admin/people/user/ th a",
    "admin-import": "/admin/people/user/import/",
    "admin-policy": "/admin/backups/backuppolicy/ th a",
    "admin-new-policy": "/admin/backups/backuppolicy/add/",
    "admin-ledger": "/admin/ledger/entry/",
    "first-steps": "/welcome/",
    "deliveries": "/messages/deliveries/",
    "delivery": "/messages/deliveries/ main a[href*='/deliveries/'][href$='/']:not([href$='deliveries/'])",
    "channels": "/messages/channels/",
}
#: Whose pages: of nobody who signed in, and of the demo's people.
BY_ROLE = {"": ANONYMOUS, "Manager": PAGES, "Administrator": ADMINISTRATION}


def main(wanted: list[str]) -> None:
    """Write the pictures, all or those that are named."""
    FOLDER.mkdir(exist_ok=True)
    with _product() as (url, people), chromium() as browser:
        for (size_name, size), language, scheme in product(SIZES.items(), ["en", "zh"], ["light", "dark"]):
            for role, pages in BY_ROLE.items():
                if role and role not in people:
                    continue
                context = context_for(browser, size=size, language=language, scheme=scheme)
                if role:
                    sign_in(context, url, *people[role])
                page = context.new_page()
                for shot, place in pages.items():
                    _take(page, url, shot, place, f"{size_name}-{language}-{scheme}", wanted)
                context.close()


def _take(page: Page, url: str, shot: str, place: str, suffix: str, wanted: list[str]) -> None:
    """place: an address, and perhaps the link on that page which leads on."""
    if wanted and shot not in wanted:
        return
    address, _, link = place.partition(" ")
    page.goto(url + address)
    if link:
        leading = page.locator(link).first
        if not leading.count():
            print(f"{shot}: nothing at {address} leads on")
            return
        page.goto(url + (leading.get_attribute("href") or ""))
    page.screenshot(path=FOLDER / f"{shot}-{suffix}.png", full_page=True)


@contextmanager
def _product() -> Iterator[tuple[str, dict[str, tuple[str, str]]]]:
    """The address of a product to look at, and role → (name, password)."""
    if os.environ.get("SHOTS_URL"):
        yield os.environ["SHOTS_URL"], {"Manager": (os.environ["SHOTS_NAME"], os.environ["SHOTS_PASSWORD"])}
        return
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from tests.support.product import Product

    with tempfile.TemporaryDirectory(prefix="holdfast-shots-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        running = Product(Path(folder) / "data", variables={"DEMO": "yes"}).start()
        try:
            running.wait_until_ready(180)
            said = filter(None, (re.match(r"sign in: (\S+) (\S+) \((\w+)\)", line) for line in running.lines))
            yield f"http://localhost:{running.port}", {each[3]: (each[1], each[2]) for each in said}
        finally:
            running.stop()


if __name__ == "__main__":
    main(sys.argv[1:])
