"""Improvement plans: actions in phases with dates."""

import uuid
from collections.abc import Iterable
from datetime import date
from typing import NotRequired, TypedDict

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from actions.choices import EventKind
from actions.errors import PhaseInUse, Unfit
from actions.models import Action, ImprovementPlan, Phase
from actions.services.checking import TEXT_LENGTH, TITLE_LENGTH, check_owner
from actions.services.rows import Who, lock, save, write_down
from common.text import safe_line, safe_text
from common.versions import check_version, raise_version
from ledger.services import record
from people.models import User

MOST_PHASES = 30


class PhaseDetails(TypedDict):
    """One phase. id: of the one that is changed; without it, it is new."""

    id: NotRequired[uuid.UUID | None]
    title: str
    starts_on: date
    ends_on: date


@transaction.atomic
def add_plan(
    *, title: str, owner: User, by: Who, goal: str = "", phases: Iterable[PhaseDetails] = ()
) -> ImprovementPlan:
    """Begin an improvement plan. Raises Unfit with `fields`."""
    words = _checked_words(title, goal)
    plan = ImprovementPlan.objects.create(**words, owner=check_owner(owner))
    plan.refresh_from_db(fields=["number"])
    count = _write_phases(plan, list(phases))
    record(verb="improvement_plan.added", subject=plan, actor=by, data={"owner": owner.pk, "phases": count})
    return plan


@transaction.atomic
def change_plan(
    *,
    plan_id: uuid.UUID,
    by: Who,
    title: str | None = None,
    goal: str | None = None,
    owner: User | None = None,
    phases: Iterable[PhaseDetails] | None = None,
    version: int | None = None,
) -> ImprovementPlan:
    """Describe it anew. phases: whole; one that is left out is removed, unless it holds actions.

    Raises Unfit, PhaseInUse, Stale or DoesNotExist.
    """
    plan = _lock(plan_id, version)
    words = _checked_words(plan.title if title is None else title, plan.goal if goal is None else goal)
    changed: list[str] = [name for name, text in words.items() if getattr(plan, name) != text]
    for name in changed:
        setattr(plan, name, words[name])
    if owner is not None and owner.pk != plan.owner_id:
        plan.owner = check_owner(owner)
        changed.append("owner")
    parts = [*changed, "phases"] if phases is not None and _write_phases(plan, list(phases)) else changed
    if parts:
        raise_version(plan).save(update_fields=[*changed, "version"])
        record(verb="improvement_plan.changed", subject=plan, actor=by, data={"changed": parts})
    return plan


@transaction.atomic
def add_phase(
    *, plan_id: uuid.UUID, title: str, starts_on: date, ends_on: date, by: Who, version: int | None = None
) -> ImprovementPlan:
    """One more phase, where its dates put it. Raises Unfit, Stale or DoesNotExist."""
    plan = _lock(plan_id, version)
    phases = [*map(_details, plan.phases.all()), PhaseDetails(title=title, starts_on=starts_on, ends_on=ends_on)]
    return change_plan(plan_id=plan.pk, by=by, phases=sorted(phases, key=lambda each: each["starts_on"]))


@transaction.atomic
def put_into(*, action_id: uuid.UUID, phase: Phase | None, by: Who, version: int | None = None) -> Action:
    """Put an action into a phase, or take it out of its plan. There already, nothing happens. Raises Stale."""
    action = lock(action_id, version)
    if action.phase_id != (phase and phase.pk):
        before, action.phase = action.phase_id, phase
        save(action, "phase")
        values = {
            "before": str(before or ""),
            "phase": str(phase.pk) if phase else "",
            "plan": phase.plan.reference if phase else "",
        }
        write_down(action, EventKind.PLANNED, by=by, now=timezone.now(), values=values)
    return action


def _lock(plan_id: uuid.UUID, version: int | None) -> ImprovementPlan:
    plan = ImprovementPlan.objects.select_for_update(of=["self"]).get(pk=plan_id)
    check_version(plan, version)
    return plan


def _details(phase: Phase) -> PhaseDetails:
    return PhaseDetails(id=phase.pk, title=phase.title, starts_on=phase.starts_on, ends_on=phase.ends_on)


def _checked_words(title: str, goal: str) -> dict[str, str]:
    words = {"title": title.strip(), "goal": goal.strip()}
    fields: dict[str, list[str]] = {}
    if not words["title"] or len(words["title"]) > TITLE_LENGTH:
        fields["title"] = [_("Give it a title of at most %(length)s characters.") % {"length": TITLE_LENGTH}]
    if len(words["goal"]) > TEXT_LENGTH:
        fields["goal"] = [_("At most %(length)s characters.") % {"length": TEXT_LENGTH}]
    for name, check in (("title", safe_line), ("goal", safe_text)):
        try:
            check(words[name])
        except ValidationError as error:
            fields[name] = list(error.messages)
    if fields:
        raise Unfit(fields=fields)
    return words


def _write_phases(plan: ImprovementPlan, wanted: list[PhaseDetails]) -> int:
    """Make the plan's phases these, in this order. Returns how many were added, changed or removed."""
    kept = {phase.pk: phase for phase in plan.phases.select_for_update()}
    _check_phases(wanted, set(kept))
    left_out = kept.keys() - {each.get("id") for each in wanted}
    for phase in (kept[pk] for pk in left_out):
        if phase.actions.exists():
            raise PhaseInUse(phase=phase)
        phase.delete()
    count = len(left_out)
    for position, each in enumerate(wanted, start=1):
        known = kept.get(each.get("id") or uuid.UUID(int=0))
        new = {
            "position": position,
            "title": each["title"].strip(),
            "starts_on": each["starts_on"],
            "ends_on": each["ends_on"],
        }
        if known is None:
            Phase.objects.create(plan=plan, **new)
            count += 1
        elif any(getattr(known, name) != value for name, value in new.items()):
            Phase.objects.filter(pk=known.pk).update(**new)
            count += 1
    return count


def _check_phases(wanted: list[PhaseDetails], known: set[uuid.UUID]) -> None:
    problems = []
    if len(wanted) > MOST_PHASES:
        problems.append(_("A plan has at most %(count)s phases.") % {"count": MOST_PHASES})
    ids = [each["id"] for each in wanted if each.get("id")]
    if len(set(ids)) != len(ids) or not set(ids) <= known:
        problems.append(_("Name phases of this plan, each once."))
    for before, each in zip([None, *wanted], wanted, strict=False):
        title = each["title"].strip()
        if not title or len(title) > 120:
            problems.append(_("Give each phase a title of at most 120 characters."))
        try:
            safe_line(title)
        except ValidationError as error:
            problems.extend(error.messages)
        if each["ends_on"] < each["starts_on"]:
            problems.append(_("A phase cannot end before it begins."))
        if before is not None and each["starts_on"] < before["starts_on"]:
            problems.append(_("Phases begin one after the other."))
    if problems:
        raise Unfit(fields={"phases": list(dict.fromkeys(problems))})
