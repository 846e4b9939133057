"""Rows of telling people."""

from notify.models.attempts import Attempt
from notify.models.channels import Channel, Subscription
from notify.models.messages import Delivery, Message
from notify.models.reminders import Reminder
from notify.models.templates import Template

__all__ = ["Attempt", "Channel", "Delivery", "Message", "Reminder", "Subscription", "Template"]
