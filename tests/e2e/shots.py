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
from playwright.sync_api import TimeoutError as NothingThere

from tests.e2e.browser import DESKTOP, PHONE, chromium, context_for, reached, sign_in
from tests.e2e.furnished import MAJOR, WRITTEN, furnish

FOLDER = Path(__file__).resolve().parents[2] / "shots"
SIZES = {"desktop": DESKTOP, "phone": PHONE}
ANONYMOUS = {
    "sign-in": "/accounts/login/",
    "new-password": "/accounts/password/reset/",
    "not-found": "/nothing-here/",
    "status": "/status/",
    "status-incident": "/status/ => main h2 a",
    "status-history": "/status/en/history/",
    "status-subscribe": "/status/subscribe/",
}
PAGES = {
    "overview": "/",
    "backups": "/backups/",
    "policy": "/backups/holdfast/",
    "restore-tests": "/restore-tests/",
    "restore-test": "/restore-tests/ => main th a",
    "backup": "/backups/ => main td a",
    "report": "/report/",
    "my-reports": "/report/mine/",
    "incidents": "/incidents/?state=all",
    "board": "/incidents/board/",
    "views": "/incidents/views/?query=state%3Dall",
    "incident": "/incidents/?state=all => main th a",
    "major-incident": MAJOR,
    "update": f"{MAJOR} => +update/",
    "update-stakeholders": f"{MAJOR} => +update/?audience=stakeholders",
    "update-public": f"{MAJOR} => +update/?audience=public",
    "told": f"{MAJOR} => main a[href*='/updates/']",
    "authority": f"{MAJOR} => main a[href*='/reports/']",
    "stakeholders": f"{MAJOR} => +stakeholders/",
    "evidence": f"{MAJOR} => +evidence/",
    "moves": f"{MAJOR} => +moves/",
    "severity": f"{MAJOR} => +severity/",
    "role": f"{MAJOR} => +role/",
    "hold": f"{MAJOR} => +hold/",
    "merge": f"{MAJOR} => +merge/",
    "task": f"{MAJOR} => +tasks/",
    "review": f"{WRITTEN} => +review/",
    "review-editor": f"{WRITTEN} => +review/edit/",
    "cases": "/cases/",
    "case": "/cases/ => main .list a",
    "figures": "/incidents/figures/",
    "news": "/incidents/news/",
    "rosters": "/rosters/",
    "roster": "/rosters/ => main a[href^='/rosters/']",
    "override": "/rosters/ => main a[href^='/rosters/'] => main a[href*='/overrides/add/']",
    "escalation": "/rosters/ => main a[href^='/escalation/']",
    "duty": "/duty/",
    "plans": "/plans/",
    "plan": "/plans/ => main a[href^='/plans/']",
    "messages": "/messages/",
    "my-work": "/my-work/",
    "search": "/search/?q=invoice",
    "ledger": "/ledger/",
    "jobs": "/jobs/",
    "catalog": "/catalog/",
    "service": "/catalog/ => main a[href^='/catalog/services/']",
    "systems": "/catalog/systems/",
    "system": "/catalog/systems/ => main table a[href^='/catalog/systems/']",
    "providers": "/catalog/providers/",
    "provider": "/catalog/providers/ => main li a[href^='/catalog/providers/']",
    "documents": "/catalog/documents/",
    "document": "/catalog/documents/ => main li a[href^='/catalog/documents/']",
    "actions": "/actions/",
    "action": "/actions/ => main a[href^='/actions/A-']",
    "new-action": "/actions/new/",
    "improvement-plans": "/improvement-plans/",
    "account": "/account/",
    "people": "/people/",
    "two-steps": "/accounts/2fa/",
}
ADMINISTRATION = {
    "administration": "/admin/",
    "admin-people": "/admin/people/user/",
    "admin-person": "/admin/people/user/ => tbody th a",
    "admin-import": "/admin/people/user/import/",
    "admin-policy": "/admin/backups/backuppolicy/ => tbody th a",
    "admin-new-policy": "/admin/backups/backuppolicy/add/",
    "admin-ledger": "/admin/ledger/entry/",
    "admin-mailbox": "/admin/incidents/mailbox/add/",
    "admin-inbox": "/admin/incidents/inboxmessage/",
    "admin-limits": "/admin/incidents/clocktarget/",
    "admin-limit": "/admin/incidents/clocktarget/ => tbody th a",
    "admin-matrix": "/admin/incidents/severitymatrix/ => tbody th a",
    "admin-authority": "/admin/incidents/authority/ => tbody th a",
    "admin-status-page": "/admin/incidents/statuspage/ => tbody th a",
    "admin-calendar": "/admin/people/calendar/ => tbody th a",
    "admin-roster": "/admin/people/roster/ => tbody th a",
    "admin-rotation": "/admin/people/rotation/ => tbody th a",
    "admin-escalation": "/admin/people/escalationpolicy/ => tbody th a",
    "first-steps": "/welcome/",
    "deliveries": "/messages/deliveries/",
    "delivery": "/messages/deliveries/ => main a[href*='/deliveries/'][href$='/']:not([href$='deliveries/'])",
    "channels": "/messages/channels/",
}
OF_REPORTERS = {
    "followed": "/report/mine/ => main .list a",
    "corrected": "/report/mine/ => main .list li:last-child a => main a[href$='/correct/']",
    "withdrawn": "/report/mine/ => main .list li:last-child a => main a[href$='/withdraw/']",
}
#: Whose pages: of nobody who signed in, and of the demo's people.
BY_ROLE = {"": ANONYMOUS, "Manager": PAGES, "Administrator": ADMINISTRATION, "Reporter": OF_REPORTERS}


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
    """place: as `reached` reads it."""
    if wanted and shot not in wanted:
        return
    try:
        page.goto(url + reached(page, url, place))
    except NothingThere:
        print(f"{shot}: nothing leads there: {place}")
        return
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
            furnish(running)
            said = filter(None, (re.match(r"sign in: (\S+) (\S+) \((\w+)\)", line) for line in running.lines))
            yield f"http://localhost:{running.port}", {each[3]: (each[1], each[2]) for each in said}
        finally:
            running.stop()


if __name__ == "__main__":
    main(sys.argv[1:])
