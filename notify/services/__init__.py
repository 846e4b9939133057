"""Every change of messages and deliveries."""

from notify.services.climbing import hand_out_reminders, remind_due
from notify.services.reading import mark_all_read, mark_read
from notify.services.reminding import cancel_reminders, remind
from notify.services.sending import hand_out, retry, send_due, take_back
from notify.services.telling import cancel, tell

__all__ = [
    "cancel",
    "cancel_reminders",
    "hand_out",
    "hand_out_reminders",
    "mark_all_read",
    "mark_read",
    "remind",
    "remind_due",
    "retry",
    "send_due",
    "take_back",
    "tell",
]
