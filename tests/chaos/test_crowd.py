"""Two hundred people report at once while ten work on it: nothing is refused, lost or done twice."""

from collections import Counter

from tests.chaos.crowd import EACH, REPORTERS, RESPONDERS, p95, play
from tests.chaos.house import House, label


def test_two_hundred_report_and_ten_answer_and_nothing_is_lost(house: House, capsys):
    word = label()
    found = play(house.product, word)
    wrong = [each for each in found["said"] if not 200 <= each["status"] < 400]
    assert wrong == []

    ours = "SELECT {} FROM incidents_incident WHERE title LIKE %s"
    assert house.count(ours.format("count(*)"), f"{word}%") == REPORTERS
    assert house.count(ours.format("count(DISTINCT reporter_id)"), f"{word}%") == REPORTERS
    assert len(found["answered"]) == len(set(found["answered"])) == RESPONDERS * EACH
    assert house.count(ours.format("count(*)") + " AND state = 'resolved'", f"{word}%") == RESPONDERS * EACH
    events = house.inside.ask(
        "SELECT kind, count(*) FROM incidents_timelineevent WHERE incident_id IN"
        " (SELECT id FROM incidents_incident WHERE title LIKE %s) GROUP BY kind",
        f"{word}%",
    )
    counted = Counter(dict(events))
    assert counted["reported"] == REPORTERS
    assert counted["acknowledged"] == counted["update"] == counted["moved"] == RESPONDERS * EACH
    # Nobody works on what is left: it would only become too late, for other tests to be told of.
    house.inside.ask(
        "UPDATE incidents_incident SET state = 'cancelled' WHERE title LIKE %s AND state = 'triage'", f"{word}%"
    )
    house.send_home(word)
    with capsys.disabled():
        for what in ("page", "api"):
            seconds = found["seconds"][what]
            print(f"\n{what}: {len(seconds)} requests, p95 {p95(seconds) * 1000:.0f} ms")
