"""Settings from the environment: one table, and a refusal by name."""

import re
import stat
from pathlib import Path

import pytest
from django.conf import settings

from common.embedded.places import Places
from config import environment
from config.environment import WrongSettingError

FERNET = "x" * 43 + "="


def test_the_documentation_shows_the_same_table():
    assert environment.table() in (settings.BASE_DIR / "docs" / "settings.md").read_text(encoding="utf-8")


def test_every_variable_that_is_read_stands_in_the_table():
    config = settings.BASE_DIR / "config"
    sources = [*(config / "environment").glob("*.py"), config / "settings.py"]
    text = "\n".join(source.read_text(encoding="utf-8") for source in sources)
    assert set(re.findall(r'(?:read|choice|wrong|number|split|networks)\("([A-Z_]+)"', text)) == set(
        environment.EXPECTED
    )


@pytest.mark.parametrize(
    ("name", "value", "ask"),
    [
        ("PORT", "0", environment.port),
        ("PORT", "65536", environment.port),
        ("PORT", "८०००", environment.port),
        ("LISTEN", "everywhere", environment.listen),
        ("TRUSTED_PROXIES", "10.0.0.0/33", lambda: environment.trusted_proxies("https://house.example")),
        ("TRUSTED_PROXIES", "10.0.0.1/24", lambda: environment.trusted_proxies("https://house.example")),
        ("METRICS_NETWORKS", "monitoring.example", environment.metrics_networks),
        ("RUN_OUTPUT_KEPT_DAYS", "forever", environment.run_output_kept),
        ("ATTEMPTS_KEPT_DAYS", "0", environment.attempts_kept),
        ("PROOF_MAX_AGE_DAYS", "0", environment.proof_max_age),
        ("INCIDENTS_REOPENED_WITHIN_DAYS", "0", environment.incidents_reopened_within),
        ("INCIDENTS_CLOSED_AFTER_DAYS", "ever", environment.incidents_closed_after),
        ("PROOF_MAX_AGE_DAYS", "ninety", environment.proof_max_age),
        ("REVIEW_REQUIRED_SEVERITY", "5", environment.review_required),
        ("WORKING_HOURS", "fri-mon 09:00-17:00", environment.working_hours),
        ("WORKING_HOURS", "mon-fri 17:00-09:00", environment.working_hours),
        ("WORKING_HOURS", "mon-fri 09:00-25:00", environment.working_hours),
        ("MESSAGES_KEPT_DAYS", "0", environment.messages_kept),
        ("TIME_ZONE", "Berlin", environment.time_zone),
        ("TIME_ZONE", "../../etc/passwd", environment.time_zone),
        ("LANGUAGE_CODE", "fr", lambda: environment.choice("LANGUAGE_CODE", "en", *environment.LANGUAGES)),
        ("BASE_URL", "localhost:8000", lambda: environment.base_url(8000)),
        ("BASE_URL", "https://house.example/path", lambda: environment.base_url(8000)),
        ("BASE_URL", "https://house.example:port", lambda: environment.base_url(8000)),
        ("BASE_URL", "https://ho use.example", lambda: environment.base_url(8000)),
        ("ALLOWED_HOSTS", "good.example, bad host", lambda: environment.allowed_hosts("http://localhost")),
        ("EMAIL_URL", "mail.example", lambda: environment.email("http://localhost")),
        ("EMAIL_URL", "smtp://mail.example?from=nobody", lambda: environment.email("http://localhost")),
        ("SECRETS_KEYS", "short", environment.secrets_keys),
        ("SECRETS_KEYS", "schlüssel", environment.secrets_keys),
        ("SECRET_KEY", "short", lambda: environment.secret_key(Places(settings.DATA_DIR))),
        ("DATABASE_URL", "sqlite:///file", lambda: environment.database(Places(settings.DATA_DIR))),
        ("DATABASE_URL", "postgres://host/", lambda: environment.database(Places(settings.DATA_DIR))),
        ("REDIS_URL", "redis://host/zero", lambda: environment.redis_addresses(Places(settings.DATA_DIR))),
        ("REDIS_URL", "http://host/0", lambda: environment.redis_addresses(Places(settings.DATA_DIR))),
        ("DATA_DIR", "here", environment.data_dir),
        ("DATA_DIR", "/dev/null/data", environment.data_dir),
        ("ENV_FILE", "/nowhere/at/all", environment.read_file),
        ("ORGANISATION", "x" * 61, environment.organisation),
    ],
)
def test_a_wrong_value_is_refused_by_name(monkeypatch, name, value, ask):
    monkeypatch.setenv(name, value)
    with pytest.raises(WrongSettingError, match=f"^{name} is not usable: expected .+") as refusal:
        ask()
    assert "\n" not in str(refusal.value)


def test_a_database_address_is_read_with_every_part(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://me:p%40ss@db.example:6432/hold%20fast?sslmode=require")
    database = environment.database(Places(settings.DATA_DIR))
    assert (database["HOST"], database["PORT"], database["NAME"]) == ("db.example", "6432", "hold fast")
    assert (database["USER"], database["PASSWORD"]) == ("me", "p@ss")
    assert database["OPTIONS"]["sslmode"] == "require"


@pytest.mark.parametrize(
    ("url", "broker", "cache"),
    [
        ("redis://:pw@host:6380/3", "redis://:pw@host:6380/3", "redis://:pw@host:6380/4"),
        ("rediss://host", "rediss://host/0", "rediss://host/1"),
        (
            "unix:///run/valkey.sock?db=2",
            "redis+socket:///run/valkey.sock?virtual_host=2",
            "unix:///run/valkey.sock?db=3",
        ),
    ],
)
def test_broker_and_cache_use_databases_of_their_own(monkeypatch, url, broker, cache):
    monkeypatch.setenv("REDIS_URL", url)
    assert environment.redis_addresses(Places(settings.DATA_DIR)) == environment.Redis(broker=broker, cache=cache)


def test_an_email_server_is_read_with_its_encryption(monkeypatch):
    monkeypatch.setenv("EMAIL_URL", "smtp+tls://me:secret@mail.example?from=alarm@house.example")
    email = environment.email("http://localhost")
    assert (email["EMAIL_HOST"], email["EMAIL_PORT"], email["EMAIL_USE_TLS"]) == ("mail.example", 587, True)
    assert email["DEFAULT_FROM_EMAIL"] == "alarm@house.example"


def test_without_an_email_server_none_is_claimed(monkeypatch):
    monkeypatch.delenv("EMAIL_URL", raising=False)
    assert environment.email("https://house.example")["EMAIL_CONFIGURED"] is False


def test_our_own_machine_is_always_an_allowed_host(monkeypatch):
    monkeypatch.setenv("ALLOWED_HOSTS", "front.example")
    allowed = environment.allowed_hosts("https://house.example")
    assert allowed == ["front.example", "localhost", "127.0.0.1", "[::1]", "house.example"]


def test_the_settings_file_is_read_and_the_environment_wins(monkeypatch, tmp_path):
    file = tmp_path / "env"
    file.write_text("# a comment\nexport PORT='8123'\nTIME_ZONE=Asia/Shanghai # ours\nBASE_URL=http://file\n")
    monkeypatch.setenv("ENV_FILE", str(file))
    monkeypatch.setenv("BASE_URL", "http://environment")
    for name in ("PORT", "TIME_ZONE"):
        monkeypatch.setenv(name, "")  # so that what is read is taken back after the test
        monkeypatch.delenv(name)
    environment.read_file()
    assert environment.port() == 8123
    assert environment.time_zone() == "Asia/Shanghai"
    assert environment.base_url(8123) == "http://environment"


def test_a_line_that_is_none_is_refused_by_its_number(monkeypatch, tmp_path):
    file = tmp_path / "env"
    file.write_text("PORT=8000\nnonsense\n")
    monkeypatch.setenv("ENV_FILE", str(file))
    monkeypatch.setenv("PORT", "8000")
    with pytest.raises(WrongSettingError, match=r"Line 2 of .* is not usable: expected NAME=value"):
        environment.read_file()


def test_a_whole_folder_of_secrets_is_read_by_the_names_that_systemd_gives(monkeypatch, tmp_path):
    (tmp_path / "holdfast_email-url").write_text("smtp://mail.example.org\n")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    monkeypatch.delenv("EMAIL_URL", raising=False)
    assert environment.read("EMAIL_URL") == "smtp://mail.example.org"


def test_a_secret_may_come_as_a_file_that_nobody_else_can_read(monkeypatch, tmp_path):
    (tmp_path / "secrets-keys").write_text(f"{FERNET}\n")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    monkeypatch.delenv("SECRETS_KEYS", raising=False)
    assert environment.secrets_keys() == [FERNET]
    assert environment.read("SECRET_KEY_THAT_IS_NOT_THERE", "default") == "default"
    (tmp_path / "secrets-keys").write_bytes(b"\xff")
    with pytest.raises(WrongSettingError, match=r"^SECRETS_KEYS is not usable"):
        environment.secrets_keys()


def test_secrets_are_made_once_and_only_we_can_read_them(tmp_path):
    places = Places(tmp_path / "data")
    places.make()
    first = places.secret("secret-key")
    assert len(first) >= 50
    assert places.secret("secret-key") == first
    assert stat.S_IMODE((places.secrets / "secret-key").stat().st_mode) == 0o600


def test_a_socket_path_that_would_be_too_long_lies_elsewhere():
    near, far = Places(Path("/srv/house")), Places(Path("/srv") / ("x" * 100))
    assert near.postgres_sockets.is_relative_to(near.data_dir)
    assert not far.postgres_sockets.is_relative_to(far.data_dir)
    assert len(str(far.valkey_socket)) < 100
    assert far.valkey_socket.parent != far.postgres_sockets
