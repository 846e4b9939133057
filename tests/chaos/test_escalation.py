"""The worker is killed in the middle of each step of an escalation: no step is lost, and none comes twice."""

import json
from collections.abc import Iterator

import pytest

from tests.chaos.house import House, label
from tests.support.product import wait_until

#: Four people are called, one after the other; nothing falls due by itself within the test.
ARRANGE = """
import json
from datetime import timedelta
from catalog.services import add_service
from incidents.services import report
from people import services
from people.choices import Role
from people.models import User
called = [
    User.objects.create_user(f"{label}{{n}}", name=f"{label} {{n}}", email=f"{label}{{n}}@example.org")
    for n in range(4)
]
for each in called:
    services.set_roles(person_id=each.pk, roles=[Role.RESPONDER], by="system:chaos")
steps = [{{"whom": "person", "person": each, "after": timedelta(days=bool(n))}} for n, each in enumerate(called)]
policy = services.add_policy(
    name="{label}", steps=steps, pause=timedelta(days=7), repeat_count=0, patience={{}}, by="system:chaos"
)
service = add_service(name="{label}", by="system:chaos")
service.escalation_policy = policy
service.save()
incident = report(by=called[0], title="{label} is away", services=[service], scales=(1, 1))
print(json.dumps([str(incident.pk), str(incident.escalations.get().pk)]))
"""
#: Where the step is when its worker dies: at the entry of the timeline, the message, and the delivery.
IN_THE_MIDDLE = ("incidents_timelineevent", "notify_message", "notify_delivery")


@pytest.fixture
def arranged(house: House) -> Iterator[tuple[str, str, str]]:
    """A word that nothing else has, the incident, and its escalation after the first step."""
    word = label()
    incident, run = json.loads(house.run(ARRANGE.format(label=word)))
    yield word, incident, run
    house.send_home(word)


def test_a_worker_killed_in_the_middle_of_each_step_loses_none_and_takes_none_twice(house: House, arranged):
    word, incident, run = arranged
    taken = "SELECT count(*) FROM incidents_escalationsteptaken WHERE run_id = %s AND state = 'taken'"
    wait_until(lambda: house.count(taken, run) == 1)

    for done, table in enumerate(IN_THE_MIDDLE, start=1):
        with house.locked(table):
            house.inside.ask(
                "UPDATE incidents_escalationsteptaken SET due_at = now() WHERE run_id = %s AND state = 'due'", run
            )
            wait_until(lambda table=table: house.waits_for(table))
            house.kill("page", "worker")
            assert house.count(taken, run) == done
        wait_until(lambda done=done: house.count(taken, run) == done + 1, 90)
        wait_until(lambda: house.product.get("/readyz")[0] == 200, 60)

    house.a_minute_passes()
    house.wait_until_quiet(60)
    events = "SELECT count(*) FROM incidents_timelineevent WHERE incident_id = %s AND kind = 'escalated'"
    assert house.count(events, incident) == 4
    told = "SELECT u.username FROM notify_message m JOIN people_user u ON u.id = m.to_id WHERE m.about_id = %s"
    names = [row[0] for row in house.inside.ask(f"{told} AND m.kind = 'incident.escalated'", incident)]
    assert sorted(names) == [f"{word}{number}" for number in range(4)]
    # A mail that was taken just as its worker died is sent again under the same id: a mailbox knows it by that.
    mails = {str(mail["Message-ID"]): str(mail["To"]) for mail in house.mails_of(f"{word} is away")}
    assert sorted(mails.values()) == [f"{word}{number}@example.org" for number in range(4)]
    assert house.ask("POST", f"incidents/{incident}/cancel/", {"reason": "The test is over."}).status == 200
    assert house.count(f"{taken} AND due_at > now()", run) == 0
