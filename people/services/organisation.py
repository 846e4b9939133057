"""Naming the organisation, and ending its first steps."""

from functools import partial
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
def name_organisation(*, name: str, time_zone: str, by: Actor, version: int | None = None) -> Organisation:
    """Say what the organisation is called, and by which clock it lives. Raises WrongDetails or Stale."""
    row = _locked()
    check_version(row, version)
    before = {"name": row.name, "time_zone": row.time_zone}
    row.name, row.time_zone = name.strip(), time_zone
    _check(row)
    after = {"name": row.name, "time_zone": row.time_zone}
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


def _locked() -> Organisation:
    """The row, made from the settings where there is none yet."""
    now = organisation()
    Organisation.objects.bulk_create([Organisation(name=now.name, time_zone=now.time_zone)], ignore_conflicts=True)
    return Organisation.objects.select_for_update().get()


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
