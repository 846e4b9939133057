"""What a ledger that is not whole means for incidents: one of the highest severity, which only a person ends."""

from typing import Any

from django.utils import timezone

from incidents.choices import Scale
from incidents.services import Cause, open_for_cause
from people.choices import Role
from people.selectors import with_role

CAUSE_KEY = "ledger"


def take_up(*, finding: dict[str, Any]) -> None:
    """Open or feed the incident of the ledger. finding: as `ledger.signals.LEDGER_NOT_WHOLE` tells it."""
    code = next((f"ledger_{part}" for part in ("entry", "seal") if finding[part] is not None), "ledger")
    cause = Cause(
        key=CAUSE_KEY,
        title_code=code,
        values=finding,
        url="",
        scales=(Scale.HIGH, Scale.HIGH),
        failed=None,
        told=with_role(Role.ADMINISTRATOR),
    )
    open_for_cause(cause=cause, now=timezone.now())
