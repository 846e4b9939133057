"""What people and channels are told, in the admin."""

from notify.admin import channels, messages, templates

__all__ = ["channels", "messages", "templates"]
