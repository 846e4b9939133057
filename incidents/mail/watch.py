"""How mailboxes do: read, or in trouble and since when."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q

from incidents.mail.choices import MailState
from incidents.models import InboxMessage, Mailbox

#: A mailbox is read every minute; after this long somebody should look.
LATE_AFTER = timedelta(minutes=10)


@dataclass(frozen=True)
class Watched:
    """One mailbox that is read. failed, waiting: mails that could not be read, and that wait for it."""

    mailbox: Mailbox
    failed: int
    waiting: int
    is_late: bool

    @property
    def is_well(self) -> bool:
        """Whether it is read in time and without trouble."""
        return not (self.is_late or self.mailbox.trouble)


def mailboxes(now: datetime) -> list[Watched]:
    """Those that are read, by name. One query, however many there are."""
    failed, waiting = (Count("mails", filter=Q(mails__state=each)) for each in (MailState.FAILED, MailState.NEW))
    rows = Mailbox.objects.filter(is_active=True).order_by("name").annotate(failed=failed, waiting=waiting)
    return [Watched(row, row.failed, row.waiting, _is_late(row, now)) for row in rows]


def waiting_count(now: datetime) -> int:
    """Mails that are kept and that nobody has read for a while."""
    return InboxMessage.objects.filter(state=MailState.NEW, created_at__lt=now - LATE_AFTER).count()


def _is_late(mailbox: Mailbox, now: datetime) -> bool:
    return (mailbox.read_at or mailbox.created_at) < now - LATE_AFTER
