"""Ways to reach a person, each proven by a code that came back."""

import hmac
import secrets
import uuid
from datetime import datetime, timedelta
from hashlib import sha256

from django.db import transaction
from django.utils import timezone

from common.facts import announce
from common.secrets import derived_key, seal
from common.transactions import as_one
from ledger.models import Entry
from ledger.services import Actor, record
from people.addresses import read_address
from people.choices import SENDABLE, ContactKind
from people.errors import CodeTooSoon, ContactExists, NotAPerson, NothingCanBeSent, TooManyContacts, WrongCode
from people.models import ContactMethod, User
from people.selectors import address_to_send
from people.signals import CONTACT_TO_VERIFY

CODE_DIGITS = 6
CODE_COUNTS_FOR = timedelta(minutes=15)
MAX_TRIES = 5
#: Between two codes to one address.
PAUSE = timedelta(minutes=1)
#: So many codes for all addresses of one person in one hour: nobody fills the mailbox of another through us.
CODES_AN_HOUR = 6
MAX_CONTACTS = 10
CODE_SENT = "person.contact_code_sent"


@transaction.atomic
def add_contact(*, person: User, kind: str, address: str, by: Actor, name: str = "") -> ContactMethod:
    """Keep another way to reach a person. It is used once it was verified.

    address: an e-mail address, a phone number, or the address of an app as `scheme://…`, which is sealed.
    Raises WrongDetails (with `fields`), NotAPerson, ContactExists or TooManyContacts.
    """
    locked = User.objects.select_for_update().get(pk=person.pk)
    if locked.is_machine or not locked.is_active:
        raise NotAPerson(person=locked)
    found = read_address(kind, address, name)
    present = list(ContactMethod.objects.filter(person=locked))
    if len(present) >= MAX_CONTACTS:
        raise TooManyContacts(limit=MAX_CONTACTS)
    if any(each.kind == kind and address_to_send(each) == found.whole for each in present):
        raise ContactExists
    contact = ContactMethod.objects.create(
        person=locked,
        kind=kind,
        name=name.strip(),
        address=found.shown,
        secret=seal(found.whole) if kind == ContactKind.APP else "",
    )
    record(verb="contact.added", subject=contact, actor=by, data={"kind": kind, "person": str(locked.pk)})
    return contact


@transaction.atomic
def remove_contact(*, contact_id: uuid.UUID | str, by: Actor) -> None:
    """Forget a way to reach a person. Raises ContactMethod.DoesNotExist."""
    contact = _locked(contact_id)
    record(verb="contact.removed", subject=contact, actor=by, data={"person": str(contact.person_id)})
    contact.delete()


@transaction.atomic
def send_code(*, contact_id: uuid.UUID | str, by: Actor) -> ContactMethod:
    """Send a code to the address itself, by which the person proves to be reached there. An older code ends.

    Raises NothingCanBeSent, NotAPerson or CodeTooSoon.
    """
    contact = _locked(contact_id)
    person = User.objects.select_for_update().get(pk=contact.person_id)
    if contact.kind not in SENDABLE:
        raise NothingCanBeSent
    if not person.is_active:
        raise NotAPerson(person=person)
    now = timezone.now()
    _check_pace(contact, now)
    code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"
    contact.code_hash, contact.code_tries = _hash_of(contact, code), 0
    contact.code_expires_at = now + CODE_COUNTS_FOR
    contact.save(update_fields=["code_hash", "code_tries", "code_expires_at"])
    record(verb=CODE_SENT, subject=person, actor=by, data={"contact": str(contact.pk)})
    announce(CONTACT_TO_VERIFY, contact_id=str(contact.pk), sealed_code=seal(code))
    return contact


@as_one()
def verify_contact(*, contact_id: uuid.UUID | str, code: str, by: Actor) -> ContactMethod:
    """Take the code that came back: from now on the address counts as the person's. A code is used once.

    Raises WrongCode: for another code, after 15 minutes and after 5 tries alike.
    """
    contact = _locked(contact_id)
    is_right = _is_right(contact, code, timezone.now())
    if is_right:
        contact.verified_at = contact.last_reached_at = timezone.now()
        contact.code_hash, contact.code_expires_at = "", None
        record(verb="contact.verified", subject=contact, actor=by, data={"person": str(contact.person_id)})
    elif contact.code_hash:
        contact.code_tries += 1
    contact.save(update_fields=["verified_at", "last_reached_at", "code_hash", "code_expires_at", "code_tries"])
    if not is_right:
        raise WrongCode
    return contact


def note_reached(*, contact_id: uuid.UUID | str, now: datetime) -> None:
    """Keep that the person answered a message that was sent there."""
    ContactMethod.objects.filter(pk=contact_id, verified_at__isnull=False).update(last_reached_at=now)


def _is_right(contact: ContactMethod, code: str, now: datetime) -> bool:
    """Compared in constant time, also when no code counts."""
    is_same = hmac.compare_digest(contact.code_hash or "0" * 64, _hash_of(contact, code.strip()))
    counts = contact.code_expires_at is not None and contact.code_expires_at > now and contact.code_tries < MAX_TRIES
    return is_same and counts


def _hash_of(contact: ContactMethod, code: str) -> str:
    """With a key that is not in the database: a million codes are soon tried."""
    _key_id, key = derived_key("contact-code")
    return hmac.new(key, f"{contact.pk}:{code}".encode(errors="replace"), sha256).hexdigest()


def _check_pace(contact: ContactMethod, now: datetime) -> None:
    sent_at = contact.code_expires_at and contact.code_expires_at - CODE_COUNTS_FOR
    sent = Entry.objects.filter(
        subject_type="people.user", subject_id=str(contact.person_id), verb=CODE_SENT, at__gt=now - timedelta(hours=1)
    )
    if (sent_at and sent_at > now - PAUSE) or sent.count() >= CODES_AN_HOUR:
        raise CodeTooSoon


def _locked(contact_id: uuid.UUID | str) -> ContactMethod:
    return ContactMethod.objects.select_for_update(of=["self"]).select_related("person").get(pk=contact_id)
