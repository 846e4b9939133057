"""Setting up mailboxes, and trying them."""

import uuid
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.errors import Taken
from common.secrets import MASK, seal
from common.text import UNSAFE
from common.versions import check_version, raise_version
from incidents.mail.adapters.imap import MailboxTrouble, visit
from incidents.mail.choices import Security
from incidents.mail.errors import MailboxUnusable, WrongMailbox
from incidents.mail.taking import place_of
from incidents.models import Mailbox
from ledger.services import Actor, record

#: What people may set, and nothing else.
SET = (
    *("name", "address", "has_plus", "host", "port", "security", "user", "folder", "taken_folder", "is_active"),
    *("team", "service", "authserv_id", "own_list", "takes_since"),
)
#: Where these change, numbers of mails mean something else.
PLACE = {"host", "user", "folder"}
TRY_SECONDS = 15.0
#: Of 64 characters before the @, the plus and the token take 43.
LONGEST_LOCAL = 21


@transaction.atomic
def add_mailbox(*, by: Actor, password: str, **values: Any) -> Mailbox:
    """From now on this mailbox is read every minute. Raises WrongMailbox or Taken."""
    mailbox = Mailbox(**{name: values[name] for name in SET if name in values})
    _check(mailbox, password)
    mailbox.password = seal(password)
    _store(mailbox)
    record(verb="mailbox.added", subject=mailbox, actor=by, data={"after": _named(mailbox)})
    return mailbox


@transaction.atomic
def change_mailbox(
    *, mailbox_id: uuid.UUID, by: Actor, version: int | None = None, password: str = "", **values: Any
) -> Mailbox:
    """Read it otherwise. An empty password leaves the one that is kept. Raises WrongMailbox, Taken or Stale."""
    mailbox = Mailbox.objects.select_for_update().get(pk=mailbox_id)
    check_version(mailbox, version)
    before = _named(mailbox)
    # A password goes only where it was entered for.
    if not password and values.get("host", mailbox.host) != mailbox.host:
        raise WrongMailbox(fields={"password": [_("Enter the password again: it is for another server now.")]})
    for name in SET:
        if name in values:
            setattr(mailbox, name, values[name])
    _check(mailbox, password or MASK)
    if password:
        mailbox.password = seal(password)
    after = _named(mailbox)
    if any(before[each] != after[each] for each in PLACE):
        mailbox.uid_validity, mailbox.last_uid = None, 0
    mailbox.due_at, mailbox.failures = timezone.now(), 0
    raise_version(mailbox)
    _store(mailbox)
    changed = {name: after[name] for name in after if before[name] != after[name]} | (
        {"password": MASK} if password else {}
    )
    record(verb="mailbox.changed", subject=mailbox, actor=by, data={"after": changed})
    return mailbox


def try_mailbox(*, mailbox_id: uuid.UUID, by: Actor) -> str:
    """Sign in, open the folder, and change nothing. Returns what was found in words; raises MailboxUnusable.

    Slow: not to be called inside a transaction.
    """
    mailbox = Mailbox.objects.get(pk=mailbox_id)
    try:
        with visit(place_of(mailbox), deadline_seconds=TRY_SECONDS) as server:
            waiting = server.listed(after_uid=mailbox.last_uid, since=mailbox.takes_since, most=50)
            if mailbox.taken_folder and not server.has(mailbox.taken_folder):
                said = _("The folder for what was taken is not there: %(folder)s.") % {"folder": mailbox.taken_folder}
                raise MailboxUnusable(why=said)
    except MailboxTrouble as trouble:
        raise MailboxUnusable(why=f"{trouble.why.label} {trouble.said}".strip()) from trouble
    record(verb="mailbox.tried", subject=mailbox, actor=by)
    return _("It answers. New mails in the folder: %(count)s.") % {"count": len(waiting)}


def _check(mailbox: Mailbox, password: str) -> None:
    wrong: dict[str, list[str]] = {}
    if not password or UNSAFE.search(password) or "\n" in password or "\r" in password:
        wrong["password"] = [_("Give the password of the mailbox, on one line.")]
    if mailbox.security not in Security.values:
        wrong["security"] = [_("Choose how the connection is kept from others.")]
    if not 1 <= (mailbox.port or 0) <= 65535:
        wrong["port"] = [_("Give a port from 1 to 65535.")]
    if mailbox.folder and mailbox.folder == mailbox.taken_folder:
        wrong["taken_folder"] = [_("Choose another folder than the one that is read.")]
    if mailbox.has_plus and "+" in mailbox.address:
        wrong["address"] = [_("Give the address without a plus.")]
    if mailbox.has_plus and len(mailbox.address.partition("@")[0]) > LONGEST_LOCAL:
        wrong["address"] = [
            _("With a plus the part before the @ may have %(count)s characters.") % {"count": LONGEST_LOCAL}
        ]
    if wrong:
        raise WrongMailbox(fields=wrong)


def _store(mailbox: Mailbox) -> None:
    try:
        with transaction.atomic():
            mailbox.save()
    except IntegrityError as error:
        said = _("There is a mailbox of this name, or for this folder of this user, already.")
        raise Taken(fields={"name": [said]}) from error


def _named(mailbox: Mailbox) -> dict[str, Any]:
    """What the ledger keeps: ids instead of rows, times as text."""
    found = {name: getattr(mailbox, f"{name}_id" if name in ("team", "service") else name) for name in SET}
    return {name: value if isinstance(value, bool | int | None) else str(value) for name, value in found.items()}
