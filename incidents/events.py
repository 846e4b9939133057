"""Kinds of messages that incidents send."""

from django.utils.translation import gettext_lazy as _

from notify.events import Event, declare

OF_INCIDENTS = {
    "reference": "incident.reference",
    "title": "incident.shown_title",
    "severity": "incident.severity",
    "state": "incident.state",
}
EXAMPLES = {"reference": "INC-0042", "title": "Invoices are missing", "severity": "2", "state": "active"}
OF_CLOCKS = {**OF_INCIDENTS, "clock": "clock"}
OF_CAUSES = {**OF_INCIDENTS, "what": "what", "reason": "reason"}

OF_NEWS = {**OF_INCIDENTS, "text": "text"}
OF_REPORTS = {**OF_INCIDENTS, "authority": "report.authority", "due_at": "due_at"}


REVIEWED = {"reference": "incident.reference", "title": "review.title", "name": "by"}
REVIEW = {"reference": "INC-0042", "title": "Invoices are missing", "name": "Duty manager"}


def declare_own() -> None:
    """Make them known."""
    declare(
        Event("incident.reported", _("A problem was reported"), OF_INCIDENTS, EXAMPLES, is_for_channels=True),
        Event("incident.opened", _("Holdfast found a failure"), OF_CAUSES, EXAMPLES, is_for_channels=True),
        Event("incident.came_back", _("What was resolved failed again"), OF_CAUSES, EXAMPLES, is_for_channels=True),
        Event("incident.failed_again", _("Something more failed"), OF_CAUSES, EXAMPLES, is_for_channels=True),
        Event("incident.urgent", _("An incident became more severe"), OF_INCIDENTS, EXAMPLES, is_for_channels=True),
        Event(
            "incident.clock_over",
            _("A time limit of an incident is over"),
            OF_CLOCKS,
            {**EXAMPLES, "clock": "Resolve"},
            is_for_channels=True,
        ),
        Event("incident.reopened", _("An incident was opened again"), OF_INCIDENTS, EXAMPLES, is_for_channels=True),
        Event("incident.resumed", _("An incident goes on"), OF_INCIDENTS, EXAMPLES, is_for_channels=True),
        Event("incident.escalated", _("Somebody is called about an incident"), OF_INCIDENTS, EXAMPLES),
        Event("incident.forgotten", _("Nothing was heard of an incident"), OF_INCIDENTS, EXAMPLES),
        Event("incident.unanswered", _("Nobody answered the calls"), OF_INCIDENTS, EXAMPLES),
        Event("incident.to_team", _("A team got an incident"), {**OF_INCIDENTS, "team": "team"}, EXAMPLES),
        Event(
            "incident.major",
            _("An incident was declared major"),
            {**OF_INCIDENTS, "reason": "reason"},
            EXAMPLES,
            is_for_channels=True,
        ),
        Event("incident.stood_down", _("An incident is no longer major"), OF_INCIDENTS, EXAMPLES),
        Event("incident.role", _("Somebody got a role"), {**OF_INCIDENTS, "role": "role"}, EXAMPLES),
        Event("incident.role_over", _("Somebody left a role"), {**OF_INCIDENTS, "role": "role"}, EXAMPLES),
        Event("incident.merged", _("An incident became part of another"), OF_INCIDENTS, EXAMPLES),
        Event("incident.task", _("Somebody got a task"), {**OF_INCIDENTS, "task": "task.title"}, EXAMPLES),
        Event("incident.closed", _("An incident was closed by itself"), {**OF_INCIDENTS, "days": "days"}, EXAMPLES),
        Event("incident.moved", _("An incident changed its state"), OF_INCIDENTS, EXAMPLES, is_for_channels=True),
        Event("review.waiting", _("A review waits for approval"), REVIEWED, REVIEW),
        Event("review.sent_back", _("A review was sent back"), REVIEWED, REVIEW),
        Event("review.approved", _("A review was approved"), REVIEWED, REVIEW),
        Event(
            "incident.stakeholders", _("Stakeholders were told how it stands"), OF_NEWS, EXAMPLES, is_for_channels=True
        ),
        Event("status.published", _("News on the status page"), {"state": "public_state"}, is_for_channels=True),
        Event("incident.update_waits", _("News for the status page wait for approval"), OF_NEWS, EXAMPLES),
        Event("incident.update_declined", _("News for the status page were declined"), OF_NEWS, EXAMPLES),
        Event("incident.authority_due", _("A report to an authority is due"), OF_REPORTS, EXAMPLES),
        Event("incident.authority_waits", _("A report to an authority waits for approval"), OF_REPORTS, EXAMPLES),
        Event("incident.authority_returned", _("A report to an authority did not arrive"), OF_REPORTS, EXAMPLES),
        Event("incident.authority_approved", _("A report to an authority was approved"), OF_REPORTS, EXAMPLES),
    )
