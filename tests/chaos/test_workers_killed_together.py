"""All workers are killed at one moment, each in the middle of something: all of it is taken up, and done once."""

from contextlib import ExitStack

from incidents import jobs
from tests.chaos.house import House
from tests.chaos.test_delivered_twice import WORKERS, arrange, assert_done_once, backups, registered
from tests.support.product import wait_until

#: In which table each task is stopped in its middle.
IN_THE_MIDDLE = {
    "common.tick": "ledger_sealedentry",
    "common.sweep": "people_passwordreset",
    "people.send_password_reset": "people_passwordreset",
    "notify.send_due": "notify_delivery",
    "notify.remind_due": "notify_message",
    "ledger.verify": "ledger_sealedentry",
    "backups.carry_out": "backups_step",
    jobs.LOOK_AT_CLOCKS: "incidents_clocklook",
    jobs.WRITE_STATUS: "incidents_statuspage",
}
#: Cleaning up has the one place of `verify` to itself, so not at the same moment as a run; what it left is removed at
#: the next start of that worker: see test_worker_killed. Workers that die over a mail: see test_mailboxes.
ELSEWHERE = {"backups.clean_up", jobs.TAKE_MAILS, jobs.READ_MAIL}


def test_what_all_workers_were_in_the_middle_of_is_done_once(house: House):
    assert registered() == set(IN_THE_MIDDLE) | ELSEWHERE, "say here where a new task is stopped"
    before, tables = backups(house), set(IN_THE_MIDDLE.values())

    def missing() -> set[str]:
        return {table for table in tables if not house.waits_for(table)}

    with ExitStack() as locks:
        with house.standing_still(*WORKERS):
            arranged = arrange(house)
            for name, queue, kwargs in [(name, *ways[0]) for name, ways in arranged.tasks().items()]:
                house.deliver(name, queue, **kwargs)
            locks.enter_context(house.locked(*sorted(tables)))
        wait_until(lambda: not missing(), 60)
        house.kill(*WORKERS)
    wait_until(lambda: not any(house.waits_for(table) for table in tables))
    wait_until(lambda: house.product.get("/readyz")[0] == 200, 60)
    house.a_minute_passes()
    assert_done_once(house, arranged, before, attempts=2)
