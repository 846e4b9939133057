"""The admin: what every room's admin stands on, and the rows of the two lowest floors."""

from ledger.admin import rows
from ledger.admin.actions import by_service
from ledger.admin.base import LedgerAdmin, ReadOnlyAdmin, ReadOnlyInline, SignedInRequest
from ledger.admin.forms import LedgerForm, SecretField, SeenForm

__all__ = [
    "LedgerAdmin",
    "LedgerForm",
    "ReadOnlyAdmin",
    "ReadOnlyInline",
    "SecretField",
    "SeenForm",
    "SignedInRequest",
    "by_service",
    "rows",
]
