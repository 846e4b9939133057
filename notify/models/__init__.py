"""Rows of telling people."""

from notify.models.messages import Delivery, Message
from notify.models.reminders import Reminder

__all__ = ["Delivery", "Message", "Reminder"]
