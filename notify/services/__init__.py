"""Every change of messages and deliveries."""

from notify.services.reading import mark_all_read, mark_read
from notify.services.sending import hand_out, retry, send_due, take_back
from notify.services.telling import cancel, tell

__all__ = ["cancel", "hand_out", "mark_all_read", "mark_read", "retry", "send_due", "take_back", "tell"]
