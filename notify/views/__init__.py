"""Pages of messages, of how they were delivered, and of channels."""

from notify.views.channels import ChannelsPage, TryChannel
from notify.views.deliveries import DeliveriesPage, DeliveryPage, RetryDelivery
from notify.views.messages import MessagesPage, OpenMessage, ReadAll

__all__ = [
    "ChannelsPage",
    "DeliveriesPage",
    "DeliveryPage",
    "MessagesPage",
    "OpenMessage",
    "ReadAll",
    "RetryDelivery",
    "TryChannel",
]
