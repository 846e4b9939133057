"""The status page: what everybody reads of an incident, which services it lists, and when it is written anew."""

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.templatetags.static import static
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from catalog.models import Service
from common.jobs import enqueue
from common.versions import check_version, raise_version
from incidents import jobs
from incidents.errors import CannotPublish, Unfit
from incidents.models import (
    PlannedWork,
    PlannedWorkText,
    Publication,
    StatusEntry,
    StatusEntryName,
    StatusPage,
    Update,
)
from incidents.selectors.telling import may_publish, publishers_of, subscribers
from incidents.services.audience import matter_of
from incidents.services.moves import check_reason
from incidents.services.rows import Who, lock
from incidents.status import files
from incidents.status.history import DAYS
from incidents.status.snapshot import board_of, snapshot_of
from incidents.telling.choices import PageAudience, PublicState
from ledger.services import record
from notify.about import About
from notify.services import Outside, tell, tell_addresses
from people.models import User
from people.selectors import organisation

#: How long a service is disrupted grows while it lasts: it is written anew as often as this.
GROWS_EVERY = timedelta(minutes=10)
#: What this process wrote last. The first time it writes in any case: it may be of another release.
_written = ""


def publish(update: Update, *, by: User, now: datetime) -> Publication:
    """From now on everybody reads this update. The incident is held by the caller. Raises Unfit without a page."""
    check_page_is_there()
    incident, is_over = update.incident, update.public_state == PublicState.RESOLVED
    began_at = min(incident.occurred_at or incident.detected_at or incident.reported_at, now)
    row, _is_new = Publication.objects.get_or_create(
        incident=incident,
        defaults={
            "began_at": began_at,
            "published_at": now,
            "changed_at": now,
            "state": update.public_state,
            "resolved_at": now if is_over else None,
        },
    )
    row.state, row.changed_at, row.resolved_at = update.public_state, now, now if is_over else None
    if row.withdrawn_at is not None:  # what was taken off stays off: the page begins anew
        row.published_at = now
    row.withdrawn_at, row.withdrawn_by, row.withdraw_reason = None, None, ""
    row.save()
    changed()
    return row


def check_page_is_there() -> None:
    """Raises Unfit where nobody could read it."""
    page = StatusPage.objects.first()
    if page is None or page.audience == PageAudience.OFF:
        raise Unfit(fields={"audience": [_("There is no status page. An administrator sets it up.")]})


@transaction.atomic
def unpublish(*, incident_id: uuid.UUID, by: User, reason: str) -> Publication:
    """Take the incident off the status page, with all that was published of it.

    The next update shows the incident again, and nothing of what was taken off.
    """
    check_reason(reason)
    incident = lock(incident_id)
    if not may_publish(incident, by):
        raise CannotPublish(name=", ".join(str(each) for each in publishers_of(incident) or []))
    row = Publication.objects.select_for_update().get(incident=incident)
    if row.withdrawn_at is None:
        row.withdrawn_at, row.withdrawn_by, row.withdraw_reason = timezone.now(), by, reason.strip()
        row.save(update_fields=["withdrawn_at", "withdrawn_by", "withdraw_reason"])
        record(verb="incident.unpublished", subject=incident, actor=by)
        changed()
    return row


def tell_subscribers(update: Update, *, dedupe_key: str) -> int:
    """Write to all who asked for it and may read the page, each in their language, and to channels that subscribed."""
    row, words = update.incident.publication, _Words(update)
    about = About(
        "incidents.publication", str(row.pk), _("Status page"), f"/status/{settings.LANGUAGE_CODE}/incidents/{row.pk}/"
    )
    context = {
        "incident": update.incident,
        "words": words,
        "update": update,
        "public_state": PublicState(update.public_state).label,
    }
    tell(kind="status.published", about=about, to=[], context=context, matter=matter_of(update.incident))
    told = [Outside(each.address, each.language, f"/status/unsubscribe/{each.token}/") for each in subscribers()]
    return tell_addresses(kind="status.published", about=about, to=told, context=context, dedupe_key=dedupe_key)


@transaction.atomic
def set_up_status_page(*, by: Who, version: int | None = None, **values: Any) -> StatusPage:
    """Say who may read it, and how it is published. The first time it begins to keep what is known of services."""
    StatusPage.objects.bulk_create([StatusPage()], ignore_conflicts=True)
    page = StatusPage.objects.select_for_update().get()
    check_version(page, version)
    before = {name: getattr(page, name) for name in values}
    for name, value in values.items():
        setattr(page, name, value)
    raise_version(page).save(update_fields=[*values, "version"])
    record(verb="status_page.set_up", subject=page, actor=by, data={"before": before, "after": values})
    changed()
    return page


@transaction.atomic
def list_service(
    *,
    by: Who,
    names: Mapping[str, tuple[str, str]],
    service: Service | None = None,
    position: int = 0,
    entry_id: uuid.UUID | None = None,
    is_shown: bool = True,
    version: int | None = None,
) -> StatusEntry:
    """A line of the status page, new or changed.  names: {language: (public name, group)}, one language at least."""
    kept = {language: (name.strip(), group.strip()) for language, (name, group) in names.items() if name.strip()}
    if not kept or not set(kept) <= set(dict(settings.LANGUAGES)):
        raise Unfit(fields={f"name_{settings.LANGUAGE_CODE}": [_("Give a public name in one language at least.")]})
    if entry_id is None:
        entry = StatusEntry()
    else:
        entry = StatusEntry.objects.select_for_update().get(pk=entry_id)
        check_version(entry, version)
        raise_version(entry)
    entry.service, entry.position, entry.is_shown = service, position, is_shown
    entry.save()
    entry.names.all().delete()
    StatusEntryName.objects.bulk_create(
        StatusEntryName(entry=entry, language=language, name=name, group=group)
        for language, (name, group) in kept.items()
    )
    data = {"names": {language: name for language, (name, _group) in kept.items()}, "is_shown": is_shown}
    record(verb="status_entry.changed" if entry_id else "status_entry.added", subject=entry, actor=by, data=data)
    changed()
    return entry


@transaction.atomic
def plan_work(
    *,
    by: Who,
    starts_at: datetime,
    ends_at: datetime,
    texts: Mapping[str, tuple[str, str]],
    entries: Any = (),
    is_called_off: bool = False,
    work_id: uuid.UUID | None = None,
    version: int | None = None,
) -> PlannedWork:
    """Maintenance that everybody is told of, new or changed.  texts: {language: (title, text)}. Raises Unfit."""
    kept = {language: (title.strip(), text.strip()) for language, (title, text) in texts.items() if title.strip()}
    if not kept:
        raise Unfit(fields={f"title_{settings.LANGUAGE_CODE}": [_("Give a title in one language at least.")]})
    if ends_at <= starts_at:
        raise Unfit(fields={"ends_at": [_("It ends before it starts.")]})
    work = PlannedWork() if work_id is None else PlannedWork.objects.select_for_update().get(pk=work_id)
    if work_id is not None:
        check_version(work, version)
        raise_version(work)
    work.starts_at, work.ends_at, work.is_called_off = starts_at, ends_at, is_called_off
    work.save()
    work.entries.set(entries)
    work.texts.all().delete()
    PlannedWorkText.objects.bulk_create(
        PlannedWorkText(work=work, language=language, title=title, text=text)
        for language, (title, text) in kept.items()
    )
    data = {"starts_at": starts_at, "ends_at": ends_at, "is_called_off": is_called_off}
    record(verb="planned_work.changed" if work_id else "planned_work.added", subject=work, actor=by, data=data)
    changed()
    return work


def changed() -> None:
    """Something on the page is another: it is written anew once this is committed."""
    StatusPage.objects.update(revision=F("revision") + 1)
    enqueue(jobs.WRITE_STATUS)


def write_status_page(*, now: datetime) -> bool:
    """Write the snapshot if the rows say anything else, and note that it was looked at. Whether it was written.

    Safe to call at any time, and by several at once.
    """
    global _written
    page = StatusPage.objects.first()
    if page is None or page.audience == PageAudience.OFF:
        files.remove()
        return False
    with files.alone():
        fingerprint = _fingerprint(now)
        kept = files.read()
        is_new = fingerprint != _written or kept is None or kept.fingerprint != fingerprint
        if is_new:
            files.write(snapshot_of(board_of(StatusPage.objects.get(), now), fingerprint))
            _written = fingerprint
        files.mark_checked(now)
    return is_new


def _fingerprint(now: datetime) -> str:
    """Another one whenever the page would say something else."""
    page, house = StatusPage.objects.get(), organisation()
    works = PlannedWork.objects.filter(is_called_off=False, ends_at__gt=now - timedelta(days=DAYS + 1))
    phases = [(each.starts_at <= now) + (each.ends_at <= now) for each in works.order_by("pk")]
    today = timezone.localdate(now, ZoneInfo(house.time_zone))
    is_lasting = Publication.objects.filter(resolved_at=None, withdrawn_at=None).exists()
    moment = int(now.timestamp() // GROWS_EVERY.total_seconds()) if is_lasting else ""
    parts = [
        page.begun_at.isoformat(),
        page.revision,
        page.audience,
        house.name,
        house.time_zone,
        today,
        phases,
        moment,
    ]
    return " ".join(map(str, [*parts, settings.EMAIL_CONFIGURED, static("css/rooms.css")]))


class _Words:
    """Title and text of an update in the language active when they are read."""

    def __init__(self, update: Update) -> None:
        self._rows = {each.language: each for each in update.texts.all()}

    def _row(self) -> Any:
        return self._rows.get(translation.get_language() or "") or next(iter(self._rows.values()))

    @property
    def title(self) -> str:
        """Above the news."""
        return str(self._row().title)

    @property
    def text(self) -> str:
        """The news."""
        return str(self._row().text)
