"""Every change of incidents."""

from incidents.services.answering import answer
from incidents.services.attaching import attach, take_in
from incidents.services.causes import Cause, open_for_cause, prove_again
from incidents.services.closing import close, close_due
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
from incidents.services.evidence import evidence_collected, evidence_needed, evidence_not_needed
from incidents.services.exporting import export_incident
from incidents.services.holding import hold, resume, resume_due
from incidents.services.lists import begin_with, change_view, remove_view, save_view
from incidents.services.major import declare_major, hand_over_role, stand_down
from incidents.services.matrix import set_matrix
from incidents.services.merging import merge, unmerge
from incidents.services.moves import acknowledge, cancel, mitigate, resolve
from incidents.services.promising import (
    begin_promises,
    change_promise,
    keep_deadline,
    lift_deadline,
    promise,
    set_deadline,
    withdraw_promise,
)
from incidents.services.reopening import open_again_as_new, reopen
from incidents.services.reporting import join, report
from incidents.services.reviewing import approve_review, begin_review, send_back_review, submit_review, write_review
from incidents.services.talking import reply, update_reporters
from incidents.services.tasks import add_task, change_task, drop_task, finish_task, place_task, reopen_task, take_task
from incidents.services.times import correct_time
from incidents.services.uploading import drop_upload, forget_uploads, keep_upload, take_uploads
from incidents.services.watching import hand_out_looks, look_at_clocks
from incidents.services.working import assign, change_severity, describe, note

__all__ = [
    "Cause",
    "acknowledge",
    "add_task",
    "answer",
    "approve_review",
    "assign",
    "attach",
    "begin_escalation",
    "begin_promises",
    "begin_review",
    "begin_with",
    "call_or_tell",
    "cancel",
    "change_promise",
    "change_severity",
    "change_task",
    "change_view",
    "close",
    "close_due",
    "correct",
    "correct_time",
    "declare_major",
    "describe",
    "drop_task",
    "drop_upload",
    "end_escalation",
    "escalate_now",
    "evidence_collected",
    "evidence_needed",
    "evidence_not_needed",
    "export_incident",
    "finish_task",
    "follow_severity",
    "forget_uploads",
    "hand_out_looks",
    "hand_over_role",
    "hold",
    "join",
    "keep_deadline",
    "keep_upload",
    "lift_deadline",
    "look_at_clocks",
    "lower_escalation",
    "may_still_rate",
    "merge",
    "mitigate",
    "note",
    "open_again_as_new",
    "open_for_cause",
    "place_task",
    "promise",
    "prove_again",
    "rate",
    "remove_view",
    "reopen",
    "reopen_task",
    "reply",
    "report",
    "resolve",
    "resume",
    "resume_due",
    "save_view",
    "send_back_review",
    "set_deadline",
    "set_matrix",
    "stand_down",
    "still_on_it",
    "submit_review",
    "take_due_steps",
    "take_in",
    "take_task",
    "take_uploads",
    "unmerge",
    "update_reporters",
    "watch_silence",
    "withdraw",
    "withdraw_promise",
    "write_review",
]
