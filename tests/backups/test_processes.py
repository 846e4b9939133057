"""Programs of others: bounded in time and output, and gone afterwards."""

import threading
import time

import psutil
import pytest

from backups.adapters import processes
from backups.adapters.errors import OutputTooLarge, Stopped, TimeIsUp, ToolBroke

ENVIRONMENT = processes.plain_environment()


def run(*argv, **options):
    return processes.run(argv, env=ENVIRONMENT, **{"timeout": 20, **options})


def test_an_exit_code_is_told_and_is_no_error_by_itself():
    finished = run("sh", "-c", "echo out; echo err >&2; exit 3")
    assert finished.exit_code == 3
    assert sorted(finished.tail.split()) == ["err", "out"]


def test_arguments_reach_the_program_as_they_are():
    names = ["a\nb", "-rf", "$(id)", "`id`", '"', "'", "* ?"]
    finished = run("printf", "%s|", *names, keep_output=1000)
    assert finished.output.decode() == "|".join([*names, ""])


def test_of_long_output_the_end_is_kept():
    finished = run("sh", "-c", "seq 1 100000; echo the reason")
    assert finished.tail.startswith("[…]\n")
    assert finished.tail.endswith("100000\nthe reason\n")
    assert len(finished.tail) < processes.TAIL_BYTES + 10


def test_control_and_direction_characters_are_spelt_out():
    finished = run("printf", r"\033[2J\000 \342\200\256 \377 ok")
    assert finished.tail == "\\x1b[2J\\x00 \\u202e \ufffd ok"


def test_secrets_are_masked_in_what_is_told():
    finished = run("echo", "hunter2", "is hunter2", secrets=["hunter2"])
    assert finished.argv == ("echo", "***", "is ***")
    assert "hunter2" not in finished.tail


def test_the_environment_of_ours_is_not_passed_on(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "very secret")
    assert "very secret" not in run("env").tail


def test_the_wall_clock_ends_a_program_that_will_not_go_and_all_it_started():
    pids: list[int] = []
    with pytest.raises(TimeIsUp) as raised:
        run(
            "sh",
            "-c",
            "trap '' TERM; sleep 61 & echo started; while :; do sleep 1; done",
            timeout=0.3,
            on_start=pids.append,
        )
    assert "started" in raised.value.evidence.tail
    assert _group_is_gone(pids[0])


def test_a_program_ends_on_demand_from_another_thread():
    stop = threading.Event()
    threading.Timer(0.2, stop.set).start()
    started = time.monotonic()
    with pytest.raises(Stopped):
        run("sleep", "30", stop=stop)
    assert time.monotonic() - started < 5


def test_too_much_output_ends_the_program():
    with pytest.raises(OutputTooLarge):
        run("sh", "-c", "while :; do echo more; done", keep_output=10_000)


def test_a_program_that_is_not_there_is_a_sentence():
    with pytest.raises(ToolBroke, match="no-such-program could not do its work"):
        run("/nowhere/no-such-program")


def test_input_reaches_the_program():
    assert run("cat", stdin=b"text", keep_output=10).output == b"text"


def _group_is_gone(pid: int) -> bool:
    alive = [process for process in psutil.process_iter(["status"]) if process.info["status"] != psutil.STATUS_ZOMBIE]
    return not any(_group(process.pid) == pid for process in alive)


def _group(pid: int) -> int | None:
    import os

    try:
        return os.getpgid(pid)
    except ProcessLookupError:
        return None
