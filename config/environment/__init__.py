"""The settings that an operator may give by environment, each read and checked in one place.

`docs/settings.md` prints the same table; a test keeps the two alike.
"""

from config.environment.keeping import data_dir, default_data_dir, secret_key, secrets_keys
from config.environment.pages import (
    LANGUAGES,
    allowed_hosts,
    base_url,
    is_loopback,
    organisation,
    port,
    proof_max_age,
    time_zone,
)
from config.environment.reading import BASE_DIR, choice, read, read_file
from config.environment.servers import Redis, database, email, redis_addresses
from config.environment.table import EXPECTED, SETTINGS, Setting, WrongSettingError, table

__all__ = [
    "BASE_DIR",
    "EXPECTED",
    "LANGUAGES",
    "SETTINGS",
    "Redis",
    "Setting",
    "WrongSettingError",
    "allowed_hosts",
    "base_url",
    "choice",
    "data_dir",
    "database",
    "default_data_dir",
    "email",
    "is_loopback",
    "organisation",
    "port",
    "proof_max_age",
    "read",
    "read_file",
    "redis_addresses",
    "secret_key",
    "secrets_keys",
    "table",
    "time_zone",
]
