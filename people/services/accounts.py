"""Accounts that end on a day, and people who are made unknown."""

import uuid
from datetime import date, datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.db import transaction
from django.utils import timezone

from common.facts import announce
from common.secrets import seal
from common.versions import check_version, raise_version
from ledger.services import Actor, record
from people.choices import ContactKind
from people.errors import EndsInThePast, IsAProgram
from people.models import ApiKey, ContactMethod, KeyUse, Membership, PasswordReset, Team, User
from people.selectors import ended_accounts, today
from people.services.persons import check_not_the_last, deactivate
from people.signals import ACCOUNT_ENDED, PERSON_ANONYMISED

SWEEP = "system:people"


@transaction.atomic
def set_end(*, person_id: uuid.UUID | str, ends_on: date | None, by: Actor, version: int | None = None) -> User:
    """Let an account end with a day, extend it to another, or let it last (None).

    An account that is closed already stays so until the person is let sign in again.
    Raises EndsInThePast, IsAProgram, LastAdministrator or Stale. The same day again changes nothing.
    """
    person = User.objects.select_for_update().get(pk=person_id)
    check_version(person, version)
    if person.ends_on == ends_on:
        return person
    if person.is_machine:
        raise IsAProgram(person=person)
    if ends_on is not None:
        if ends_on < today(timezone.now()):
            raise EndsInThePast
        check_not_the_last(person)
    before, person.ends_on = person.ends_on, ends_on
    raise_version(person).save(update_fields=["ends_on", "version"])
    record(verb="person.end_changed", subject=person, actor=by, data={"before": before, "after": ends_on})
    return person


def close_ended(*, now: datetime) -> int:
    """Close the accounts whose time is over: sign-in, sessions and own keys. Returns how many. Safe at any time."""
    closed = 0
    for person_id in ended_accounts(now).values_list("pk", flat=True):
        closed += _close(person_id, now)
    return closed


@transaction.atomic
def _close(person_id: uuid.UUID, now: datetime) -> int:
    """Each in a transaction of its own; what another worker holds is closed by that one."""
    person = ended_accounts(now).filter(pk=person_id).select_for_update(skip_locked=True).first()
    if person is None:
        return 0
    record(verb="person.account_ended", subject=person, actor=SWEEP, data={"ends_on": person.ends_on})
    deactivate(person_id=person.pk, by=SWEEP)
    announce(ACCOUNT_ENDED, person_id=str(person.pk))
    return 1


@transaction.atomic
def anonymise(*, person_id: uuid.UUID | str, by: Actor) -> User:
    """Make a person unknown: name, addresses and everything they signed in with are gone, for good.

    The row and its id stay, because the ledger and everything the person did name it. What the ledger and the histories
    of incidents and actions wrote down before keeps the name of that day: they are only added to, which is their
    purpose. What others were told stays theirs.
    Raises LastAdministrator or IsAProgram. The second call does nothing.
    """
    person = User.objects.select_for_update().get(pk=person_id)
    if person.anonymised_at is not None:
        return person
    if person.is_machine:
        raise IsAProgram(person=person)
    deactivate(person_id=person.pk, by=by)
    person.refresh_from_db()
    addresses = _addresses_of(person)
    _forget_sign_in(person)
    _forget_keys(person)
    Membership.objects.filter(person=person).delete()
    Team.objects.filter(manager=person).update(manager=None)
    User.objects.filter(manager=person).update(manager=None)
    ContactMethod.objects.filter(person=person).delete()
    person.groups.clear()
    _forget_details(person)
    record(verb="person.anonymised", subject=person, actor=by)
    announce(PERSON_ANONYMISED, person_id=str(person.pk), sealed_addresses=seal("\n".join(addresses)))
    return person


def _addresses_of(person: User) -> list[str]:
    """Every e-mail address that is known to be the person's."""
    found = {person.email, *EmailAddress.objects.filter(user=person).values_list("email", flat=True)}
    by_mail = ContactMethod.objects.filter(person=person, kind=ContactKind.EMAIL)
    return sorted({*found, *by_mail.values_list("address", flat=True)} - {""})


def _forget_sign_in(person: User) -> None:
    Authenticator.objects.filter(user=person).delete()
    SocialAccount.objects.filter(user=person).delete()
    PasswordReset.objects.filter(person=person).delete()
    EmailAddress.objects.filter(user=person).delete()
    for kept in (AccessAttempt, AccessLog, AccessFailureLog):
        kept.objects.filter(username=person.username.lower()).delete()


def _forget_keys(person: User) -> None:
    """They were revoked: when they were used stays, what they were called and from where they called does not."""
    keys = ApiKey.objects.filter(owner=person)
    programs = User.objects.filter(is_machine=True, pk__in=keys.values("user")).exclude(
        pk__in=ApiKey.objects.exclude(owner=person).values("user")
    )
    KeyUse.objects.filter(key__in=keys).update(address="")
    for program in programs:
        program.name = f"Anonymous {program.pk.hex[:8]}"
        program.save(update_fields=["name"])
    for key in keys:
        key.name = f"Anonymous {key.pk.hex[:8]}"
        key.save(update_fields=["name"])


def _forget_details(person: User) -> None:
    short = person.pk.hex[:8]
    person.username, person.name = f"anonymous-{short}", f"Anonymous {short}"
    person.email = person.language = person.last_language = person.time_zone = person.theme = ""
    person.manager = person.last_login = None
    person.is_staff = person.is_superuser = False
    person.set_unusable_password()
    person.anonymised_at = timezone.now()
    raise_version(person).save()
