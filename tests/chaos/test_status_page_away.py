"""The status page while everything behind it is down: it answers, at once, and says how old it is."""

import time

from tests.chaos.house import House
from tests.chaos.test_servers_away import postgres_away
from tests.support.product import wait_until

TIMES = 20
#: What one answer may take here, on a machine that does other things too. What it takes is measured by the benchmark.
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
        for _number in range(TIMES):
            began = time.monotonic()
            page = house.ask("GET", "/status/en/", seconds=PATIENCE_SECONDS)
            took.append(time.monotonic() - began)
            assert page.status == 200
            assert b"Chaos invoicing" in page.body
            assert b"Checked " in page.body
            assert "Set-Cookie" not in page.headers
        assert house.ask("GET", "/status/zh-hans/", seconds=PATIENCE_SECONDS).status == 200
        assert house.ask("GET", "/status/status.json", seconds=PATIENCE_SECONDS).data["state"] == "operational"
    wait_until(lambda: house.product.get("/readyz")[0] == 200, 60)
    print(f"p95 {sorted(took)[TIMES * 95 // 100 - 1] * 1000:.1f} ms, worst {max(took) * 1000:.1f} ms")
