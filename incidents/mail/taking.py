"""Mails are taken from their server: kept as they came first, then read, then marked there.

Whoever is killed between any two of these leaves a row that says how far it came; the next visit goes on from there.
A mail that was kept is known by its number and by its content, so it is never kept twice; one that was not kept is
still on the server.
"""

import logging
import threading
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256
from io import BytesIO

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from common.errors import DomainError
from common.files import StorageFull, store
from common.jobs import enqueue
from common.leases import LEASE, LeaseLost, keep
from common.secrets import unseal
from incidents import jobs
from incidents.mail.adapters.imap import Listed, MailboxTrouble, Place, Visit, visit
from incidents.mail.choices import MailState, Trouble
from incidents.mail.letters import HEAD_END, read_head
from incidents.mail.reading import read_mail
from incidents.models import InboxMessage, Mailbox
from people.selectors import goes_on

log = logging.getLogger(__name__)

EVERY = timedelta(minutes=1)
#: How long to wait after each visit in a row that failed.
BACK_OFF = (*(timedelta(minutes=each) for each in (1, 2, 5, 15)), timedelta(minutes=30))
#: The server's clock is not ours.
CLOCKS_DIFFER = timedelta(minutes=5)
#: One visit takes so many; what is left comes with the next, at once.
AT_ONCE = 50
#: Of a bigger mail only a beginning is kept.
MOST_BYTES = 40 * 1024 * 1024
BEGINNING_BYTES = 1024 * 1024
#: So many threads of one process visit at once.
VISITS_AT_ONCE = 2

_slots = threading.BoundedSemaphore(VISITS_AT_ONCE)


def hand_out(*, now: datetime) -> int:
    """Queue a visit for every mailbox that is due. Returns how many."""
    due = Mailbox.objects.filter(
        goes_on(), Q(lease_until=None) | Q(lease_until__lt=now), is_active=True, due_at__lte=now
    )
    with transaction.atomic():
        found = list(due.values_list("pk", flat=True))
        for pk in found:
            enqueue(jobs.TAKE_MAILS, mailbox_id=str(pk))
    return len(found)


def take_mails(*, mailbox_id: uuid.UUID) -> int:
    """Visit one mailbox, if it is due and nobody else does. Returns how many mails were taken.

    Never raises for what the server does: the mailbox says what is wrong, and is visited again later. Where this
    process visits enough already, it stays due: servers that hang leave threads free for others' work.
    """
    if not _slots.acquire(blocking=False):
        return 0
    try:
        return _visit(mailbox_id)
    finally:
        _slots.release()


def _visit(mailbox_id: uuid.UUID) -> int:
    now, token = timezone.now(), uuid.uuid4()
    free = Q(lease_until=None) | Q(lease_until__lt=now)
    claimed = Mailbox.objects.filter(free, goes_on(), pk=mailbox_id, is_active=True, due_at__lte=now)
    # Whoever dies here leaves the next visit a minute away, and not at once for ever.
    if not claimed.update(lease_until=now + LEASE, lease_token=token, due_at=now + EVERY):
        return 0
    mailbox = Mailbox.objects.get(pk=mailbox_id)
    trouble, taken = None, 0
    with keep(Mailbox, mailbox_id, token, on_loss=lambda: None) as keeper:
        try:
            with visit(place_of(mailbox)) as server:
                taken = _take(mailbox, server, keeper.check, token)
        except MailboxTrouble as error:
            trouble = error
        except LeaseLost:
            return taken
        except StorageFull as refusal:
            trouble = MailboxTrouble(Trouble.NO_ROOM, str(refusal.message))
    _end(mailbox_id, token, trouble, has_more=taken >= AT_ONCE)
    return taken


def place_of(mailbox: Mailbox) -> Place:
    """How its server is reached. Raises MailboxTrouble when the password cannot be read."""
    try:
        password = unseal(mailbox.password)
    except DomainError as refusal:
        raise MailboxTrouble(Trouble.SECRET, str(refusal.message)) from refusal
    return Place(mailbox.host, mailbox.port, mailbox.security, mailbox.user, password, mailbox.folder)


def _take(mailbox: Mailbox, server: Visit, check: Callable[[], None], token: uuid.UUID) -> int:
    """Keep, read and mark what is new. One mail that makes trouble of its own holds up no other."""
    held = Mailbox.objects.filter(pk=mailbox.pk, lease_token=token)
    if mailbox.uid_validity != server.uid_validity:
        # Numbered anew: all is looked through again, and what is known is known by its content.
        held.update(uid_validity=server.uid_validity, last_uid=0)
        mailbox.uid_validity, mailbox.last_uid = server.uid_validity, 0
    listed = server.listed(after_uid=mailbox.last_uid, since=mailbox.takes_since, most=AT_ONCE)
    for each in listed:
        check()
        if each.arrived_at is None or each.arrived_at >= mailbox.takes_since - CLOCKS_DIFFER:
            mail_id = _keep(mailbox, server, each)
            if mail_id is not None:
                read_mail(mail_id=mail_id)
        held.filter(last_uid__lt=each.uid).update(last_uid=each.uid)
    _mark(mailbox, server)
    return len(listed)


def _keep(mailbox: Mailbox, server: Visit, listed: Listed) -> uuid.UUID | None:
    """Keep one mail as it came. Returns its row; None where it is gone, or was kept before."""
    numbered = InboxMessage.objects.filter(mailbox=mailbox, uid_validity=server.uid_validity, uid=listed.uid)
    if (known := numbered.values_list("pk", flat=True).first()) is not None:
        return known
    is_cut = listed.size_bytes > MOST_BYTES
    raw = server.fetch(listed.uid, most_bytes=BEGINNING_BYTES if is_cut else MOST_BYTES)
    if raw is None:
        return None
    mail_id, is_new = keep_mail(
        mailbox, raw, uid_validity=server.uid_validity, uid=listed.uid, size_bytes=listed.size_bytes
    )
    if not is_new:
        # The same again, under another number or in another folder: only to be marked there too.
        server.mark([listed.uid], folder=mailbox.taken_folder)
    return mail_id


@transaction.atomic
def keep_mail(
    mailbox: Mailbox, raw: bytes, *, uid_validity: int, uid: int, size_bytes: int | None = None
) -> tuple[uuid.UUID, bool]:
    """Keep a mail as it came.  size_bytes: on the server, where only its beginning was fetched.

    Returns its row, and whether it is new. Raises StorageFull.
    """
    letter, key, size = read_head(raw), _key(raw), size_bytes or len(raw)
    if (before := InboxMessage.objects.filter(key=key).values_list("pk", flat=True).first()) is not None:
        return before, False
    mail = InboxMessage.objects.create(
        mailbox=mailbox,
        uid_validity=uid_validity,
        uid=uid,
        key=key,
        message_id=letter.message_id,
        sender=letter.sender,
        sender_name=letter.sender_name,
        subject=letter.subject,
        raw=store(BytesIO(raw), name="mail.eml", limit_bytes=MOST_BYTES),
        size_bytes=size,
        is_cut=size > len(raw) and size > MOST_BYTES,
    )
    return mail.pk, True


def _mark(mailbox: Mailbox, server: Visit) -> None:
    """Tell the server what is taken, also what could not be read: it is kept, and shown to administrators."""
    waiting = InboxMessage.objects.filter(mailbox=mailbox, uid_validity=server.uid_validity, marked_at=None)
    done = list(waiting.exclude(state=MailState.NEW).order_by("uid").values_list("uid", flat=True)[: AT_ONCE * 4])
    if done:
        server.mark(done, folder=mailbox.taken_folder)
        waiting.filter(uid__in=done).update(marked_at=timezone.now())


def _key(raw: bytes) -> str:
    """The same mail has the same, on whatever way it came: what servers on the way add stands in the head."""
    letter = read_head(raw)
    end = HEAD_END.search(raw)
    body = raw[end.end() :] if end else raw
    named = f"{letter.message_id}\n{letter.sender}\n{letter.subject}\n".encode()
    return sha256(named + sha256(body if letter.message_id else raw).digest()).hexdigest()


def _end(mailbox_id: uuid.UUID, token: uuid.UUID, trouble: MailboxTrouble | None, *, has_more: bool) -> None:
    held, now = Mailbox.objects.filter(pk=mailbox_id, lease_token=token), timezone.now()
    free = {"lease_until": None, "lease_token": None}
    if trouble is None:
        due = now if has_more else now + EVERY
        held.update(due_at=due, read_at=now, failures=0, trouble="", trouble_said="", **free)
        if has_more:
            with transaction.atomic():
                enqueue(jobs.TAKE_MAILS, mailbox_id=str(mailbox_id))
        return
    log.warning("mailbox %s could not be read: %s", mailbox_id, trouble)
    failures = held.values_list("failures", flat=True).first() or 0
    wait = BACK_OFF[min(failures, len(BACK_OFF) - 1)]
    held.update(due_at=now + wait, failures=F("failures") + 1, trouble=trouble.why, trouble_said=trouble.said, **free)
