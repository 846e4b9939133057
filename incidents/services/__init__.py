"""Every change of incidents."""

from incidents.services.answering import answer
from incidents.services.attaching import attach, take_in
from incidents.services.causes import Cause, open_for_cause, prove_again
from incidents.services.correcting import correct, may_still_rate, rate, withdraw
from incidents.services.escalation import (
    begin_escalation,
    call_or_tell,
    end_escalation,
    escalate_now,
    follow_severity,
    lower_escalation,
    still_on_it,
    take_due_steps,
    watch_silence,
)
from incidents.services.lists import begin_with, change_view, remove_view, save_view
from incidents.services.moves import acknowledge, cancel, close, hold, mitigate, reopen, resolve, resume, resume_due
from incidents.services.promising import (
    begin_promises,
    change_promise,
    keep_deadline,
    lift_deadline,
    promise,
    set_deadline,
    withdraw_promise,
)
from incidents.services.reporting import join, report
from incidents.services.talking import reply, update_reporters
from incidents.services.uploading import drop_upload, forget_uploads, keep_upload, take_uploads
from incidents.services.watching import hand_out_looks, look_at_clocks
from incidents.services.working import assign, change_severity, describe, note

__all__ = [
    "Cause",
    "acknowledge",
    "answer",
    "assign",
    "attach",
    "begin_escalation",
    "begin_promises",
    "begin_with",
    "call_or_tell",
    "cancel",
    "change_promise",
    "change_severity",
    "change_view",
    "close",
    "correct",
    "describe",
    "drop_upload",
    "end_escalation",
    "escalate_now",
    "follow_severity",
    "forget_uploads",
    "hand_out_looks",
    "hold",
    "join",
    "keep_deadline",
    "keep_upload",
    "lift_deadline",
    "look_at_clocks",
    "lower_escalation",
    "may_still_rate",
    "mitigate",
    "note",
    "open_for_cause",
    "promise",
    "prove_again",
    "rate",
    "remove_view",
    "reopen",
    "reply",
    "report",
    "resolve",
    "resume",
    "resume_due",
    "save_view",
    "set_deadline",
    "still_on_it",
    "take_due_steps",
    "take_in",
    "take_uploads",
    "update_reporters",
    "watch_silence",
    "withdraw",
    "withdraw_promise",
]
