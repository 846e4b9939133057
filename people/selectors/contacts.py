"""Ways to reach people, as far as the reader may see them."""

from datetime import datetime

from django.db.models import QuerySet

from common.secrets import unseal
from people.choices import SENDABLE, ContactKind, Role
from people.models import ContactMethod, User
from people.selectors.persons import Anyone, has_role, roles_of, works


def visible_contacts(user: Anyone) -> QuerySet[ContactMethod]:
    """Contact methods that the user may see at all; `address_shown` says how much of each."""
    mine = ContactMethod.objects.filter(person=user.pk)
    if not roles_of(user):
        return mine
    return ContactMethod.objects.filter(person__is_active=True) | mine


def may_change_contacts(user: Anyone, person: User) -> bool:
    """Whether the user keeps the person's contact methods: the person and administrators."""
    return user.pk == person.pk or has_role(user, Role.ADMINISTRATOR)


def address_shown(contact: ContactMethod, *, to: Anyone) -> str:
    """The address as the reader may see it: whole for the person and for those who work, masked for auditors, else
    nothing. The whole address of an app is shown to nobody.
    """
    if works(to) or contact.person_id == to.pk:
        return contact.address
    return masked(contact) if has_role(to, Role.AUDITOR) else ""


def masked(contact: ContactMethod) -> str:
    """Enough to tell two apart."""
    if contact.kind == ContactKind.EMAIL:
        return f"{contact.address[0]}•••@{contact.address.rpartition('@')[2]}"
    if contact.kind == ContactKind.PHONE:
        return f"•••{contact.address[-2:]}"
    return contact.address


def verified_contacts(person: User) -> QuerySet[ContactMethod]:
    """Where the product may send to, in the order in which they were given."""
    return person.contact_methods.filter(kind__in=SENDABLE, verified_at__isnull=False).order_by("created_at")


def address_to_send(contact: ContactMethod) -> str:
    """The whole address: an e-mail address, a number, or the address of an app with its secrets.

    For adapters only: never shown, logged or kept. Raises KeyMissing or SecretDamaged.
    """
    return unseal(contact.secret) if contact.secret else contact.address


def code_waits(contact: ContactMethod, now: datetime) -> bool:
    """Whether a code is on its way that still counts."""
    return bool(contact.code_hash) and contact.code_expires_at is not None and contact.code_expires_at > now
