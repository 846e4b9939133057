"""What ends by itself: documents, reviews, keys, accounts and the ledger's heads, told in time."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import models, transaction

from catalog.models import Document, Service
from common.models import Heartbeat
from common.services import beat
from ledger.models import Seal
from notify.about import About
from notify.events import Matter
from notify.ladders import Ladder, quiet_until
from notify.models import Message
from notify.services.reminding import cancel_all_but, cancel_reminders, remind
from notify.services.telling import tell
from people.choices import Role
from people.models import User
from people.selectors import goes_on, with_role, working_hours, zone_of
from people.selectors.keys import working_keys

DOCUMENT_ENDS = "catalog.document_ends"
REVIEW_DUE = "catalog.review_due"
KEY_ENDS = "people.key_ends"
ACCOUNT_ENDS = "people.account_ends"
HEAD = "ledger.head"

FORESEEN = "notify.foreseen"
EVERY = timedelta(hours=1)
#: Contracts and certificates take time to renew.
LADDER_OF_DOCUMENTS: Ladder = (-60, -30, -14, -3, 0, 7)
LADDER_OF_ACCESS: Ladder = (-14, -3, -1)
SOON = timedelta(days=16)


@transaction.atomic
def follow_document(*, document: Document) -> None:
    """Remind its owner before a document in use ends; forget it where there is no such day any more."""
    if document.is_active and document.expires_on:
        remind(
            subject=document,
            kind=DOCUMENT_ENDS,
            due_at=document.expires_on,
            to=[document.owner],
            ladder=LADDER_OF_DOCUMENTS,
        )
    else:
        cancel_reminders(subject=document)


@transaction.atomic
def follow_review(*, service: Service) -> None:
    """Remind the owner of a service of its next review."""
    if service.review_due_on:
        remind(subject=service, kind=REVIEW_DUE, due_at=service.review_due_on, to=[service.owner])
    else:
        cancel_reminders(subject=service, kind=REVIEW_DUE)


def foresee(*, now: datetime) -> bool:
    """Once an hour: keys and accounts that end soon. Returns whether it was time."""
    with transaction.atomic():
        if Heartbeat.objects.filter(name=FORESEEN, at__gt=now - EVERY).exists():
            return False
        beat(FORESEEN, now=now)
        keys = working_keys(now).filter(expires_at__lte=now + SOON).select_related("owner")
        accounts = User.objects.filter(is_active=True, is_machine=False, ends_on__lte=(now + SOON).date())
        _follow(KEY_ENDS, {key: (key.expires_at, [key.owner]) for key in keys if key.expires_at})
        _follow(ACCOUNT_ENDS, {each: (each.ends_on, [each, each.manager]) for each in accounts if each.ends_on})
    return True


def send_head(*, now: datetime) -> bool:
    """Once a day, as work begins: the newest head of the ledger, to auditors, administrators and channels.

    Whoever has it in a mailbox can prove later that nothing before it was changed. Returns whether it was sent.
    """
    if quiet_until(now, working_hours(zone_of(None))) is not None:
        return False
    today = now.astimezone(zone_of(None)).date()
    seal = Seal.objects.filter(goes_on()).order_by("-number").first()
    if (
        seal is None
        or Message.objects.filter(kind=HEAD, created_at__gt=now - timedelta(days=2))
        .filter(dedupe_key__startswith=f"{HEAD}:{today}:")
        .exists()
    ):
        return False
    told = tell(
        kind=HEAD,
        about=About("ledger.seal", str(seal.number), f"#{seal.number}", "/ledger/"),
        to=with_role(Role.AUDITOR, Role.ADMINISTRATOR),
        context={"number": seal.number, "head": seal.head, "sealed_at": seal.at},
        dedupe_key=f"{HEAD}:{today}:",
        matter=Matter(),
    )
    return bool(told)


def _follow(kind: str, ending: dict[models.Model, tuple[date, Iterable[User | None]]]) -> None:
    """Exactly these are reminded of; what is not among them any more has been dealt with."""
    for subject, (due_at, people) in ending.items():
        remind(
            subject=subject,
            kind=kind,
            due_at=due_at,
            to=people,
            ladder=LADDER_OF_ACCESS,
            url="/account/",
            context={"is_access": True},
        )
    cancel_all_but(kind=kind, subject_ids=[str(subject.pk) for subject in ending])
