"""A message is sent although workers are killed and the broker forgets everything."""

import json
import os
import signal
import threading
from collections.abc import Iterator

import pytest
import redis

from common.embedded.places import Places
from tests.notify.sinks import Sink, running
from tests.support.product import Product, wait_until

TELL = """
from django.utils import timezone
from notify.services import tell
from people.models import User
ada = User.objects.create_user("ada", name="Ada", email="ada@example.org")
tell(kind="people.superuser_signed_in", about=ada, to=[ada], urgency="urgent",
     context={"at": timezone.now(), "address": "::1"})
"""
SHOW = """
import json
from notify.models import Delivery
mail = Delivery.objects.get(way="email")
print(json.dumps({"state": mail.state, "tries": mail.tries, "id": str(mail.pk)}))
"""


@pytest.fixture
def sink() -> Iterator[Sink]:
    with running(Sink()) as found:
        yield found


@pytest.fixture
def mailing_product(make_product, sink) -> Product:
    """A product whose mail server is the sink."""
    address = f"smtp://127.0.0.1:{sink.port}?from=holdfast@example.org"
    started = make_product(variables={"EMAIL_URL": address}).start()
    started.wait_until_ready()
    return started


def run(product: Product, code: str) -> str:
    answer = product.command("shell", "-v", "0", "-c", code)
    assert answer.returncode == 0, answer.stdout
    return answer.stdout


def shown(product: Product) -> dict:
    return json.loads(run(product, SHOW).splitlines()[-1])


def test_a_worker_killed_while_it_sends_loses_nothing_and_the_repeat_is_recognisable(mailing_product, sink):
    answer = sink.waits_for = threading.Event()
    run(mailing_product, TELL)
    assert sink.reached.wait(30)
    os.kill(mailing_product.parts()["page"], signal.SIGKILL)
    answer.set()
    assert shown(mailing_product)["state"] == "sending"
    wait_until(lambda: len(sink.taken) == 2, 90)
    wait_until(lambda: shown(mailing_product)["state"] == "sent", 30)
    found = shown(mailing_product)
    assert found["tries"] == 2
    assert [mail["Message-ID"] for mail in sink.mails] == [f"<{found['id']}@example.org>"] * 2


def test_a_broker_that_forgot_everything_delays_a_message_by_seconds(mailing_product, sink):
    page = mailing_product.parts()["page"]
    os.kill(page, signal.SIGSTOP)
    try:
        run(mailing_product, TELL)
        redis.Redis(unix_socket_path=str(Places(mailing_product.data_dir).valkey_socket)).flushall()
    finally:
        os.kill(page, signal.SIGCONT)
    wait_until(lambda: len(sink.taken) == 1, 30)
    wait_until(lambda: shown(mailing_product)["state"] == "sent", 30)
