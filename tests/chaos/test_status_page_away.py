"""The status page while everything behind it is down: it answers, at once, and says how old it is."""

import time
from statistics import median

from tests.chaos.house import House
from tests.chaos.test_servers_away import postgres_away
from tests.support.product import wait_until

TIMES = 20
#: What one answer may take. On a machine that does other things too, none waits for anything while the quickest takes
#: no longer, and on average it costs the web process less than half of that.
PROMISED_SECONDS = 0.1
PATIENCE_SECONDS = 2.0
SET_UP = """
from incidents import services
services.set_up_status_page(by="system:chaos", audience="public")
services.list_service(by="system:chaos", names={"en": ("Chaos invoicing", ""), "zh-hans": ("混沌开票", "")})
"""


def test_with_postgresql_and_valkey_away_it_is_answered_with_its_age(house: House):
    house.run(SET_UP)
    wait_until(lambda: b"Chaos invoicing" in house.ask("GET", "/status/en/").body)
    took = []
    with postgres_away(house), house.standing_still("valkey"):
        cost = used_by_web(house)
        for _number in range(TIMES):
            began = time.monotonic()
            page = house.ask("GET", "/status/en/", seconds=PATIENCE_SECONDS)
            took.append(time.monotonic() - began)
            assert page.status == 200
            assert b"Chaos invoicing" in page.body
            assert b"Checked " in page.body
            assert "Set-Cookie" not in page.headers
        cost = (used_by_web(house) - cost) / TIMES
        assert house.ask("GET", "/status/zh-hans/", seconds=PATIENCE_SECONDS).status == 200
        assert house.ask("GET", "/status/status.json", seconds=PATIENCE_SECONDS).data["state"] == "operational"
    wait_until(lambda: house.product.get("/readyz")[0] == 200, 60)
    print(
        f"median {median(took) * 1000:.1f} ms, worst {max(took) * 1000:.1f} ms, {cost * 1000:.1f} ms of the processor"
    )
    assert min(took) < PROMISED_SECONDS
    assert cost < PROMISED_SECONDS / 2


def used_by_web(house: House) -> float:
    """Seconds of the processor that the web process has used so far."""
    times = [process.cpu_times() for process in house.processes("web")]
    return sum(each.user + each.system for each in times)
