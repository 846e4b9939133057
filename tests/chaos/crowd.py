"""Many people at once, as a process of its own: reads on its input whom it plays, writes what each request took.

Nothing of the product is imported: it sees only what a browser and a program see.
"""

import http.client
import json
import random
import re
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlencode

REPORTERS, RESPONDERS, EACH = 200, 10, 6
#: Without a pause: people at the same moment; the others come as these are done.
AT_ONCE = 50
#: With pauses, in seconds: within which all of them come, and how long each types or reads before the next step.
COMING, TYPING = 10.0, (5.0, 20.0)
IDLE_SECONDS = 1.0
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
VERSION = re.compile(r'name="version"[^>]* value="([0-9]+)"|value="([0-9]+)"[^>]* name="version"')
FORM = {"Content-Type": "application/x-www-form-urlencoded"}

PEOPLE = """
import json
from django.test import Client
from people import services
from people.choices import Role
from people.models import User

def cookie(name, role):
    user = User.objects.create_user(name, name=name.title())
    services.set_roles(person_id=user.pk, roles=[role], by="system:chaos")
    client = Client()
    client.force_login(user)
    return {{"Cookie": f"sessionid={{client.cookies['sessionid'].value}}"}}

def key(name):
    made = services.create_api_key(name=name, role=Role.RESPONDER, by="system:create_api_key")
    return {{"Authorization": f"Bearer {{made.text}}"}}

reporters = [cookie(f"{label}-r{{number}}", Role.REPORTER) for number in range({reporters})]
half = {responders} // 2
responders = [cookie(f"{label}-w{{number}}", Role.RESPONDER) for number in range(half)]
responders += [key(f"{label}-k{{number}}") for number in range({responders} - half)]
print(json.dumps({{"reporters": reporters, "responders": responders}}))
"""


class Line:
    """One person's browser or one program: its cookies or key, and the times of its requests."""

    def __init__(self, port: int, number: int, headers: dict[str, str], said: list[dict[str, Any]]) -> None:
        # Each comes from an address of its own, as people do.
        source = (f"127.0.{1 + number // 200}.{1 + number % 200}", 0)
        self.line = http.client.HTTPConnection("127.0.0.1", port, timeout=60, source_address=source)
        self.headers, self.said, self.token = {"Host": "localhost", **headers}, said, ""
        self.used = 0.0

    def ask(self, what: str, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, str, str]:
        """status, text, and where it leads to. A status of 0: nobody answered."""
        began = time.perf_counter()
        if began - self.used > IDLE_SECONDS:
            self.line.close()  # as browsers do, before the server does
        try:
            self.line.request(method, path, body, {**self.headers, **headers})
            answer = self.line.getresponse()
            status, text, leads = answer.status, answer.read().decode(), answer.headers.get("Location", "")
            for cookie in answer.headers.get_all("Set-Cookie") or []:
                if cookie.startswith("csrftoken="):
                    self.headers["Cookie"] += "; " + cookie.partition(";")[0]
        except (OSError, http.client.HTTPException) as error:
            self.line.close()
            status, text, leads = 0, repr(error), ""
        self.used = time.perf_counter()
        self.said.append({"what": what, "status": status, "seconds": self.used - began, "text": ""})
        if not 200 <= status < 400:
            self.said[-1]["text"] = text[:300]
        return status, text, leads

    def open(self, what: str, path: str) -> str:
        """A page; its token is sent with the next form."""
        text = self.ask(what, "GET", path)[1]
        found = TOKEN.search(text)
        self.token = found[1] if found else self.token
        return text

    def send(self, what: str, path: str, **values: Any) -> str:
        """A form; where it leads to."""
        values = {"csrfmiddlewaretoken": self.token, **values}
        return self.ask(what, "POST", path, urlencode(values), **FORM, Referer="http://localhost/")[2]


def report(line: Line, words: str, pause: Callable[..., None]) -> None:
    """Somebody says what is wrong, and looks at the page where it is answered."""
    pause(0, COMING)
    line.open("page", "/report/")
    pause(*TYPING)
    leads = line.send("page", "/report/", description=words)
    if leads:
        line.open("page", leads)


def answer_by_page(line: Line, reference: str, pause: Callable[..., None]) -> None:
    """Somebody takes it over, tells how it stands, and says that it works again."""
    path = f"/incidents/{reference}/"
    for move, values in (("acknowledge", {}), ("update", {"text": "We are on it."}), ("resolve", {"text": "Done."})):
        found = VERSION.search(line.open("page", f"{path}{move}/"))
        pause(1, 3)
        line.send("page", f"{path}{move}/", version=(found[1] or found[2]) if found else "", **values)


def answer_by_api(line: Line, reference: str, pause: Callable[..., None]) -> None:
    """A program does the same."""
    for move, body in (("acknowledge", {}), ("update", {"text": "We are on it."}), ("resolve", {"text": "Done."})):
        path = f"/api/v1/incidents/{reference}/{move}/"
        line.ask("api", "POST", path, json.dumps(body), **{"Content-Type": "application/json"})
        pause(1, 3)


def work(line: Line, share: int, plan: dict[str, Any], answer: Any, answered: list[str], over: threading.Event) -> None:
    """Until enough is answered, or everybody has reported and nothing of the share is left."""
    mine = 0
    while mine < plan["each"]:
        is_last = over.is_set()
        path = f"/api/v1/incidents/?state=triage&search={plan['label']}&page_size=200"
        rows = json.loads(line.ask("api", "GET", path)[1] or "{}").get("results", [])
        references = [row["reference"] for row in rows if int(row["reference"][4:]) % len(plan["responders"]) == share]
        for reference in references[: plan["each"] - mine]:
            answer(line, reference, paused(plan))
            answered.append(reference)
            mine += 1
        if is_last and not references:
            return
        if not references:
            over.wait(2 if plan["is_typed"] else 0.2)


def paused(plan: dict[str, Any]) -> Callable[..., None]:
    """How long somebody takes before the next step."""
    return lambda least, most: time.sleep(random.uniform(least, most) if plan["is_typed"] else 0)  # noqa: S311


def play(product: Any, label: str, *, is_typed: bool = False) -> dict[str, Any]:
    """Two hundred report and ten answer, half of these programs, in a product (`tests.support.product`) that is up.

    label: a word that nothing else has.  is_typed: all two hundred have the form open together, and type before they
    send; otherwise nobody pauses, fifty at a time.  Returns {"said": [{"what", "status", "seconds", "text"}],
    "answered": [reference], "seconds": {"page" or "api": [seconds]}}.
    """
    code = PEOPLE.format(label=label, reporters=REPORTERS, responders=RESPONDERS)
    made = product.command("shell", "-v", "0", "-c", code, seconds=300)
    assert made.returncode == 0, made.stdout[-2000:]
    people = json.loads(made.stdout.strip().splitlines()[-1])
    plan = json.dumps({"port": product.port, "label": label, "each": EACH, "is_typed": is_typed, **people})
    done = subprocess.run(
        [sys.executable, __file__], input=plan, capture_output=True, text=True, timeout=500, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, Any] = json.loads(done.stdout)
    kinds = ("page", "api")
    found["seconds"] = {kind: [each["seconds"] for each in found["said"] if each["what"] == kind] for kind in kinds}
    return found


def p95(seconds: list[float]) -> float:
    """What ninety-five of a hundred are below."""
    return statistics.quantiles(seconds, n=20)[-1]


def main() -> None:
    plan = json.load(sys.stdin)
    said: list[dict[str, Any]] = []
    answered: list[str] = []
    over = threading.Event()
    with (
        ThreadPoolExecutor(REPORTERS if plan["is_typed"] else AT_ONCE) as reporters,
        ThreadPoolExecutor(len(plan["responders"])) as responders,
    ):
        working = []
        for number, headers in enumerate(plan["responders"]):
            line = Line(plan["port"], number, headers, said)
            answer = answer_by_api if "Authorization" in headers else answer_by_page
            working.append(responders.submit(work, line, number, plan, answer, answered, over))
        reporting = [
            reporters.submit(
                report, Line(plan["port"], 100 + number, headers, said), f"{plan['label']} of {number}", paused(plan)
            )
            for number, headers in enumerate(plan["reporters"])
        ]
        for each in reporting:
            each.result()
        over.set()
        for each in working:
            each.result()
    json.dump({"said": said, "answered": answered}, sys.stdout)


if __name__ == "__main__":
    main()
