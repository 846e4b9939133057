"""Messages, deliveries, reminders, channels and texts over HTTP."""

from notify.api.attempts import Attempts
from notify.api.channels import Channels, Subscriptions
from notify.api.messages import Deliveries, Messages, Reminders
from notify.api.templates import Templates

__all__ = ["Attempts", "Channels", "Deliveries", "Messages", "Reminders", "Subscriptions", "Templates"]
