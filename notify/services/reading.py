"""People reading their messages. Not in the ledger: it changes nothing for anybody else."""

import uuid

from django.db import transaction
from django.utils import timezone

from notify.models import Message
from people.models import User


@transaction.atomic
def mark_read(*, message_id: uuid.UUID, by: User) -> Message:
    """The person has seen one of their own messages. The first time counts.

    Raises Message.DoesNotExist, also for somebody else's.
    """
    message = Message.objects.select_for_update().get(pk=message_id, to=by, is_shown=True)
    if message.read_at is None:
        message.read_at = timezone.now()
        message.save(update_fields=["read_at"])
    return message


@transaction.atomic
def mark_all_read(*, by: User) -> int:
    """The person has seen all of their messages. Returns how many were new."""
    return Message.objects.filter(to=by, read_at=None).update(read_at=timezone.now())
