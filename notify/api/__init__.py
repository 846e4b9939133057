"""Messages, deliveries, reminders, channels and texts over HTTP."""

from notify.api.channels import Channels, Subscriptions
from notify.api.messages import Deliveries, Messages, Reminders
from notify.api.templates import Templates

__all__ = ["Channels", "Deliveries", "Messages", "Reminders", "Subscriptions", "Templates"]
