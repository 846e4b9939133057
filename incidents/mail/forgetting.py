"""Mails as they came are kept for a while; what an anonymised person wrote loses its address at once."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Lower

from common.models import StoredFile
from common.retention import BATCH
from incidents.mail.choices import MailState
from incidents.models import InboxMessage, Incident, StatusSubscriber

FORGOTTEN = {"sender": "", "sender_name": "", "subject": "", "said": "", "raw": None}


@transaction.atomic
def forget_mails(*, before: datetime) -> int:
    """Of mails that came before, neither bytes nor addresses are kept. A batch at once; returns how many.

    That each was taken stays, so that it is never taken again. What is still to be read stays whole.
    """
    return _forget(InboxMessage.objects.filter(created_at__lt=before, raw__isnull=False))


@transaction.atomic
def forget_writer(*, person_id: uuid.UUID, addresses: Iterable[str]) -> None:
    """What a person wrote by mail, or is written to, says no address any more. Safe to call twice.

    addresses: all that were the person's. What they reported and answered stays, as on every timeline.
    """
    known = [each.lower() for each in addresses]
    rows = InboxMessage.objects.annotate(address=Lower("sender")).filter(address__in=known)
    while _forget(rows):
        pass
    Incident.objects.filter(reporter=person_id).exclude(reporter_email="", reporter_name="").update(
        reporter_email="", reporter_name=""
    )
    StatusSubscriber.objects.filter(address__in=known).delete()


def _forget(mails: QuerySet[InboxMessage]) -> int:
    found = list(mails.exclude(state=MailState.NEW).order_by("pk").values_list("pk", "raw_id")[:BATCH])
    InboxMessage.objects.filter(pk__in=[pk for pk, _raw in found]).update(**FORGOTTEN)
    StoredFile.objects.filter(pk__in=[raw for _pk, raw in found if raw]).delete()
    return len(found)
