"""Mails that are kept are read, each by one worker, each once, whenever a worker died."""

import logging
import uuid
from datetime import datetime

from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone

from common.errors import DomainError
from common.files import open_file
from common.jobs import enqueue
from common.leases import MAX_ATTEMPTS, claim, held
from common.text import storable
from incidents import jobs
from incidents.mail.choices import MailReason, MailState
from incidents.mail.errors import CannotReadAgain, MailForgotten
from incidents.mail.filing import Outcome, file
from incidents.mail.letters import Unreadable, read
from incidents.models import InboxMessage
from ledger.services import record
from people.models import User
from people.selectors import goes_on

log = logging.getLogger(__name__)

AT_ONCE = 100


def hand_out(*, now: datetime) -> int:
    """Queue what nobody reads, such as what a worker that died had taken. Returns how many.

    What three workers in a row did not survive is given up and stays visible.
    """
    waiting = InboxMessage.objects.filter(goes_on(), state=MailState.NEW).exclude(lease_until__gte=now)
    with transaction.atomic():
        waiting.filter(attempts__gte=MAX_ATTEMPTS).update(
            state=MailState.FAILED, reason=MailReason.GAVE_UP, lease_until=None, lease_token=None
        )
        found = list(waiting.order_by("created_at").values_list("pk", flat=True)[:AT_ONCE])
        for pk in found:
            enqueue(jobs.READ_MAIL, mail_id=str(pk))
    return len(found)


def read_mail(*, mail_id: uuid.UUID) -> InboxMessage | None:
    """Read one mail and take it up. None: somebody else does, or it was done. Calling twice is calling once."""
    now = timezone.now()
    token = claim(InboxMessage.objects.filter(pk=mail_id, state=MailState.NEW), now=now)
    if token is None:
        return None
    mail = InboxMessage.objects.select_related("mailbox__service", "raw").get(pk=mail_id)
    if mail.raw is None:  # the database keeps what is still to be read; types cannot know that
        return None
    try:
        with open_file(mail.raw) as stream:
            raw = stream.read()
        letter = read(raw)  # outside of any transaction: this may take a while
        with transaction.atomic():
            if not held(InboxMessage, mail_id, token).select_for_update().filter(state=MailState.NEW).exists():
                return None
            return _end(mail, file(mail, letter, raw, now=now))
    except (OperationalError, InterfaceError):  # nothing of the mail: the next worker reads it
        raise
    except Unreadable:
        outcome = Outcome(MailState.FAILED, MailReason.UNREADABLE)
    except DomainError as refusal:
        outcome = Outcome(MailState.FAILED, MailReason.REFUSED, said=str(refusal.message))
    except Exception as error:  # whatever is in one mail, the others behind it are read
        log.exception("mail %s could not be read", mail_id)
        outcome = Outcome(MailState.FAILED, MailReason.BROKE, said=f"{type(error).__name__}: {error}")
    with transaction.atomic():
        if not held(InboxMessage, mail_id, token).select_for_update().filter(state=MailState.NEW).exists():
            return None
        return _end(mail, outcome)


@transaction.atomic
def read_again(*, mail_id: uuid.UUID, by: User) -> InboxMessage:
    """Read once more what was not taken up, after what was in the way is put right. Raises CannotReadAgain."""
    mail = InboxMessage.objects.select_for_update().get(pk=mail_id)
    if mail.state not in (MailState.IGNORED, MailState.FAILED):
        raise CannotReadAgain(now=mail.get_state_display())
    if mail.raw_id is None:
        raise MailForgotten
    mail.state, mail.reason, mail.said, mail.attempts = MailState.NEW, "", "", 0
    mail.lease_until = mail.lease_token = None
    mail.save(update_fields=["state", "reason", "said", "attempts", "lease_until", "lease_token"])
    record(verb="mail.read_again", subject=mail, actor=by)
    enqueue(jobs.READ_MAIL, mail_id=str(mail.pk))
    return mail


def _end(mail: InboxMessage, outcome: Outcome) -> InboxMessage:
    mail.state, mail.reason, mail.incident = outcome.state, outcome.reason, outcome.incident
    mail.said = storable(outcome.said)[:500]
    mail.lease_until = mail.lease_token = None
    mail.save(update_fields=["state", "reason", "incident", "said", "lease_until", "lease_token"])
    return mail
