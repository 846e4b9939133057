"""Secrets are unreadable where they are kept, and everybody agrees on the key."""

import threading

import pytest
from cryptography.fernet import Fernet

from common import secrets
from common.secrets import MASK, KeyMissing, SecretDamaged, mask, seal, unseal


@pytest.fixture(autouse=True)
def own_keys(settings, tmp_path, monkeypatch):
    """A key folder of the test's own, in a house where nothing was sealed before."""
    settings.SECRETS_KEYS = []
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(secrets, "NEEDED_BY", [])


def test_a_sealed_text_is_not_in_what_is_kept_and_comes_back():
    sealed = seal("päss 密码")
    assert "päss" not in sealed
    assert unseal(sealed) == "päss 密码"


def test_the_key_lies_in_a_folder_that_is_closed_to_others(tmp_path):
    seal("x")
    [key] = (tmp_path / "keys").iterdir()
    assert key.stat().st_mode & 0o777 == 0o600
    assert key.parent.stat().st_mode & 0o777 == 0o700


def test_another_installation_cannot_read_it(settings):
    sealed = seal("password")
    settings.SECRETS_KEYS = [Fernet.generate_key().decode()]
    with pytest.raises(KeyMissing, match="is not here"):
        unseal(sealed)


def test_a_new_key_seals_and_the_old_one_still_opens(settings):
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    settings.SECRETS_KEYS = [old]
    sealed = seal("password")
    settings.SECRETS_KEYS = [new, old]
    assert unseal(sealed) == "password"
    assert seal("password").partition(":")[0] != sealed.partition(":")[0]


@pytest.mark.parametrize(
    "change", [lambda s: s[:-3], lambda s: s[:20] + "A" + s[21:], lambda s: s.partition(":")[0] + ":"]
)
def test_a_value_that_was_changed_is_refused(change):
    with pytest.raises(SecretDamaged, match="cannot be read"):
        unseal(change(seal("password")))


@pytest.mark.parametrize("rubbish", ["", "x", ":", "no key:no token"])
def test_a_value_that_was_never_sealed_is_refused(rubbish):
    with pytest.raises(KeyMissing):
        unseal(rubbish)


def test_a_key_that_is_added_while_we_run_is_used_at_once(tmp_path):
    sealed = seal("password")
    added = secrets.add_key()
    assert secrets.key_ids()[0] == added
    assert secrets.key_of(seal("password")) == added != secrets.key_of(sealed)
    assert unseal(sealed) == "password"
    assert sorted(path.name for path in (tmp_path / "keys").iterdir()) == ["0001.key", "0002.key"]


def test_a_retired_key_opens_nothing_and_still_checks_old_signatures(tmp_path):
    sealed = seal("password")
    old, signing = secrets.derived_key("ledger")
    new = secrets.add_key()
    secrets.retire_key(old)
    assert secrets.key_ids() == [new]
    assert secrets.derived_key_by_id("ledger", old) == signing
    with pytest.raises(KeyMissing):
        unseal(sealed)
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "keys").iterdir()} == {0o600}


@pytest.mark.parametrize("key_id", ["../0001", "deadbeef/../x", "", "DEADBEEF", "deadbee\n"])
def test_an_id_of_a_key_is_never_a_path(key_id):
    assert secrets.derived_key_by_id("ledger", key_id) is None


@pytest.mark.parametrize("text", ["", "password", "12345678:gBBBB", "deadbeef:gAAAAx y", "xdeadbeef:gAAAAx"])
def test_what_was_never_sealed_has_no_key(text):
    assert secrets.key_of(text) == ""


def test_processes_that_start_at_once_agree_on_one_key(tmp_path):
    found = []
    starts = threading.Barrier(8)

    def start():
        starts.wait()
        found.append(seal("x"))

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len({secrets.key_of(sealed) for sealed in found}) == 1
    assert len(list((tmp_path / "keys").iterdir())) == 1


def test_secrets_are_covered_wherever_they_appear():
    text = "pg_dump --password=hunter2 postgres://bob:s3cret@host/db hunter2hunter2"
    covered = mask(text, "hunter2", "")
    assert "hunter2" not in covered
    assert "s3cret" not in covered
    assert covered == f"pg_dump --password={MASK} postgres://bob:{MASK}@host/db {MASK}{MASK}"


def test_a_key_for_another_purpose_is_another_key():
    key_id, ledger = secrets.derived_key("ledger")
    assert secrets.derived_key("other")[1] != ledger
    assert secrets.derived_key_by_id("ledger", key_id) == ledger
    assert secrets.derived_key_by_id("ledger", "deadbeef") is None
