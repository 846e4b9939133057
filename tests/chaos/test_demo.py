"""The demo organisation in a whole product: its sources are saved and restored, and one fails as the story says."""

import os
import signal
from collections.abc import Callable

from tests.chaos.test_worker_killed import Inside
from tests.support.product import Product, wait_until

RUNS = 21
OUTCOMES = """
SELECT p.slug, r.outcome FROM backups_run r JOIN backups_backuppolicy p ON p.id = r.policy_id
WHERE r.kind = 'restore_test' AND r.state = 'ended' ORDER BY p.slug
"""


def test_its_sources_are_proven_at_the_first_start_and_the_broken_one_opens_an_incident(
    make_product: Callable[..., Product],
):
    product = make_product(variables={"DEMO": "yes"}).start()
    product.wait_until_ready()
    assert sum(line.startswith("sign in: ") for line in product.lines) == 6
    inside = Inside(product)
    wait_until(lambda: len(inside.ask("SELECT 1 FROM backups_run WHERE state = 'ended'")) == RUNS, 180)
    assert dict(inside.ask(OUTCOMES)) == {
        "accounting": "pass",
        "branch-office": "pass",
        "contracts": "pass",
        "holdfast": "pass",
        "invoice-archive": "fail",
        "payroll": "pass",
        "purchasing-portal": "pass",
    }
    causes = "SELECT 1 FROM incidents_incident WHERE starts_with(cause_key, 'backups.policy:') AND state = 'triage'"
    wait_until(lambda: inside.ask(causes), 30)

    before = inside.ask("SELECT count(*) FROM ledger_entry WHERE actor_label = 'system:demo'")
    said = product.command("demo")
    assert (said.returncode, said.stdout.splitlines()[-1]) == (0, "The demo organisation is here already.")
    assert inside.ask("SELECT count(*) FROM ledger_entry WHERE actor_label = 'system:demo'") == before

    os.kill(product.parts()["demo"], signal.SIGKILL)
    saved = ("run_backup", "accounting", "--json")
    wait_until(lambda: product.command(*saved, seconds=120).returncode == 0, 60, every=1)

    assert product.stop() == 0
    assert product.left_running() == []
    alone = product.command(*saved, seconds=120)
    assert (alone.returncode, product.left_running()) == (0, []), alone.stdout
