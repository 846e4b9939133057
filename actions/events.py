"""Kinds of messages that actions send. They go to people only: an action may be restricted."""

from django.utils.translation import gettext_lazy as _

from notify.events import Event, declare

OF_ACTIONS = {
    "reference": "action.reference",
    "title": "action.title",
    "due_on": "action.due_on",
    "state": "action.state",
}
EXAMPLES = {"reference": "A-0042", "title": "Test the restore again", "due_on": "2026-03-10", "state": "open"}
OF_REMINDERS = {"title": "title", "due_at": "due_at", "days": "days", "owner": "owner"}
REMINDED = {"title": "Test the restore again", "due_at": "2026-03-10", "days": "3"}


def declare_own() -> None:
    """Make them known."""
    declare(
        Event("action.assigned", _("An action was given to somebody"), OF_ACTIONS, EXAMPLES),
        Event("action.to_verify", _("An action waits for a second person"), OF_ACTIONS, EXAMPLES),
        Event("action.verified", _("An action was verified"), OF_ACTIONS, EXAMPLES),
        Event("action.risk_over", _("The time of an accepted risk is over"), OF_ACTIONS, EXAMPLES),
        Event("action.due", _("Reminder: an action is due"), OF_REMINDERS, REMINDED),
        Event("action.unproven", _("Reminder: an action is not proven"), OF_REMINDERS, REMINDED),
        Event("action.risk_ends", _("Reminder: an accepted risk runs out"), OF_REMINDERS, REMINDED),
    )
