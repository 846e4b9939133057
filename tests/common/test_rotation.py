"""Keys are changed while everything runs; nothing is lost, and an old key goes only when nothing needs it."""

import pytest
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.utils import timezone

from common import resealing, rotation, sealed, secrets
from common.doctor import Verdict
from common.doctor.storage import keys_of_secrets
from common.models import PendingFact, SealingKey
from common.secrets import key_of, seal, unseal
from ledger.models import Entry
from people.choices import Role
from tests.people.world import make_world
from tests.support.people import person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_keys(settings, tmp_path):
    """A key folder of the test's own."""
    settings.SECRETS_KEYS = []
    settings.DATA_DIR = tmp_path


@pytest.fixture
def factor():
    """A second factor as allauth keeps it, sealed inside JSON."""
    data = {"secret": seal("totp"), "codes": [seal("one"), "plain"], "count": 3}
    return Authenticator.objects.create(user=person(Role.AUDITOR), type=Authenticator.Type.TOTP, data=data)


@pytest.fixture
def kept_file(settings, tmp_path):
    """The demo's sign-ins, one sealed value in a file."""
    path = tmp_path / "secrets" / "demo-sign-ins"
    path.parent.mkdir()
    path.write_text(seal("sign-ins"), encoding="ascii")
    return path


def test_everything_is_sealed_again_with_a_new_key(factor, kept_file):
    old = secrets.key_ids()[0]
    done = rotation.rotate()
    assert done.is_new
    assert done.key_id == secrets.key_ids()[0] != old
    factor.refresh_from_db()
    assert key_of(factor.data["secret"]) == done.key_id
    assert unseal(factor.data["secret"]) == "totp"
    assert [unseal(factor.data["codes"][0]), *factor.data["codes"][1:], factor.data["count"]] == ["one", "plain", 3]
    assert unseal(kept_file.read_text()) == "sign-ins"
    assert done.values == {"mfa_authenticator.data": 2, str(kept_file): 1}
    assert not done.unreadable


def test_it_stands_in_the_ledger_without_any_key(factor):
    done = rotation.rotate()
    entry = Entry.objects.get(verb="secrets.rotated")
    assert (entry.subject_id, entry.data) == (done.key_id, {"values": 2})


def test_what_was_begun_and_killed_is_finished_with_the_same_key(factor):
    added = secrets.add_key()  # as far as the killed one came
    done = rotation.rotate()
    assert (done.is_new, done.key_id, done.values) == (False, added, {"mfa_authenticator.data": 2})


def test_a_second_rotation_makes_another_key(factor):
    first = rotation.rotate()
    second = rotation.rotate()
    assert second.is_new
    assert second.key_id != first.key_id


def test_more_than_a_batch_is_done(monkeypatch):
    monkeypatch.setattr(resealing, "BATCH", 2)
    for _number in range(5):
        data = {"secret": seal("x")}
        Authenticator.objects.create(user=person(Role.AUDITOR), type=Authenticator.Type.TOTP, data=data)
    assert rotation.rotate().values == {"mfa_authenticator.data": 5}


def test_a_value_that_cannot_be_opened_stays_and_is_counted(factor):
    broken = "deadbeef:gAAAAxyz"
    Authenticator.objects.update(data={"secret": broken, "codes": [seal("one")]})
    done = rotation.rotate()
    assert (done.values, done.unreadable) == ({"mfa_authenticator.data": 1}, {"mfa_authenticator.data": 1})
    factor.refresh_from_db()
    assert factor.data["secret"] == broken


def test_two_rotations_at_once_are_one(settings):
    other = connections.create_connection("default")
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [rotation.LOCK])
        with pytest.raises(CommandError, match="already"):
            call_command("rotate_secrets")
    other.close()
    assert secrets.key_ids() == []


def test_an_old_key_is_not_removed_while_something_needs_it(factor):
    secrets.add_key()
    with pytest.raises(CommandError, match=r"still needed by mfa_authenticator\.data"):
        call_command("rotate_secrets", "--retire")
    assert len(secrets.key_ids()) == 2


def test_a_place_that_nobody_named_keeps_its_key_too():
    ana = person(Role.AUDITOR)
    type(ana).objects.filter(pk=ana.pk).update(name=f"note {seal('somewhere')[:60]}")
    secrets.add_key()
    with pytest.raises(rotation.KeyInUse, match=r"people_user\.name"):
        rotation.retire()


def test_a_key_that_nothing_needs_is_removed_and_that_is_recorded(factor):
    old = secrets.key_ids()[0]
    new = rotation.rotate().key_id
    assert rotation.retire() == [old]
    assert secrets.key_ids() == [new]
    assert SealingKey.objects.get(key_id=old).retired_at is not None
    assert Entry.objects.get(verb="secrets.key_retired").data == {"newest": new}
    assert rotation.retire() == []


def test_an_announcement_that_waits_with_a_secret_in_it_keeps_no_old_key():
    arguments = {"contact_id": "1", "sealed_code": seal("123456")}
    waiting = {"fact": "x", "receiver": "x", "due_at": timezone.now(), "last_error": "x"}
    pending = PendingFact.objects.create(arguments=arguments, **waiting)
    rotation.rotate()
    assert rotation.retire()
    pending.refresh_from_db()
    assert unseal(pending.arguments["sealed_code"]) == "123456"


def test_a_key_stays_while_something_older_than_the_new_one_may_still_write(factor):
    other = connections.create_connection("default")
    with other.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("SELECT 1")
        rotation.rotate()
        with pytest.raises(CommandError, match="younger"):
            call_command("rotate_secrets", "--retire")
        cursor.execute("COMMIT")
    other.close()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")  # this test is one transaction, which would see the same
    assert len(rotation.retire()) == 1


def test_given_keys_are_the_operators_to_make_and_to_take_out(settings, factor):
    old = secrets._keys()[secrets.key_ids()[0]].decode()
    settings.SECRETS_KEYS = [secrets.Fernet.generate_key().decode(), old]
    done = rotation.rotate()
    assert (done.is_new, done.values) == (False, {"mfa_authenticator.data": 2})
    call_command("rotate_secrets", "--retire")
    assert len(secrets.key_ids()) == 2
    settings.SECRETS_KEYS = settings.SECRETS_KEYS[:1]
    factor.refresh_from_db()
    assert unseal(factor.data["secret"]) == "totp"


def test_where_keys_were_lost_none_is_made_in_silence(factor):
    rotation.confirm_saved()
    for path in secrets.key_folder().iterdir():
        path.unlink()
    for use in (lambda: seal("x"), lambda: secrets.derived_key("ledger"), lambda: unseal(factor.data["secret"])):
        with pytest.raises((secrets.KeysLost, secrets.KeyMissing)):
            use()
    assert list(secrets.key_folder().iterdir()) == []
    findings = list(keys_of_secrets())
    assert findings[0].verdict == Verdict.BROKEN
    assert "Put them back" in findings[0].advice
    call_command("rotate_secrets")  # somebody's decision
    assert unseal(seal("x")) == "x"
    assert next(keys_of_secrets()).verdict == Verdict.BROKEN  # until what nobody can open was entered again


def test_nothing_sealed_and_no_key_is_no_trouble():
    assert {finding.verdict for finding in keys_of_secrets()} == {Verdict.OK}


def test_a_copy_outside_is_confirmed_for_each_key_once():
    seal("x")
    [first] = rotation.unsaved()
    assert rotation.confirm_saved() == [first]
    assert rotation.confirm_saved() == []
    added = secrets.add_key()
    assert rotation.unsaved() == [added]
    assert Entry.objects.get(verb="secrets.key_saved_outside").subject_id == first


def test_every_sealed_value_of_the_whole_product_lies_where_rotating_finds_it(factor):
    make_world(person(Role.ADMINISTRATOR))
    holding = set(resealing.used_by(secrets.key_ids()[0]))
    known = {str(column) for column in sealed.columns()}
    assert "mfa_authenticator.data" in holding
    assert holding <= known, f"seal into a SealedField, or name the column in sealed.json_column: {holding - known}"


def test_columns_that_sound_like_secrets_are_sealed_or_hashed():
    """A column with a name like these holds plain secrets unless it is a SealedField or stands here with a reason."""
    not_sealed = {
        "people.User.password": "a hash of Argon2",
        "socialaccount.SocialApp.secret": "nothing is ever stored there: providers come from the environment",
        "socialaccount.SocialToken.token_secret": "tokens of providers are not stored",
    }
    sealed_fields = {(column.model, column.name) for column in sealed.columns()}
    plain = [
        f"{model._meta.app_label}.{model.__name__}.{one.name}"
        for model in apps.get_models()
        for one in model._meta.local_fields
        if any(word in one.name for word in ("secret", "password", "sealed")) and (model, one.name) not in sealed_fields
    ]
    assert [name for name in plain if name not in not_sealed] == []


def test_looking_for_sealed_values_reads_no_other_table_than_ours():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM information_schema.tables WHERE table_schema = current_schema()")
        [tables] = cursor.fetchone()
    assert 0 < len({name.partition(".")[0] for name, _query in resealing._text_columns()}) <= tables
