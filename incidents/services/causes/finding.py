"""One cause, and where it is worked on."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from catalog.models import Service, System
from incidents.choices import LIVE, State
from incidents.models import Incident
from incidents.rungs import Rung
from people.models import User

#: Who acts where nobody does.
BY = "system:causes"


@dataclass(frozen=True)
class Cause:
    """What failed, as one live incident will tell it.

    title_code, values: see `texts`; values also keep the run's reason.  url: the run that failed.
    scales: (impact, urgency).  told: the people to tell.
    failed: the rung of the backup ladder; None for what no run can prove again, which a person has to end.
    """

    key: str
    title_code: str
    values: Mapping[str, Any]
    url: str
    scales: tuple[int, int]
    failed: Rung | None
    systems: Iterable[System] = ()
    services: Iterable[Service] = ()
    told: Iterable[User | None] = field(default_factory=list)


def lock_causes(*keys: str) -> None:
    """Hold these causes until the transaction ends. In one order, so that two never wait for each other."""
    with connection.cursor() as cursor:
        for key in sorted(keys):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"incidents:{key}"])


@dataclass(frozen=True)
class AtWork:
    """Where a cause is worked on.  holder: keeps its failed rungs; another one when that was merged into `incident`."""

    incident: Incident
    holder: Incident


def at_work(key: str) -> list[AtWork]:
    """The live incident of the cause, else what goes on for those of it that were merged, the newest first. Locked.

    The caller holds the cause, so none of them is merged or taken out meanwhile.
    """
    live = Incident.objects.select_for_update().filter(cause_key=key, state__in=LIVE).first()
    if live is not None:
        return [AtWork(live, live)]
    merged = Incident.objects.filter(cause_key=key, state=State.MERGED, merged_into__state__in=LIVE)
    found = []
    for pk in merged.order_by("-number").values_list("pk", flat=True):
        incident = Incident.objects.select_for_update().filter(merged=pk).first()
        if incident is not None and incident.is_live:
            found.append(AtWork(incident, Incident.objects.select_for_update().get(pk=pk)))
    return found
