"""The disk with everything on it is full: it is said in words, nothing is half written, and room is all it takes."""

import errno
import os
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chaos.conftest import reachable_folder
from tests.chaos.house import RECOVERY_SECONDS, Answer, House, furnished, label
from tests.support.product import wait_until

SIZE = "700m"
#: Several ticks and sweeps find no room either.
FULL_SECONDS = 12
PAUSE = 0.2
CODES = {503: "database_away", 507: "storage_full"}


@pytest.fixture(scope="module")
def small_disk() -> Iterator[Path]:
    """A disk of its own for all data of one product. Only root can make one."""
    with reachable_folder() as folder:
        folder.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=0711", "full", folder], check=True)
        try:
            yield folder
        finally:
            subprocess.run(["umount", "--lazy", folder], check=True)


@pytest.fixture(scope="module")
def house_on_it(small_disk: Path) -> Iterator[House]:
    with furnished(small_disk) as house:
        yield house


def fill(disk: Path) -> Path:
    """Take all the room there is, however much of it the product takes meanwhile."""
    filler = disk / "filler"
    with filler.open("wb") as file:
        wait_until(lambda: takes_the_rest(file.fileno()))
    return filler


def takes_the_rest(filler: int) -> bool:
    room = os.fstatvfs(filler)
    try:
        os.posix_fallocate(filler, 0, os.fstat(filler).st_size + room.f_bavail * room.f_frsize)
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
    return os.fstatvfs(filler).f_bavail == 0


def file_system(house: House, name: str) -> Answer:
    return house.ask("POST", "systems/", {"name": name, "description": label() * 250}, key=name)


def test_a_full_disk_is_said_and_room_is_all_it_takes(house_on_it: House, small_disk: Path):
    house, word = house_on_it, label()
    filler = fill(small_disk)
    answers: dict[str, Answer] = {}
    until = time.monotonic() + FULL_SECONDS
    while time.monotonic() < until:
        name = f"{word}-{len(answers)}"
        answers[name] = answer = file_system(house, name)
        assert answer.status in {201, *CODES}, (answer.status, answer.body[:500])
        assert answer.status == 201 or answer.data["code"] == CODES[answer.status]
        time.sleep(PAUSE)
    pages = [house.ask("GET", path) for path in ("/healthz", "/readyz", "/accounts/login/")]
    assert {page.status for page in pages} <= {200, *CODES}
    statuses = Counter(answer.status for answer in answers.values())
    assert statuses[503] + statuses[507] > 5, statuses

    filler.unlink()

    began = time.monotonic()
    wait_until(lambda: file_system(house, f"{word}-back-{time.monotonic_ns()}").status == 201, RECOVERY_SECONDS)
    wait_until(lambda: house.product.get("/readyz")[0] == 200, RECOVERY_SECONDS)
    print(f"ready {time.monotonic() - began:.1f} s after there was room")
    house.a_minute_passes()
    for name in [name for name, answer in answers.items() if answer.status != 201]:
        assert file_system(house, name).status == 201
    kept = [
        row[0] for row in house.inside.ask("SELECT name FROM catalog_system WHERE starts_with(name, %s)", f"{word}-")
    ]
    assert sorted(name for name in kept if "-back-" not in name) == sorted(answers)
    house.wait_until_quiet(60)
    title = label()
    assert house.ask("POST", "incidents/", {"title": title}).status == 201
    wait_until(lambda: house.mails_about(title), RECOVERY_SECONDS)


def test_a_backup_on_a_full_disk_leaves_no_half_copy_and_the_next_one_passes(house_on_it: House, small_disk: Path):
    house, places = house_on_it, small_disk / "copies"
    before = {path.name for path in (places / "holdfast").iterdir()}
    with house.locked("common_storedfile"):  # the dump waits, so that the disk is full by the time it writes
        house.inside.fall_due("backup")
        house.inside.wait_for_step("dump")
        filler = fill(small_disk)
    wait_until(lambda: house.inside.last("backup")["state"] == "ended" or room_is_missed(house), 60)

    filler.unlink()

    house.a_minute_passes()
    house.wait_until_quiet(90)
    ended = house.inside.last("backup")
    new = {path.name for path in (places / "holdfast").iterdir()} - before
    assert (ended["outcome"], len(new)) in {("error", 0), ("pass", 1)}, ended
    assert list((places / ".partial").glob("*")) == []
    house.inside.fall_due("backup")
    wait_until(lambda: house.inside.last("backup")["id"] != ended["id"])
    house.wait_until_quiet(90)
    assert house.inside.last("backup")["outcome"] == "pass"


def room_is_missed(house: House) -> bool:
    """Whether the worker could not even write down what went wrong."""
    return any("No space left on device" in line for line in house.product.lines)
