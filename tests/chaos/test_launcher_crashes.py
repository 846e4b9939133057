"""Parts that die are started again, and a start after a crash takes up what the crash left."""

import os
import signal

import psutil
import pytest

from tests.support.product import wait_until


@pytest.mark.parametrize("name", ["web", "page", "worker", "verify", "beat", "valkey", "postgres"])
def test_a_part_that_is_killed_is_started_again(lasting_product, name):
    before = lasting_product.parts()[name]
    os.kill(before, signal.SIGKILL)
    lasting_product.wait_for(f"{name} ended (code -9); starting it again in 1 s")
    wait_until(lambda: lasting_product.parts().get(name) not in {None, before})
    wait_until(lambda: lasting_product.get("/readyz")[0] == 200, 90)


def test_a_part_that_keeps_dying_waits_longer_each_time(product):
    for pause in (1, 2, 4):
        wait_until(lambda: psutil.pid_exists(product.parts()["beat"]))
        os.kill(product.parts()["beat"], signal.SIGKILL)
        product.wait_for(f"beat ended (code -9); starting it again in {pause} s")


def test_a_command_that_is_asked_to_end_stops_the_database_it_started(make_product):
    product = make_product()
    process = product.begin("shell", "-v", "0", "-c", "print('up', flush=True); import time; time.sleep(60)")
    assert process.stdout is not None
    assert process.stdout.readline() == "up\n"
    process.terminate()
    assert process.wait(30) == 143
    assert product.left_running() == []


def test_a_command_that_is_killed_leaves_the_database_to_the_next_one(make_product):
    product = make_product()
    process = product.begin("shell", "-v", "0", "-c", "print('up', flush=True); import time; time.sleep(60)")
    assert process.stdout is not None
    assert process.stdout.readline() == "up\n"
    process.kill()
    process.wait(30)
    assert product.command("showmigrations", "people").returncode == 0
    assert product.left_running() == []


def test_a_data_folder_left_by_a_power_cut_recovers(product, make_product):
    add = "from common.models import Heartbeat; from django.utils import timezone; "
    add += "Heartbeat.objects.create(name='kept', at=timezone.now())"
    assert product.command("shell", "-v", "0", "-c", add).returncode == 0
    product.kill_everything()
    again = make_product().start()
    again.wait_until_ready()
    read = "from common.models import Heartbeat; print(Heartbeat.objects.filter(name='kept').count())"
    assert again.command("shell", "-v", "0", "-c", read).stdout.strip() == "1"
    assert again.stop() == 0
    assert again.left_running() == []


def test_a_note_that_names_another_program_does_not_stop_the_database(make_product):
    product = make_product()
    assert product.command("migrate", "-v", "0").returncode == 0
    note = product.data_dir / "postgres" / "data" / "postmaster.pid"
    note.write_text(f"{os.getpid()}\n{note.parent}\n1\n5432\n/nowhere\n\n0 0\nready\n")
    assert product.command("check", "--database", "default").returncode == 0
    assert product.command("showmigrations", "people").returncode == 0
    assert product.left_running() == []


def test_when_the_launcher_alone_is_killed_the_next_start_takes_over(product, make_product):
    assert product.process is not None
    product.process.kill()
    product.process.wait(10)
    again = make_product().start()
    again.wait_until_ready()
    assert again.stop() == 0
    assert again.left_running() == []


def test_a_worker_that_does_not_end_is_killed_after_ten_seconds(product):
    stubborn = psutil.Process(product.parts()["worker"])
    stubborn.suspend()
    assert product.stop(seconds=40) == 0
    assert product.left_running() == []
