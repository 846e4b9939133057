"""When things really happened: they are corrected with a reason, and stay in order."""

import uuid
from datetime import datetime
from itertools import combinations

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from incidents.choices import NOT_OUT, EventKind
from incidents.errors import Unfit
from incidents.models import Incident
from incidents.services.checking import check_reason
from incidents.services.moving import check_in
from incidents.services.rows import Who, lock, save, write_down
from incidents.times import check_occurred

#: In the order in which they happen.
IN_ORDER: dict[str, str | Promise] = {
    "occurred_at": gettext_lazy("it began"),
    "detected_at": gettext_lazy("it was noticed"),
    "mitigated_at": gettext_lazy("it was mitigated"),
    "resolved_at": gettext_lazy("it was resolved"),
}
#: The last of all, which nobody corrects.
ORDER: dict[str, str | Promise] = {**IN_ORDER, "closed_at": gettext_lazy("it was closed")}
#: Set by a move alone; afterwards they may be corrected.
BY_MOVE = ("mitigated_at", "resolved_at")


@transaction.atomic
def correct_time(
    *, incident_id: uuid.UUID, which: str, at: datetime, reason: str, by: Who, version: int | None = None
) -> Incident:
    """Say when something really happened.  which: a name of `IN_ORDER`; mitigated and resolved only once they are.

    The timeline keeps both times and the reason: {"field": name, "before": ISO 8601 or "", "after": ISO 8601}.
    Raises NotFromHere for what left the track, Unfit with `fields` for a time to come, or one out of order.
    """
    check_reason(reason)
    now = timezone.now()
    incident = lock(incident_id, version)
    check_in(incident, NOT_OUT)
    if which not in IN_ORDER:
        raise Unfit(fields={"which": [_("Choose one of the times.")]})
    before: datetime | None = getattr(incident, which)
    if before is None and which in BY_MOVE:
        raise Unfit(fields={"which": [_("This has not happened yet. It gets its time when it does.")]})
    latest = incident.reported_at if which == "occurred_at" else now
    setattr(incident, which, checked_past(at, latest, field="at"))
    check_order(incident, which, field="at")
    if getattr(incident, which) == before:
        return incident
    save(incident, which)
    values = {"field": which, "before": before.isoformat() if before else "", "after": at.isoformat()}
    write_down(
        incident, EventKind.CHANGED, verb="incident.time_corrected", by=by, now=now, text=reason.strip(), values=values
    )
    return incident


def checked_past(at: datetime, now: datetime, *, field: str) -> datetime:
    """A time that has passed; one that a wrong clock puts a little ahead is now. Raises Unfit for all others."""
    check_occurred(at, now=now, field=field)
    return min(at, now)


def check_order(incident: Incident, *changed: str, field: str = "") -> None:
    """Raises Unfit when what comes later would be earlier, beside the field that was changed, or under `field`."""
    for earlier, later in combinations(ORDER, 2):
        one, other = getattr(incident, earlier), getattr(incident, later)
        if one is None or other is None or one <= other or not {earlier, later} & set(changed):
            continue
        words = {"later": ORDER[later], "earlier": ORDER[earlier]}
        said = _("It cannot be that %(later)s before %(earlier)s.") % words
        raise Unfit(fields={field or next(name for name in (earlier, later) if name in changed): [said]})
