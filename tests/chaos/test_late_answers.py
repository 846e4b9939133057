"""A mail server that hangs, refuses, or answers when nobody holds the message any more: said once, marked honestly."""

import threading

from tests.chaos.house import RECOVERY_SECONDS, House, label
from tests.notify.hooks import running_hook
from tests.support.product import wait_until

DELIVERY = """
SELECT d.state, d.tries, d.last_error FROM notify_delivery d JOIN notify_message m ON m.id = d.message_id
WHERE d.way = 'email' AND m.subject LIKE %s
"""
CHANNEL = """
from notify.services import add_channel, subscribe
made = add_channel(name="{name}", kind="hook", address="{url}", secret="", by="system:chaos").row
subscribe(channel=made, by="system:chaos")
print(made.pk)
"""
OFF = """
from notify.services import change_channel
change_channel(channel_id="{channel}", is_on=False, by="system:chaos")
"""
#: In the list of messages on the pages: no server is asked for it.
IN_APP = """
SELECT count(*) FROM notify_delivery d JOIN notify_message m ON m.id = d.message_id
WHERE d.way = 'in_app' AND d.state = 'sent' AND m.subject LIKE %s
"""
#: More than all threads that send mails at once.
AT_ONCE = 8


def report(house: House) -> str:
    title = label()
    assert house.ask("POST", "incidents/", {"title": title, "badness": "hindered"}, key=title).status == 201
    return title


def delivery(house: House, title: str) -> tuple[str, int, str]:
    [found] = house.inside.ask(DELIVERY, f"%{title}")
    return found


def test_an_answer_after_the_lease_changes_nothing_and_the_repeat_is_recognisable(house: House):
    answer = house.sink.waits_for = threading.Event()
    house.sink.reached.clear()
    title = report(house)
    assert house.sink.reached.wait(RECOVERY_SECONDS)
    house.a_minute_passes()
    wait_until(lambda: delivery(house, title)[0] == "sent", RECOVERY_SECONDS)
    answer.set()
    house.wait_until_quiet()
    assert delivery(house, title) == ("sent", 2, "")
    mails = [mail for mail in house.sink.mails if str(mail["Subject"]).endswith(title)]
    assert len(mails) == 2
    assert len({mail["Message-ID"] for mail in mails}) == 1, "a mailbox knows the repeat by it"


def test_a_server_that_hangs_holds_up_no_page_and_no_beat(house: House):
    answer = house.sink.waits_for = threading.Event()
    house.sink.reached.clear()
    title = report(house)
    try:
        assert house.sink.reached.wait(RECOVERY_SECONDS)
        other = report(house)
        wait_until(lambda: house.mails_about(other), RECOVERY_SECONDS)
        assert house.product.get("/readyz")[0] == 200
    finally:
        answer.set()
    house.wait_until_quiet()
    assert delivery(house, title) == ("sent", 1, "")


def test_a_server_that_hangs_for_every_mail_delays_nothing_but_mails(house: House):
    answer = house.sink.hangs = threading.Event()
    house.sink.reached.clear()
    with running_hook() as hook:
        channel = house.run(CHANNEL.format(name=label(), url=hook.url))
        try:
            titles = [report(house) for _number in range(AT_ONCE)]
            assert house.sink.reached.wait(RECOVERY_SECONDS)
            late = report(house)
            wait_until(lambda: sum(late.encode() in each.body for each in hook.requests) == 1, RECOVERY_SECONDS)
            assert delivery(house, late)[0] != "sent"
            assert house.count(IN_APP, f"%{late}") >= 1
            assert house.product.get("/readyz")[0] == 200
        finally:
            answer.set()
            house.sink.hangs = None
            house.wait_until_quiet(60)
            house.run(OFF.format(channel=channel))
    for title in [*titles, late]:
        assert delivery(house, title)[0] == "sent"
        mails = [each for each in house.sink.mails if str(each["Subject"]).endswith(title)]
        assert len({each["Message-ID"] for each in mails}) == 1


def test_a_server_that_refuses_for_a_moment_gets_it_once_it_takes_it(house: House):
    house.sink.answers.append("451 try again later")
    title = report(house)
    wait_until(lambda: delivery(house, title)[0] == "failed", RECOVERY_SECONDS)
    assert "451" in delivery(house, title)[2]
    house.wait_until_quiet()
    assert delivery(house, title) == ("sent", 2, "")
