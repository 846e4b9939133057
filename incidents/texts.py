"""What Holdfast itself says about incidents: kept as a code with values, read in the reader's language."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.functional import Promise, lazy
from django.utils.translation import gettext_lazy as _

from backups.choices import Level, RunKind, StepName
from backups.errors import sentence as run_sentence
from common import own_names
from incidents.choices import EventKind, RoleName, State
from ledger.choices import Problem
from people.choices import Whom

#: code → title of an incident that Holdfast opened. Their words also tell what failed again.
TITLES: dict[str, Promise] = {
    "backup_fail": _("Backup “%(policy)s” failed: %(step)s"),
    "backup_error": _("Backup “%(policy)s” could not be carried out: %(step)s"),
    "check_fail": _("Check of “%(policy)s” failed: %(step)s"),
    "check_error": _("Check of “%(policy)s” could not be carried out: %(step)s"),
    "restore_test_fail": _("Restore test of “%(policy)s” failed: %(step)s"),
    "restore_test_error": _("Restore test of “%(policy)s” could not be carried out: %(step)s"),
    "repository_error": _("The repository “%(repository)s” cannot be reached"),
    "ledger_entry": _("The ledger is not whole: entry %(entry)s"),
    "ledger_seal": _("The ledger is not whole: seal %(seal)s"),
    "ledger": _("The ledger is not whole"),
}

#: A step that did not hold, in words that fit behind a colon. The labels of steps say what was reached.
STEPS: dict[str, Promise] = {
    StepName.CONNECT: _("the source could not be reached"),
    StepName.CANARY: _("the canary could not be written"),
    StepName.DUMP: _("the database could not be saved"),
    StepName.FILES: _("the files could not be saved"),
    StepName.STORE: _("the copy could not be stored"),
    StepName.PRUNE: _("old copies could not be removed"),
    StepName.PRESENT: _("no fresh copy is there"),
    StepName.SIZE: _("the size is not plausible"),
    StepName.DIGEST: _("the bytes are not those that were stored"),
    StepName.STRUCTURE: _("the dump is not well-formed"),
    StepName.ARCHIVE: _("the archive is not well-formed"),
    StepName.SANDBOX: _("the sandbox could not be made"),
    StepName.CLUSTER: _("the empty database cluster could not be made"),
    StepName.FETCH: _("the copy could not be fetched"),
    StepName.VERIFY: _("the checksums do not match"),
    StepName.RESTORE: _("the database could not be restored"),
    StepName.RESTORE_FILES: _("the files could not be restored"),
    StepName.ASSERT: _("the restored content is not what was expected"),
    StepName.DESTROY: _("the sandbox could not be removed"),
}
UNKNOWN_STEP = _("before its first step")
#: Where the reason says more than the step that it ended: reason code → the same kind of words.
REASONS: dict[str, Promise] = {
    "wrong_credential": _("the source refused the user name or the password"),
    "unknown_database": _("the source has no such database"),
    "encryption_refused": _("no encrypted connection to the source came about"),
    "source_refused": _("the source let nobody in"),
    "source_busy": _("the source takes no more connections"),
}

#: What sentences may name.
NAMED = ("name", "run", "before", "after", "until", "due", "proved", "what", "team", "whom")

#: State that was reached → what happened.
MOVES: dict[str, Promise] = {
    State.TRIAGE: _("Opened again"),
    State.ACTIVE: _("Work goes on"),
    State.ON_HOLD: _("Put on hold until %(until)s"),
    State.MITIGATED: _("Mitigated: the worst is over"),
    State.RESOLVED: _("Resolved"),
    State.IN_REVIEW: _("In review"),
    State.CLOSED: _("Closed"),
    State.CANCELLED: _("Cancelled"),
    State.MERGED: _("Merged into %(what)s"),
}
EVENTS: dict[str, Promise] = {
    EventKind.REPORTED: _("Reported by %(name)s"),
    EventKind.OPENED: _("Opened by Holdfast: %(what)s"),
    EventKind.ACKNOWLEDGED: _("Acknowledged by %(name)s"),
    EventKind.NOTE: _("Note"),
    EventKind.UPDATE: _("Update to the people who reported it"),
    EventKind.REPLY: _("Answer of the reporter"),
    EventKind.SEVERITY: _("Severity changed from %(before)s to %(after)s"),
    EventKind.FAILED_AGAIN: _("Failed again: %(what)s"),
    EventKind.PROVEN_AGAIN: _("Proven again by %(run)s: %(proved)s"),
    EventKind.JOINED: _("%(name)s has it too"),
    EventKind.ASSIGNED: _("%(name)s is in charge now"),
    EventKind.CHANGED: _("Details changed"),
    EventKind.MERGED: _("Took in %(what)s"),
    EventKind.UNMERGED: _("%(what)s is an incident of its own again"),
    EventKind.MAJOR: _("Declared a major incident"),
    EventKind.ROLE: _("%(name)s is %(what)s now"),
    EventKind.TASK: _("Task: %(what)s"),
    EventKind.ATTACHED: _("Added %(what)s"),
    EventKind.CORRECTED: _("The reporter corrected the report"),
    EventKind.MAIL: _("%(name)s wrote by mail"),
    EventKind.RATED: _("Rated by the reporter"),
    EventKind.ESCALATED: _("Escalated to %(name)s"),
    EventKind.CLOCK: _("Time limit: %(what)s"),
    EventKind.STAKEHOLDERS: _("Update to stakeholders"),
    EventKind.PUBLISHED: _("Update on the status page"),
    EventKind.AUTHORITY: _("Report to an authority: %(what)s"),
    EventKind.EVIDENCE: _("Evidence: %(what)s"),
    EventKind.REVIEW: _("Review: %(what)s"),
}
#: (clock, what became of it) → what happened.
CLOCKS: dict[tuple[str, str], Promise] = {
    ("acknowledge", "over"): _("Nobody took it over in time: that was due %(due)s"),
    ("update", "over"): _("The next update is late: it was due %(due)s"),
    ("resolve", "over"): _("Not resolved in time: that was due %(due)s"),
    ("resolve", "set"): _("Has to be resolved by %(due)s"),
    ("resolve", "lifted"): _("Does not have to be resolved by %(due)s any more"),
}
#: What was done to call somebody → what happened. For the step that names nobody, its kind says who was meant.
CALLS: dict[str, Promise] = {
    "called": _("Called %(name)s (step %(step)s, round %(round)s)"),
    "unreached": _("Could not call %(name)s (step %(step)s, round %(round)s): no way of contact works"),
    "nobody": _("Step %(step)s, round %(round)s had nobody to call: %(whom)s"),
    "reminded": _("Nothing was heard for a while: %(name)s was reminded on every channel"),
    "again": _("Nobody seems to be on it: the calls begin again"),
    "answered": _("%(name)s is on it"),
    "ran_out": _("Nobody answered the calls. Everybody who works on incidents was told."),
    "stale": _("Calls were due too long ago to be made. Everybody who works on incidents was told."),
}
#: What was said about one item of the evidence.
EVIDENCE_STEPS: dict[str, Promise] = {
    "collected": _("%(name)s is there"),
    "not_needed": _("%(name)s is not needed"),
    "needed": _("%(name)s is needed"),
}
#: What happened to the review.
REVIEW_STEPS: dict[str, Promise] = {
    "submitted": _("sent for approval"),
    "sent_back": _("sent back"),
    "approved": _("approved"),
}
#: What happened to a report to an authority.
AUTHORITY_STEPS: dict[str, Promise] = {
    "required": _("%(name)s has to be told"),
    "drafted": _("%(name)s, written"),
    "approved": _("%(name)s, approved"),
    "sending": _("%(name)s, on its way by mail"),
    "returned": _("%(name)s, did not arrive"),
    "sent": _("%(name)s, sent"),
    "sent_late": _("%(name)s, sent too late"),
    "proven": _("%(name)s, proof added"),
    "not_needed": _("%(name)s, not needed"),
}
#: Whoever knows the address may answer: without a sign-in nobody knows who it was.
REPLY_BY_LINK = _("Answer by the tracking link")
REPLY_OF_MERGED = _("Answer of the reporter of %(what)s")
ASKS_TO_WITHDRAW = _("The reporter asks to take the report back")
WITHDRAWN = _("Taken back by the reporter")
ENTERED_FOR = _("Reported by %(name)s, entered by %(entered_by)s")
ADDED_BY_LINK = _("Added %(what)s by the tracking link")
RATED = _("The reporter gave %(stars)s of 5")
#: What comes by mail is from an address, which proves nobody.
MAIL_GUESSED = _("The mail names %(guessed)s, and nothing proves that it belongs there")
MAIL_LEFT_OUT = _("Not everything of the mail could be taken over")
RESOLVED_BY_SYSTEM = _("Resolved by Holdfast: what had failed is proven again by %(run)s")
REOPENED_BY_SYSTEM = _("Opened again by Holdfast: %(what)s")
RESUMED_BY_SYSTEM = _("The time on hold is over")
RESUMED_BY_ANSWER = _("Goes on: it waited for this answer")
UNMERGED = _("On its own again, no longer part of %(what)s")
TO_TEAM = _("Handed over to the team %(team)s")
TO_BOTH = _("%(name)s of the team %(team)s is in charge now")
STOOD_DOWN = _("No longer a major incident")
ROLE_LEFT = _("Nobody is %(what)s any more; it was %(before)s")
#: How a task changed → what is said of it.
TASKS: dict[str, Promise] = {
    "added": _("Task added: %(what)s"),
    "changed": _("Task changed: %(what)s"),
    "open": _("Task opened again: %(what)s"),
    "doing": _("%(name)s does the task: %(what)s"),
    "done": _("Task done: %(what)s"),
    "dropped": _("Task dropped: %(what)s"),
}
CLOSED_BY_SYSTEM = _("Closed by Holdfast: nobody opened it again")
#: Column of a time that was corrected → what is said of it.
TIMES: dict[str, Promise] = {
    "occurred_at": _("Corrected: it began on %(after)s (before: %(before)s)"),
    "detected_at": _("Corrected: it was noticed on %(after)s (before: %(before)s)"),
    "mitigated_at": _("Corrected: it was mitigated on %(after)s (before: %(before)s)"),
    "resolved_at": _("Corrected: it was resolved on %(after)s (before: %(before)s)"),
}
UNKNOWN_TIME = _("unknown")


def sentence(code: str, values: Mapping[str, Any]) -> str:
    """The title of a stored code, in the active language. An unknown code stands for itself."""
    template = TITLES.get(code)
    if template is None:
        return code
    words = REASONS.get(values.get("reason_code", "")) or STEPS.get(values.get("step", ""), UNKNOWN_STEP)
    return str(template) % {"policy": "", "repository": "", **values, "step": str(words)}


def in_english(code: str, values: Mapping[str, Any]) -> str:
    """The same for what is kept in one language: search, exports, the ledger."""
    with translation.override("en"):
        return sentence(code, values)


def event(kind: str, values: Mapping[str, Any]) -> str:
    """What one entry of the timeline says, in the active language, apart from what a person wrote."""
    template = _template(kind, values)
    filled = {**dict.fromkeys(NAMED, ""), **values}
    if values.get("code"):
        filled["what"] = sentence(values["code"], values)
    if values.get("until_at"):
        filled["until"] = _moment(values["until_at"])
    if values.get("due_at"):
        filled["due"] = _moment(values["due_at"])
    if values.get("said") == "nobody":
        filled["whom"] = str(Whom(values["what"]).label)
    if values.get("role"):
        filled["what"] = RoleName(values["role"]).label
    if values.get("field") in TIMES:
        filled |= {name: _moment(values[name]) for name in ("before", "after")}
    if kind == EventKind.AUTHORITY and values.get("step") in AUTHORITY_STEPS:
        filled["what"] = AUTHORITY_STEPS[values["step"]] % {"name": filled["what"]}
    elif values.get("step") in EVIDENCE_STEPS:
        filled["what"] = EVIDENCE_STEPS[values["step"]] % {"name": own_names.shown(values.get("name", ""))}
    elif values.get("step") in REVIEW_STEPS:
        filled["what"] = str(REVIEW_STEPS[values["step"]])
    if "rung" in values:
        filled["proved"] = rung(values["rung"])
    return str(template) % filled


def reason(values: Mapping[str, Any]) -> str:
    """Why a run ended as it did, as the run itself says it, or what is wrong with the ledger. Empty if not known."""
    if values.get("problem"):
        return str(Problem(values["problem"]).label) % values
    code = values.get("reason_code", "")
    return run_sentence(code, values.get("reason_values", {})) if code else ""


#: The same, put into words when they are read: messages are written in each person's language.
sentence_later = lazy(sentence, str)
reason_later = lazy(reason, str)


def rung(values: Mapping[str, Any]) -> str:
    """A rung of the ladder by name, e.g. "Check: Bytes intact"."""
    kind, level = RunKind(values["kind"]).label, values.get("level")
    if level is None:
        return str(kind)
    return str(_("%(kind)s, %(level)s") % {"kind": kind, "level": Level(level).label})


def _special(kind: str, values: Mapping[str, Any]) -> str | Promise | None:
    """What is said where a kind of entry has more than one sentence."""
    if kind == EventKind.ASSIGNED and values.get("team"):
        return TO_BOTH if values["name"] else TO_TEAM
    if kind == EventKind.MAJOR and values.get("is_over"):
        return STOOD_DOWN
    if kind == EventKind.ROLE and not values.get("name"):
        return ROLE_LEFT
    return TASKS.get(values.get("how", "")) if kind == EventKind.TASK else None


def _moment(stored: str) -> str:
    if not stored:
        return str(UNKNOWN_TIME)
    return date_format(timezone.localtime(datetime.fromisoformat(stored)), "DATETIME_FORMAT")


def _template(kind: str, values: Mapping[str, Any]) -> str | Promise:
    if kind == EventKind.ESCALATED and values.get("said") in CALLS:
        return CALLS[values["said"]]
    if kind == EventKind.REPLY and values.get("what"):
        return REPLY_OF_MERGED
    if kind == EventKind.REPLY and values.get("by_link"):
        return REPLY_BY_LINK
    if kind == EventKind.REPLY and values.get("asks_to_withdraw"):
        return ASKS_TO_WITHDRAW
    if kind == EventKind.REPORTED and values.get("entered_by"):
        return ENTERED_FOR
    if kind == EventKind.ATTACHED and values.get("by_link"):
        return ADDED_BY_LINK
    if kind == EventKind.RATED and values.get("stars"):
        return RATED
    if kind == EventKind.CLOCK and (clock := CLOCKS.get((values.get("clock", ""), values.get("level", "")))):
        return clock
    if kind == EventKind.MAIL and ("guessed" in values or "left_out" in values):
        return MAIL_GUESSED if "guessed" in values else MAIL_LEFT_OUT
    if kind == EventKind.CHANGED and values.get("field") in TIMES:
        return TIMES[values["field"]]
    if kind != EventKind.MOVED:
        return _special(kind, values) or EVENTS[kind]
    if values.get("by_reporter"):
        return WITHDRAWN
    if values.get("from") == State.MERGED:
        return UNMERGED
    if values.get("by_answer"):
        return RESUMED_BY_ANSWER
    if values.get("by_system"):
        by_system = {
            State.RESOLVED: RESOLVED_BY_SYSTEM,
            State.TRIAGE: REOPENED_BY_SYSTEM,
            State.ACTIVE: RESUMED_BY_SYSTEM,
            State.CLOSED: CLOSED_BY_SYSTEM,
        }
        return by_system[values["to"]]
    return MOVES[values["to"]]
