"""The settings that an operator may give by environment, each read and checked in one place.

`docs/settings.md` prints the same table; a test keeps the two alike.
"""

from config.environment.keeping import (
    attempts_kept,
    data_dir,
    default_data_dir,
    run_output_kept,
    secret_key,
    secrets_keys,
)
from config.environment.network import listen, metrics_networks, outgoing_ca_file, trusted_proxies
from config.environment.pages import (
    LANGUAGES,
    WorkingHours,
    allowed_hosts,
    answers_kept,
    base_url,
    incidents_closed_after,
    incidents_reopened_within,
    is_loopback,
    messages_kept,
    organisation,
    port,
    proof_max_age,
    review_required,
    time_zone,
    working_hours,
)
from config.environment.reading import BASE_DIR, choice, read, read_file
from config.environment.servers import Redis, database, email, redis_addresses
from config.environment.sign_in import directory, issuer
from config.environment.table import EXPECTED, SETTINGS, Setting, WrongSettingError, table

__all__ = [
    "BASE_DIR",
    "EXPECTED",
    "LANGUAGES",
    "SETTINGS",
    "Redis",
    "Setting",
    "WorkingHours",
    "WrongSettingError",
    "allowed_hosts",
    "answers_kept",
    "attempts_kept",
    "base_url",
    "choice",
    "data_dir",
    "database",
    "default_data_dir",
    "directory",
    "email",
    "incidents_closed_after",
    "incidents_reopened_within",
    "is_loopback",
    "issuer",
    "listen",
    "messages_kept",
    "metrics_networks",
    "organisation",
    "outgoing_ca_file",
    "port",
    "proof_max_age",
    "read",
    "read_file",
    "redis_addresses",
    "review_required",
    "run_output_kept",
    "secret_key",
    "secrets_keys",
    "table",
    "time_zone",
    "trusted_proxies",
    "working_hours",
]
