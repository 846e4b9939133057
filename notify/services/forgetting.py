"""Old messages go, in batches; what an anonymised person was told loses its address."""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from notify.choices import WAITING, DeliveryState
from notify.models import Attempt, Delivery, Message, Reminder
from notify.services.calling_off import call_off
from people.models import User

AT_ONCE = 500


@transaction.atomic
def forget_old(*, now: datetime) -> int:
    """Delete messages older than they are kept, and reminders that ended so long ago. Returns how many messages.

    What tries were answered goes earlier.

    What is still to be sent stays. At most 500 a call: the sweep comes again in seconds.
    """
    before = now - settings.MESSAGES_KEPT
    waiting = Delivery.objects.filter(state__in=[*WAITING, DeliveryState.SENDING]).values("message")
    old = Message.objects.filter(created_at__lt=before).exclude(pk__in=waiting).order_by("created_at")
    ids = list(old.values_list("pk", flat=True)[:AT_ONCE])
    Delivery.objects.filter(message__in=ids).delete()
    deleted, _each = Message.objects.filter(pk__in=ids).delete()
    answers = Attempt.objects.filter(created_at__lt=now - settings.ANSWERS_KEPT).order_by("created_at")
    Attempt.objects.filter(pk__in=list(answers.values_list("pk", flat=True)[:AT_ONCE])).delete()
    over = Reminder.objects.filter(next_at=None, due_at__lt=before).order_by("due_at").values_list("pk", flat=True)
    Reminder.objects.filter(pk__in=list(over[:AT_ONCE])).delete()
    return deleted


@transaction.atomic
def forget_person(*, person_id: uuid.UUID) -> None:
    """Nobody is reminded or written to any more, and of what was told neither text nor address is kept.

    Texts say the name. Servers repeat addresses in what they answer: that goes too. That something was told, about
    what and when, stays. Safe to call twice.
    """
    Reminder.objects.filter(to=person_id).delete()
    call_off(Delivery.objects.filter(message__to=person_id), now=timezone.now())
    Message.objects.filter(to=person_id).update(subject="", body="", sealed_text="", until=None)
    unknown = str(User.objects.get(pk=person_id))
    Message.objects.filter(about_type=User._meta.label_lower, about_id=str(person_id)).update(about_label=unknown)
    Attempt.objects.filter(delivery__message__to=person_id).exclude(text="", error="").update(text="", error="")
    Delivery.objects.filter(message__to=person_id).exclude(last_error="", answer="").update(last_error="", answer="")
    Delivery.objects.filter(message__to=person_id).exclude(address="").update(address="")
