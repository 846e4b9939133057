"""Backups in the admin: set up through the room's services; runs and copies are only read."""

from backups.admin import policies, records, repositories

__all__ = ["policies", "records", "repositories"]
