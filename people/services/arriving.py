"""People whom an issuer or a directory vouches for: found, let in, and given the roles that their groups give."""

import re
import uuid

from allauth.socialaccount.models import SocialAccount
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from common.text import UNSAFE
from common.transactions import as_one
from ledger.services import Actor, record
from people.admission import Admission, Arrival
from people.choices import Role
from people.errors import AddressNotAdmitted, LastAdministrator, NotLetIn, WrongDetails
from people.models import User
from people.selectors import is_from
from people.services.persons import create_person, set_roles

SIGN_IN = "system:sign-in"


def come_in(*, arrival: Arrival, admission: Admission) -> User:
    """The person that this is here, made when the groups give a role, with the roles of the groups.

    Raises NotLetIn or AddressNotAdmitted; roles that were lost are gone all the same.
    """
    try:
        return _let_in(arrival, admission)
    except (IntegrityError, WrongDetails):
        # They came by two windows at once. The row of the other one is there now.
        return _let_in(arrival, admission)


@transaction.atomic
def unlink(*, person_id: uuid.UUID | str, by: Actor) -> User:
    """Forget as whom issuer and directory know the person. The second call does nothing."""
    person = User.objects.select_for_update().get(pk=person_id)
    gone, _rows = SocialAccount.objects.filter(user=person).delete()
    if gone:
        record(verb="person.unlinked", subject=person, actor=by)
    return person


@as_one()
def _let_in(arrival: Arrival, admission: Admission) -> User:
    person = _person(arrival, admission)
    if person is not None and admission.roles:
        _follow_groups(person, admission.roles_for(arrival.groups))
    refusal = _refusal(person, arrival, admission)
    if person is not None and refusal is not None:
        record(verb="person.sign_in_refused", subject=person, actor=SIGN_IN, data={"source": arrival.source})
    if refusal is not None:
        raise refusal
    assert person is not None  # noqa: S101  refused otherwise
    return person


def _person(arrival: Arrival, admission: Admission) -> User | None:
    """The person known by this identity, linked by a verified address, or new; None when nobody may be made."""
    known = SocialAccount.objects.filter(provider=arrival.source, uid=arrival.uid).select_related("user").first()
    if known is not None:
        return User.objects.select_for_update().get(pk=known.user_id)
    if not admission.admits_address(arrival.email):
        return None
    person = _by_address(arrival, admission)
    if person is None and admission.roles_for(arrival.groups):
        person = _new(arrival, admission.roles_for(arrival.groups))
    if person is not None:
        SocialAccount.objects.create(user=person, provider=arrival.source, uid=arrival.uid)
        record(verb="person.linked", subject=person, actor=SIGN_IN, data={"source": arrival.source})
    return person


def _by_address(arrival: Arrival, admission: Admission) -> User | None:
    """Somebody who is here already. The break-glass account and programs belong to nobody outside."""
    if not admission.link_by_email or not arrival.email:
        return None
    here = User.objects.select_for_update().filter(is_machine=False, is_superuser=False, is_active=True)
    found = here.filter(email=arrival.email.lower()).first()
    taken = found is not None and is_from(found, arrival.source)
    return None if taken else found


def _new(arrival: Arrival, roles: set[str]) -> User:
    email = arrival.email.lower()
    if not _is_address(email) or User.objects.filter(email__iexact=email).exists():
        email = ""
    username = _free_name(arrival)
    return create_person(
        username=username, name=_line(arrival.name, 120) or username, email=email, roles=roles, by=SIGN_IN
    )


def _free_name(arrival: Arrival) -> str:
    """The sign-in name of the other house in signs that we keep; with a number where somebody here has it."""
    wanted = re.sub(r"[^\w.@+-]", "", _line(arrival.username or arrival.email.partition("@")[0], 50)) or "person"
    alike = User.objects.filter(username__istartswith=wanted).values_list("username", flat=True)
    taken = {name.lower() for name in alike}
    names = [wanted, *(f"{wanted}-{number}" for number in range(2, len(taken) + 3))]
    return next(name for name in names if name.lower() not in taken)


def _follow_groups(person: User, roles: set[str]) -> None:
    """Exactly the roles of the groups. The last administrator stays one: somebody must be able to let others in."""
    if person.is_machine or person.is_superuser or not person.is_active:
        return
    try:
        with transaction.atomic():
            set_roles(person_id=person.pk, roles=roles, by=SIGN_IN)
    except LastAdministrator:
        set_roles(person_id=person.pk, roles={*roles, Role.ADMINISTRATOR}, by=SIGN_IN)
        record(verb="person.kept_as_last_administrator", subject=person, actor=SIGN_IN)


def _refusal(person: User | None, arrival: Arrival, admission: Admission) -> Exception | None:
    if not admission.admits_address(arrival.email):
        return AddressNotAdmitted()
    # Programs and the break-glass account belong to nobody outside.
    if person is None or person.is_machine or person.is_superuser:
        return NotLetIn()
    # Who was closed hears so from the page that says it to everybody.
    if person.is_active and not person.groups.filter(name__in=Role.values).exists():
        return NotLetIn()
    return None


def _line(text: str, length: int) -> str:
    return " ".join(UNSAFE.sub("", text).split())[:length].strip()


def _is_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return len(text) <= 254
