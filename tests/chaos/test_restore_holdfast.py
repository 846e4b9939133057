"""The host is lost, a copy and the keys are not: Holdfast comes back on a bare host, and says what is missing."""

import http.cookiejar
import json
import re
import shutil
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from tests.chaos.conftest import reachable_folder
from tests.chaos.test_worker_killed import Inside
from tests.support.product import Product, wait_until

PASSWORD = "a-Good-long-one-7"
MAKE = f"""
from io import BytesIO
from common.files import store
from common.secrets import seal
from people.choices import Role
from people.services import create_person
create_person(username="ana", name="Ana Lima", roles=[Role.AUDITOR], password="{PASSWORD}", by="system:test")
print("stored:", store(BytesIO(b"what must not be lost"), name="note.txt").sha256)
"""
KILLED_IN_THE_MIDDLE = """
import os
from django.utils import timezone
from backups.adapters.postgres import own
with own.set_aside(timezone.now()):
    os._exit(9)
"""


def sign_in(product: Product, username: str) -> str:
    """The address where one is after signing in."""
    browser = urllib.request.build_opener(
        urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
    )
    address = f"http://127.0.0.1:{product.port}/accounts/login/"
    with browser.open(address, timeout=20) as page:
        [token] = set(re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.read().decode()))
    form = {"csrfmiddlewaretoken": token, "login": username, "password": PASSWORD}
    asked = urllib.request.Request(address, data=urllib.parse.urlencode(form).encode(), headers={"Referer": address})
    with browser.open(asked, timeout=20) as page:
        return urllib.parse.urlsplit(page.url).path


@pytest.fixture(scope="module")
def lost_host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Path, str]]:
    """A copy, the keys, and the digest of a stored file; of the host itself nothing is left."""
    kept = tmp_path_factory.mktemp("kept")
    with reachable_folder() as folder:
        product = Product(folder).start()
        try:
            product.wait_until_ready()
            yield save_and_lose(product, kept)
        finally:
            product.kill_everything()


def save_and_lose(product: Product, kept: Path) -> tuple[Path, Path, str]:
    """Make the copy, carry it away with the keys, and lose the rest."""
    made = product.command("shell", "-c", MAKE)
    digest = re.search(r"stored: ([0-9a-f]{64})", made.stdout)
    assert digest, made.stdout
    saved = product.command("run_backup", "holdfast", "--json", seconds=120)
    assert saved.returncode == 0, saved.stdout
    name = json.loads(saved.stdout.splitlines()[-1])["copy"]
    assert product.stop() == 0
    # As an administrator keeps them: the copy's folder, and the keys, each elsewhere.
    copy, keys = kept / "repository" / name, kept / "keys"
    shutil.copytree(product.data_dir / "copies" / name, copy)
    shutil.copytree(product.data_dir / "keys", keys)
    shutil.rmtree(product.data_dir)
    return copy, keys, digest[1]


def test_a_bare_host_with_a_copy_and_the_keys_is_holdfast_again(
    lost_host: tuple[Path, Path, str], make_product: Callable[..., Product]
):
    copy, keys, digest = lost_host
    with reachable_folder() as bare:
        product = make_product(data_dir=bare)

        refused = product.command("restore_holdfast", str(copy))
        assert refused.returncode == 1
        assert "--keys" in refused.stdout

        said = product.command("restore_holdfast", str(copy), "--keys", str(keys), seconds=120)
        assert said.returncode == 0, said.stdout
        assert "Holdfast is back as it was at" in said.stdout
        assert "nothing before it is missing" in said.stdout
        assert "The ledger is whole" in said.stdout
        assert "NOT" not in said.stdout
        assert "Nothing goes out and nothing begins by itself" in said.stdout
        assert "Ended: 1 runs" in said.stdout  # the one by which the copy was made

        product.start().wait_until_ready()
        assert sign_in(product, "ana") == "/"
        assert (bare / "files" / digest[:2] / digest).read_bytes() == b"what must not be lost"
        assert sha256(b"what must not be lost").hexdigest() == digest
        whole = product.command("verify_ledger", "--json")
        assert json.loads(whole.stdout.splitlines()[-1])["is_whole"], whole.stdout
        assert json.loads(whole.stdout.splitlines()[-1])["unknown_signatures"] == 0
        inside = Inside(product)
        assert inside.ask("SELECT count(*) FROM ledger_entry WHERE verb = 'holdfast.brought_back'") == [(1,)]

        # The product protects itself here too, and a running one is not written over.
        running = product.command("restore_holdfast", str(copy), "--over", "--keys", str(keys))
        assert running.returncode == 1
        assert "running" in running.stdout
        assert inside.ask("SELECT held_since IS NOT NULL FROM people_organisation") == [(True,)]
        wait_until(lambda: product.command("run_backup", "holdfast").returncode == 0, 60)
        assert "go on" in product.command("go_on").stdout
        assert inside.ask("SELECT held_since IS NULL FROM people_organisation") == [(True,)]
        assert product.stop() == 0


def test_data_that_is_here_is_set_aside_and_never_destroyed(
    lost_host: tuple[Path, Path, str], make_product: Callable[..., Product]
):
    copy, keys, _digest = lost_host
    with reachable_folder() as other:
        product = make_product(data_dir=other)
        assert product.command("prepare", seconds=120).returncode == 0

        refused = product.command("restore_holdfast", str(copy), "--keys", str(keys))
        assert refused.returncode == 1
        assert "--over" in refused.stdout

        [damaged] = copy.glob("*.dump")
        whole = damaged.read_bytes()
        damaged.write_bytes(whole[:-10] + b"0123456789")
        refused = product.command("restore_holdfast", str(copy), "--keys", str(keys), "--over")
        assert refused.returncode == 1
        assert "damaged" in refused.stdout

        damaged.write_bytes(whole[: len(whole) // 2])
        manifest = json.loads((copy / "manifest.json").read_text())
        for file in manifest["files"]:
            if file["name"] == damaged.name:
                file["sha256"] = sha256(damaged.read_bytes()).hexdigest()
        kept = (copy / "manifest.json").read_bytes()
        (copy / "manifest.json").write_text(json.dumps(manifest))
        refused = product.command("restore_holdfast", str(copy), "--keys", str(keys), "--over")
        assert refused.returncode == 1
        assert "is as it was before" in refused.stdout
        assert product.command("verify_ledger").returncode == 0

        damaged.write_bytes(whole)
        (copy / "manifest.json").write_bytes(kept)

        # The database is in, and then a disk gives up.
        files, away = other / "files", other / "files.away"
        if files.exists():
            files.rename(away)
        files.write_bytes(b"no folder")
        refused = product.command("restore_holdfast", str(copy), "--keys", str(keys), "--over", seconds=120)
        assert refused.returncode == 1
        assert "is as it was before" in refused.stdout
        assert product.command("verify_ledger").returncode == 0
        files.unlink()

        # Somebody kills it in the middle: nothing starts on what is half there, and the next call begins anew.
        assert product.command("shell", "-c", KILLED_IN_THE_MIDDLE).returncode == 9
        half = product.command("prepare")
        assert half.returncode == 1
        assert "restore_holdfast again" in half.stdout
        refused = product.command("restore_holdfast", str(copy), "--keys", str(keys))
        assert refused.returncode == 1
        assert "--over" in refused.stdout
        assert product.command("verify_ledger").returncode == 0

        said = product.command("restore_holdfast", str(copy), "--keys", str(keys), "--over", seconds=120)
        assert said.returncode == 0, said.stdout
        assert "DROP SCHEMA" in said.stdout
        assert product.command("verify_ledger").returncode == 0

        # What is set aside is in no copy: the next one comes back in the same place.
        saved = product.command("run_backup", "holdfast", "--json", seconds=120)
        assert saved.returncode == 0, saved.stdout
        next_copy = other / "copies" / json.loads(saved.stdout.splitlines()[-1])["copy"]
        said = product.command("restore_holdfast", str(next_copy), "--over", seconds=120)
        assert said.returncode == 0, said.stdout
