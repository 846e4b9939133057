"""Naming the organisation, ending its first steps, and holding it after it came back from a copy."""

from datetime import datetime
from functools import partial
from typing import Any
from zoneinfo import available_timezones

from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.versions import check_version, raise_version
from ledger.services import Actor, record
from people.errors import WrongDetails
from people.models import Organisation, User
from people.selectors import organisation
from people.selectors.organisation import CACHED


@transaction.atomic
def name_organisation(
    *, name: str, time_zone: str, by: Actor, anyone_may_report: bool | None = None, version: int | None = None
) -> Organisation:
    """Say what the organisation is called, and by which clock it lives. Raises WrongDetails or Stale.

    anyone_may_report: whether people report problems without signing in; None leaves it.
    """
    row = _locked()
    check_version(row, version)
    before = _said(row)
    row.name, row.time_zone = name.strip(), time_zone
    row.anyone_may_report = row.anyone_may_report if anyone_may_report is None else anyone_may_report
    _check(row)
    after = _said(row)
    if before != after:
        raise_version(row).save(update_fields=[*after, "version"])
        record(verb="organisation.named", subject=row, actor=by, data={"before": before, "after": after})
        _forget()
    return row


@transaction.atomic
def end_set_up(*, by: Actor) -> Organisation:
    """Say that the first steps were taken. The second call changes nothing."""
    row = _locked()
    if row.set_up_at is None:
        row.set_up_at, row.set_up_by = timezone.now(), by if isinstance(by, User) else None
        row.save(update_fields=["set_up_at", "set_up_by"])
        record(verb="organisation.set_up", subject=row, actor=by)
        _forget()
    return row


@transaction.atomic
def hold(*, copy_taken_at: datetime, by: Actor) -> Organisation:
    """Let nothing go out and nothing begin by itself: this was brought back from a copy, perhaps only to try it."""
    row = _locked()
    row.held_since, row.copy_taken_at = timezone.now(), copy_taken_at
    row.save(update_fields=["held_since", "copy_taken_at"])
    record(verb="organisation.held", subject=row, actor=by, data={"copy_taken_at": copy_taken_at})
    _forget()
    return row


@transaction.atomic
def go_on(*, by: Actor) -> bool:
    """Say that this is the house that goes on: what was held goes out and begins. False when nothing was held."""
    row = Organisation.objects.select_for_update().filter(held_since__isnull=False).first()
    if row is None:
        return False
    since, row.held_since = row.held_since, None
    row.save(update_fields=["held_since"])
    record(verb="organisation.went_on", subject=row, actor=by, data={"held_since": since})
    _forget()
    return True


def _locked() -> Organisation:
    """The row, made from the settings where there is none yet."""
    now = organisation()
    Organisation.objects.bulk_create([Organisation(name=now.name, time_zone=now.time_zone)], ignore_conflicts=True)
    return Organisation.objects.select_for_update().get()


def _said(row: Organisation) -> dict[str, Any]:
    return {"name": row.name, "time_zone": row.time_zone, "anyone_may_report": row.anyone_may_report}


def _check(row: Organisation) -> None:
    fields: dict[str, list[str]] = {}
    try:
        row.clean_fields(exclude=["time_zone"])
    except ValidationError as error:
        fields |= error.message_dict
    if row.time_zone not in available_timezones():
        fields["time_zone"] = [_("There is no such time zone.")]
    if fields:
        raise WrongDetails(fields=fields)


def _forget() -> None:
    """Before and after the commit: nobody keeps for a minute what was read in between."""
    cache.delete(CACHED)
    transaction.on_commit(partial(cache.delete, CACHED))
