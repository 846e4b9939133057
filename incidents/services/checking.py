"""What no change of an incident may lack."""

from django.utils.translation import gettext as _

from incidents.errors import Unfit


def check_reason(reason: str, field: str = "reason") -> None:
    """Raises Unfit when nobody could know why."""
    if not reason.strip():
        raise Unfit(fields={field: [_("Say why, in a few words.")]})
