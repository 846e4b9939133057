"""Reads of messages, deliveries and channels."""

from notify.selectors.channels import (
    channels_that_hear,
    channels_visible_to,
    contacts_of,
    may_keep_channels,
    reminders_visible_to,
    templates_visible_to,
)
from notify.selectors.messages import (
    address_of,
    deliveries_visible_to,
    may_retry,
    messages_of,
    search,
    undelivered,
    unread_count,
    work_of,
)

__all__ = [
    "address_of",
    "channels_that_hear",
    "channels_visible_to",
    "contacts_of",
    "deliveries_visible_to",
    "may_keep_channels",
    "may_retry",
    "messages_of",
    "reminders_visible_to",
    "search",
    "templates_visible_to",
    "undelivered",
    "unread_count",
    "work_of",
]
