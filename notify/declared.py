"""Kinds of messages that this floor and those below it send."""

from django.utils.translation import gettext_lazy as _

from notify.events import Event, declare

REMINDED = {"due_at": "due_at", "days": "days", "owner": "owner"}


def declare_own() -> None:
    """Make them known."""
    declare(
        Event("catalog.document_ends", _("A document ends"), REMINDED),
        Event("catalog.review_due", _("A service is due for review"), REMINDED),
        Event("people.key_ends", _("An API key ends"), REMINDED),
        Event("people.account_ends", _("An account ends"), REMINDED),
        Event("people.roster_gap", _("Nobody has a duty"), REMINDED),
        Event(
            "people.hand_over", _("A duty was handed over"), {"before": "before", "after": "after", "until": "until"}
        ),
        Event("reminder", _("Any other reminder"), REMINDED),
        Event(
            "people.superuser_signed_in",
            _("The break-glass account signed in"),
            {"at": "at", "address": "address"},
            is_for_channels=True,
        ),
        Event(
            "ledger.head",
            _("The newest head of the ledger"),
            {"number": "number", "head": "head", "sealed_at": "sealed_at"},
            is_for_channels=True,
        ),
        Event("notify.not_delivered", _("A message was not delivered"), {"person": "person", "thing": "thing"}),
        Event("notify.channel_off", _("A channel was switched off"), {"answer": "answer"}),
        Event("notify.channel_test", _("Test of a channel"), {"by": "by"}),
    )
