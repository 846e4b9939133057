"""Words of actions, and the table of allowed moves."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class State(models.TextChoices):
    """Where an action stands."""

    OPEN = "open", pgettext_lazy("state of an action", "Open")
    IN_PROGRESS = "in_progress", _("In progress")
    DONE = "done", _("Done, not proven")
    VERIFIED = "verified", _("Verified")
    RISK_ACCEPTED = "risk_accepted", _("Risk accepted")
    CANCELLED = "cancelled", _("Cancelled")


#: Somebody still has to do it.
TO_DO = (State.OPEN, State.IN_PROGRESS)
#: Something is still missing: the work, or its proof.
UNFINISHED = (*TO_DO, State.DONE)

#: From each state, where an action may go next. The only place this is written.
NEXT = {
    State.OPEN: {State.IN_PROGRESS, State.DONE, State.RISK_ACCEPTED, State.CANCELLED},
    State.IN_PROGRESS: {State.DONE, State.RISK_ACCEPTED, State.CANCELLED},
    State.DONE: {State.VERIFIED, State.OPEN, State.RISK_ACCEPTED},
    State.VERIFIED: {State.OPEN},
    State.RISK_ACCEPTED: {State.OPEN},
    State.CANCELLED: {State.OPEN},
}
#: From where a proof that arrives verifies, whether or not somebody said that it is done.
PROVABLE = (*UNFINISHED, State.RISK_ACCEPTED)


class Kind(models.TextChoices):
    """What has to be done, and so what alone proves it."""

    CHANGE_PLAN = "change_plan", _("Change the plan")
    FIX_BACKUP = "fix_backup", _("Fix the backup")
    REVOKE_ACCESS = "revoke_access", _("Revoke the access")
    RETEST = "retest", _("Test it again")
    OTHER = "other", _("Something else")


class ProofKind(models.TextChoices):
    """What showed that it was done."""

    PLAN_VERSION = "plan_version", _("Published version of a plan")
    RESTORE_TEST = "restore_test", _("Passed restore test")
    SNAPSHOT = "snapshot", _("Snapshot without the access")
    DRILL = "drill", _("Drill")
    PERSON = "person", _("Second person")


#: What proves each kind. Only `PERSON` is a person's word; all else arrives by itself.
PROVEN_BY = {
    Kind.CHANGE_PLAN: {ProofKind.PLAN_VERSION},
    Kind.FIX_BACKUP: {ProofKind.RESTORE_TEST},
    Kind.REVOKE_ACCESS: {ProofKind.SNAPSHOT},
    Kind.RETEST: {ProofKind.RESTORE_TEST, ProofKind.DRILL},
    Kind.OTHER: {ProofKind.PERSON},
}
#: Kinds whose proof arrives for one thing: without it nothing could ever prove them.
ABOUT_ONE_THING = (Kind.FIX_BACKUP, Kind.REVOKE_ACCESS, Kind.RETEST)
#: What a person reads about how it will be proven.
HOW_PROVEN = {
    Kind.CHANGE_PLAN: _("A published version of a plan that names this action verifies it."),
    Kind.FIX_BACKUP: _("A restore test that passes verifies it."),
    Kind.REVOKE_ACCESS: _("A snapshot in which the access is gone verifies it."),
    Kind.RETEST: _("A later test of the same thing that passes verifies it."),
    Kind.OTHER: _("A second person looks at it and says what shows that it was done."),
}


class SourceKind(models.TextChoices):
    """Where an action came from."""

    NONE = "", _("Own idea")
    INCIDENT = "incident", _("Incident")
    RESTORE_TEST = "restore_test", _("Restore test")
    DRILL = "drill", _("Drill")
    REVIEW = "review", _("Review")
    CAMPAIGN = "campaign", _("Access review")
    AUDIT = "audit", _("Audit")


class EventKind(models.TextChoices):
    """What one entry of an action's history says."""

    OPENED = "opened", _("Opened")
    STARTED = "started", _("Begun")
    DONE = "done", _("Said to be done")
    VERIFIED = "verified", _("Verified")
    ACCEPTED = "accepted", _("Risk accepted")
    CANCELLED = "cancelled", _("Cancelled")
    REOPENED = "reopened", _("Opened again")
    REASSIGNED = "reassigned", _("Handed over")
    POSTPONED = "postponed", _("Postponed")
    CHANGED = "changed", _("Details changed")
    PLANNED = "planned", _("Put into a plan")
