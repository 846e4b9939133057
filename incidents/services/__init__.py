"""Every change of incidents."""

from incidents.services.answering import add_file, answer
from incidents.services.attaching import attach, take_in
from incidents.services.authorities import (
    add_proof,
    approve_report,
    draft_report,
    drafted_text,
    keep_authority,
    need_report_again,
    note_sent,
    remind_of_reports,
    require_report,
    waive_report,
)
from incidents.services.authority_mail import mail_report, may_mail, settle_mail, settle_mailed
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
from incidents.services.listening import (
    ask_subscription,
    confirm_subscription,
    end_subscription,
    forget_unconfirmed,
)
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
from incidents.services.publishing import list_service, plan_work, set_up_status_page, unpublish, write_status_page
from incidents.services.reopening import open_again_as_new, reopen
from incidents.services.reporting import join, report
from incidents.services.reviewing import approve_review, begin_review, send_back_review, submit_review, write_review
from incidents.services.stakeholders import (
    name_stakeholder,
    subscribe_to_news,
    unname_stakeholder,
    unsubscribe_from_news,
)
from incidents.services.talking import reply, update_reporters
from incidents.services.tasks import add_task, change_task, drop_task, finish_task, place_task, reopen_task, take_task
from incidents.services.times import correct_time
from incidents.services.updating import KEEP, Words, approve_update, decline_update, post_update
from incidents.services.uploading import drop_upload, forget_uploads, keep_upload, take_uploads
from incidents.services.watching import hand_out_looks, look_at_clocks
from incidents.services.wording import keep_template, preview_template, remove_template
from incidents.services.working import assign, change_severity, describe, note

__all__ = [
    "KEEP",
    "Cause",
    "Words",
    "acknowledge",
    "add_file",
    "add_proof",
    "add_task",
    "answer",
    "approve_report",
    "approve_review",
    "approve_update",
    "ask_subscription",
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
    "confirm_subscription",
    "correct",
    "correct_time",
    "declare_major",
    "decline_update",
    "describe",
    "draft_report",
    "drafted_text",
    "drop_task",
    "drop_upload",
    "end_escalation",
    "end_subscription",
    "escalate_now",
    "evidence_collected",
    "evidence_needed",
    "evidence_not_needed",
    "export_incident",
    "finish_task",
    "follow_severity",
    "forget_unconfirmed",
    "forget_uploads",
    "hand_out_looks",
    "hand_over_role",
    "hold",
    "join",
    "keep_authority",
    "keep_deadline",
    "keep_template",
    "keep_upload",
    "lift_deadline",
    "list_service",
    "look_at_clocks",
    "lower_escalation",
    "mail_report",
    "may_mail",
    "may_still_rate",
    "merge",
    "mitigate",
    "name_stakeholder",
    "need_report_again",
    "note",
    "note_sent",
    "open_again_as_new",
    "open_for_cause",
    "place_task",
    "plan_work",
    "post_update",
    "preview_template",
    "promise",
    "prove_again",
    "rate",
    "remind_of_reports",
    "remove_template",
    "remove_view",
    "reopen",
    "reopen_task",
    "reply",
    "report",
    "require_report",
    "resolve",
    "resume",
    "resume_due",
    "save_view",
    "send_back_review",
    "set_deadline",
    "set_matrix",
    "set_up_status_page",
    "settle_mail",
    "settle_mailed",
    "stand_down",
    "still_on_it",
    "submit_review",
    "subscribe_to_news",
    "take_due_steps",
    "take_in",
    "take_task",
    "take_uploads",
    "unmerge",
    "unname_stakeholder",
    "unpublish",
    "unsubscribe_from_news",
    "update_reporters",
    "waive_report",
    "watch_silence",
    "withdraw",
    "withdraw_promise",
    "write_review",
    "write_status_page",
]
