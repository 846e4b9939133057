"""Reads of messages, deliveries and channels."""

from notify.selectors.channels import (
    channels_that_hear,
    channels_visible_to,
    contacts_of,
    may_keep_channels,
    may_see_channels,
    reminders_visible_to,
    templates_visible_to,
)
from notify.selectors.health import Health, health_of
from notify.selectors.messages import (
    address_of,
    attempts_visible_to,
    deliveries_asked_for,
    deliveries_visible_to,
    led,
    may_retry,
    messages_asked_for,
    messages_of,
    search,
    undelivered,
    unread_count,
    work_of,
)

__all__ = [
    "Health",
    "address_of",
    "attempts_visible_to",
    "channels_that_hear",
    "channels_visible_to",
    "contacts_of",
    "deliveries_asked_for",
    "deliveries_visible_to",
    "health_of",
    "led",
    "may_keep_channels",
    "may_retry",
    "may_see_channels",
    "messages_asked_for",
    "messages_of",
    "reminders_visible_to",
    "search",
    "templates_visible_to",
    "undelivered",
    "unread_count",
    "work_of",
]
