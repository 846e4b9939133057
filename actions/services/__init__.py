"""Every change of actions and improvement plans."""

from actions.services.moving import accept_risk, cancel, finish, reopen, reopen_run_out, start
from actions.services.opening import describe, open_action, postpone, reassign, set_restricted
from actions.services.planning import PhaseDetails, add_phase, add_plan, change_plan, put_into
from actions.services.proving import confirm, verify

__all__ = [
    "PhaseDetails",
    "accept_risk",
    "add_phase",
    "add_plan",
    "cancel",
    "change_plan",
    "confirm",
    "describe",
    "finish",
    "open_action",
    "postpone",
    "put_into",
    "reassign",
    "reopen",
    "reopen_run_out",
    "set_restricted",
    "start",
    "verify",
]
