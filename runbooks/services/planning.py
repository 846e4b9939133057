"""Plans and what they are for."""

import re
import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.models import Service, System
from common.versions import check_version, raise_version
from ledger.services import Actor, record
from people.models import User
from runbooks.choices import Scenario
from runbooks.errors import Unfit
from runbooks.models import Plan
from runbooks.services.basis import refresh_basis, subjects_of

#: An owner that is not given, where None means nobody.
KEEP: Any = object()
REFERENCE = re.compile(r"[A-Z0-9][A-Z0-9-]{0,19}")


@transaction.atomic
def create_plan(
    *,
    reference: str,
    by: Actor,
    scenario: str = Scenario.OTHER,
    services: Iterable[Service] = (),
    systems: Iterable[System] = (),
    owner: User | None = None,
) -> Plan:
    """Begin a plan. It helps nobody before a version is published."""
    if not REFERENCE.fullmatch(reference):
        raise Unfit(fields={"reference": [_("Use capital letters, digits and hyphens, 20 at most.")]})
    if Plan.objects.filter(reference=reference).exists():
        raise Unfit(fields={"reference": [_("Another plan has this reference.")]})
    if scenario not in Scenario.values:
        raise Unfit(fields={"scenario": [_("There is no such scenario.")]})
    plan = Plan.objects.create(reference=reference, scenario=scenario, owner=owner)
    plan.services.set(services)
    plan.systems.set(systems)
    record(verb="plan.created", subject=plan, actor=by, data={"scenario": scenario, **_named(plan)})
    return plan


@transaction.atomic
def change_plan(
    *,
    plan_id: uuid.UUID,
    by: Actor,
    services: Iterable[Service] | None = None,
    systems: Iterable[System] | None = None,
    scenario: str | None = None,
    owner: User | None = KEEP,
    version: int | None = None,
    now: datetime | None = None,
) -> Plan:
    """Say what the plan is for, and whose it is. What is not given stays. Proof of what came or went turns stale."""
    now = now or timezone.now()
    plan = Plan.objects.select_for_update().get(pk=plan_id)
    check_version(plan, version)
    if scenario is not None and scenario not in Scenario.values:
        raise Unfit(fields={"scenario": [_("There is no such scenario.")]})
    before, touched = _named(plan), subjects_of(plan)
    plan.scenario, plan.owner = scenario or plan.scenario, plan.owner if owner is KEEP else owner
    raise_version(plan).save(update_fields=["scenario", "owner", "version"])
    for name, wanted in (("services", services), ("systems", systems)):
        if wanted is not None:
            getattr(plan, name).set(wanted)
    refresh_basis({(type(each), each.pk): each for each in [*touched, *subjects_of(plan)]}.values(), now)
    record(verb="plan.changed", subject=plan, actor=by, data={"before": before, "after": _named(plan)})
    return plan


def _named(plan: Plan) -> dict[str, list[str]]:
    return {
        "services": sorted(plan.services.values_list("name", flat=True)),
        "systems": sorted(plan.systems.values_list("name", flat=True)),
    }
