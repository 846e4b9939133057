"""Every change of messages and deliveries."""

from notify.services.telling import cancel, tell

__all__ = ["cancel", "tell"]
