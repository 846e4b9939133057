"""Names of background jobs. All of them may take long, so they have a queue of their own."""

CARRY_OUT = "backups.carry_out"
CLEAN_UP = "backups.clean_up"

QUEUE = "verify"
