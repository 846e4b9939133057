"""`manage.py up`: one command brings everything up, and Ctrl-C brings all of it down."""

import signal

import pytest

from tests.support.product import wait_until

PARTS = {"postgres", "valkey", "web", "page", "worker", "verify", "beat"}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["ctrl-c", "sigterm"])
def test_everything_comes_up_and_nothing_is_left_after_the_end(product, number):
    assert set(product.parts()) == PARTS
    assert product.get("/healthz") == (200, b"ok")
    wait_until(lambda: product.get("/readyz")[0] == 200)
    assert product.stop(number) == 0
    assert product.left_running() == []


def test_a_second_instance_is_refused_in_one_sentence(product, make_product):
    second = make_product().command("up")
    assert second.returncode == 1
    assert len(second.stdout.strip().splitlines()) == 1
    assert second.stdout.startswith(f"Holdfast is already running with the data in {product.data_dir}: stop it first")
    assert product.get("/healthz")[0] == 200


def test_commands_reach_the_running_database_and_leave_it_up(product):
    told = product.command(
        "shell", "-v", "0", "-c", "from common.models import Heartbeat; print(Heartbeat.objects.count())"
    )
    assert told.returncode == 0, told.stdout
    assert product.get("/readyz")[0] in {200, 503}
    assert b'"database": {"alive": true}' in product.get("/readyz")[1]


def test_a_second_start_keeps_the_data(product, make_product):
    add = "from common.models import Heartbeat; from django.utils import timezone; "
    add += "Heartbeat.objects.create(name='kept', at=timezone.now())"
    assert product.command("shell", "-v", "0", "-c", add).returncode == 0
    assert product.stop() == 0
    read = "from common.models import Heartbeat; print(Heartbeat.objects.filter(name='kept').count())"
    again = make_product().command("shell", "-v", "0", "-c", read)
    assert again.stdout.strip() == "1"
    assert product.left_running() == []
