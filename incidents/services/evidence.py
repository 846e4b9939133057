"""Collecting evidence: which file answers which item of the checklist, and what is not needed."""

import uuid
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common import own_names
from common.text import UNSAFE
from incidents.choices import EventKind
from incidents.errors import Unfit
from incidents.models import Attachment, EvidenceItem, EvidenceMark, Incident
from incidents.models.evidence import REASON_LENGTH
from incidents.selectors.evidence import items_for
from incidents.services.rows import lock, write_down
from people.models import User


@transaction.atomic
def evidence_not_needed(
    *, incident_id: uuid.UUID, key: str, by: User, reason: str, now: datetime | None = None
) -> Incident:
    """One item is not needed this time.  reason: why, for whoever asks later. Said again, the reason is replaced."""
    now, reason = now or timezone.now(), " ".join(reason.split())
    if not reason or len(reason) > REASON_LENGTH or UNSAFE.search(reason):
        raise Unfit(fields={"reason": [_("Say why, in a few words.")]})
    incident = lock(incident_id)
    item = item_of(incident, key)
    said = {"reason": reason, "by": by, "at": now}
    EvidenceMark.objects.update_or_create(incident=incident, item=item, defaults=said)
    _write_down(incident, item, "not_needed", by=by, now=now, text=reason)
    return incident


@transaction.atomic
def evidence_needed(*, incident_id: uuid.UUID, key: str, by: User, now: datetime | None = None) -> Incident:
    """It is needed after all. Said of what is needed anyhow, nothing changes."""
    incident = lock(incident_id)
    item = item_of(incident, key)
    removed, _rows = EvidenceMark.objects.filter(incident=incident, item=item).delete()
    if removed:
        _write_down(incident, item, "needed", by=by, now=now or timezone.now())
    return incident


@transaction.atomic
def evidence_collected(
    *, incident_id: uuid.UUID, key: str, attachment_id: uuid.UUID, by: User, now: datetime | None = None
) -> Attachment:
    """A file that belongs to the incident already answers this item. Raises Attachment.DoesNotExist."""
    incident = lock(incident_id)
    item = item_of(incident, key)
    attachment = incident.attachments.select_for_update().get(pk=attachment_id)
    if attachment.evidence_item != item.key:
        attachment.evidence_item = item.key
        attachment.save(update_fields=["evidence_item"])
        _write_down(incident, item, "collected", by=by, now=now or timezone.now(), text=attachment.name)
    return attachment


def item_of(incident: Incident, key: str) -> EvidenceItem:
    """The item of this incident's checklist. Raises Unfit where it has none of this name."""
    item = items_for(incident).filter(key=key).first()
    if item is None:
        raise Unfit(fields={"item": [_("The checklist of this incident has no such item.")]})
    return item


def _write_down(incident: Incident, item: EvidenceItem, step: str, *, by: User, now: datetime, text: str = "") -> None:
    write_down(
        incident,
        EventKind.EVIDENCE,
        verb=f"incident.evidence_{step}",
        by=by,
        now=now,
        text=text,
        values={"step": step, "item": item.key, "name": own_names.shown(item.name)},
    )
