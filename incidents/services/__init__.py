"""Every change of incidents."""

from incidents.services.attaching import attach
from incidents.services.causes import Cause, open_for_cause, prove_again
from incidents.services.moves import acknowledge, cancel, close, hold, mitigate, reopen, resolve, resume, resume_due
from incidents.services.reporting import join, report
from incidents.services.talking import reply, update_reporters
from incidents.services.working import assign, change_severity, describe, note

__all__ = [
    "Cause",
    "acknowledge",
    "assign",
    "attach",
    "cancel",
    "change_severity",
    "close",
    "describe",
    "hold",
    "join",
    "mitigate",
    "note",
    "open_for_cause",
    "prove_again",
    "reopen",
    "reply",
    "report",
    "resolve",
    "resume",
    "resume_due",
    "update_reporters",
]
