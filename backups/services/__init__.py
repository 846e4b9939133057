"""Every change of backups."""

from backups.services.carrying import carry_out, interrupt
from backups.services.claiming import claim_due, count_anew
from backups.services.cleaning import clean_up
from backups.services.copies import date_copies_anew
from backups.services.own import protect_itself
from backups.services.policies import (
    FIXED_FOR_OWN,
    change_policy,
    create_policy,
    pause_policy,
    resume_policy,
    set_source_secret,
)
from backups.services.repositories import change_repository, create_repository
from backups.services.requesting import queue_again, request_run, take_back
from backups.services.scheduling import remove_schedule, set_schedule

__all__ = [
    "FIXED_FOR_OWN",
    "carry_out",
    "change_policy",
    "change_repository",
    "claim_due",
    "clean_up",
    "count_anew",
    "create_policy",
    "create_repository",
    "date_copies_anew",
    "interrupt",
    "pause_policy",
    "protect_itself",
    "queue_again",
    "remove_schedule",
    "request_run",
    "resume_policy",
    "set_schedule",
    "set_source_secret",
    "take_back",
]
