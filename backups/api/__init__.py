"""Backups as programs see them."""
