"""Names of background jobs."""

SEND_PASSWORD_RESET = "people.send_password_reset"  # noqa: S105  a name
