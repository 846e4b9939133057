"""Signing in and out, and the secrets that people sign in with."""

import uuid

from allauth.mfa.models import Authenticator
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from common.context import current
from common.facts import announce
from common.versions import raise_version
from ledger.services import Actor, record
from people.errors import IsAProgram, WrongDetails
from people.models import User
from people.services.sessions import end_sessions
from people.signals import SUPERUSER_SIGNED_IN

SIGN_IN = "system:sign-in"


@transaction.atomic
def note_sign_in(*, person: User, language: str = "", way: str = "") -> None:
    """Keep that somebody signed in. The break-glass account is announced to all administrators.

    language: what the pages speak; empty when not known.  way: password, directory, sign_on or passkey.
    """
    if language and language != person.last_language:
        person.last_language = language
        person.save(update_fields=["last_language"])
    record(verb="person.signed_in", subject=person, actor=person, data={"way": way} if way else {})
    if person.is_superuser:
        record(verb="person.superuser_signed_in", subject=person, actor=person)
        announce(
            SUPERUSER_SIGNED_IN,
            person_id=str(person.pk),
            at=timezone.now().isoformat(),
            address=current.get().address,
        )


@transaction.atomic
def note_sign_out(*, person: User) -> None:
    """Keep that somebody signed out."""
    record(verb="person.signed_out", subject=person, actor=person)


@transaction.atomic
def note_sign_in_failed(*, person: User, locked: bool) -> None:
    """Keep that a password or code for this person was wrong, and whether that locked them out."""
    record(verb="person.sign_in_failed", subject=person, actor=SIGN_IN)
    if locked:
        record(verb="person.locked_out", subject=person, actor=SIGN_IN)


@transaction.atomic
def note_new_password(*, person: User, way: str, session_key: str | None = None) -> None:
    """Keep that a person has a new password, and sign them out in every other browser than this one.

    way: changed, reset.
    """
    record(verb=f"person.password_{way}", subject=person, actor=person)
    end_sessions(person=person, by=person, but=session_key)


@transaction.atomic
def note_second_factor(*, person: User, kind: str, way: str) -> None:
    """Keep a change of a second factor. kind: totp, webauthn, recovery_codes.  way: added, removed, renewed."""
    record(verb=f"person.second_factor_{way}", subject=person, actor=person, data={"kind": kind})


@transaction.atomic
def set_password(*, person_id: uuid.UUID | str, password: str, by: Actor) -> User:
    """Give a person a new password; their sessions end. Raises WrongDetails or IsAProgram."""
    person = User.objects.select_for_update().get(pk=person_id)
    if person.is_machine:
        raise IsAProgram(person=person)
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise WrongDetails(fields={"password": [str(sentence) for sentence in error.messages]}) from error
    person.set_password(password)
    raise_version(person).save(update_fields=["password", "version"])
    record(verb="person.password_set", subject=person, actor=by)
    end_sessions(person=person, by=by)
    return person


@transaction.atomic
def reset_second_factor(*, person_id: uuid.UUID | str, by: Actor) -> User:
    """Remove second factor and recovery codes of somebody who lost them. The second call does nothing."""
    person = User.objects.select_for_update().get(pk=person_id)
    removed, _rows = Authenticator.objects.filter(user=person).delete()
    if removed:
        record(verb="person.second_factor_reset", subject=person, actor=by)
    return person
