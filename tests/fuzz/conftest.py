"""Rows of every kind, and who looks at them."""

from tests.admin.conftest import administrator, desk, rows  # noqa: F401 - fixtures
