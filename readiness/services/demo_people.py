"""Somebody for every role of the demo, with passwords of this installation alone."""

import itertools
import json
import os
import secrets
import string
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.translation import get_language, gettext, gettext_noop, override

from common.secrets import seal, unseal
from people.choices import Role
from people.models import User
from people.selectors import with_role
from people.services import create_person

ACTOR = "system:first_start"
PASSWORD_LENGTH = 16
LETTERS = string.ascii_letters + string.digits

#: Who stands for each role, by a name in the language of the demo.
NAMES = {
    Role.REPORTER: gettext_noop("Robin Lind"),
    Role.RESPONDER: gettext_noop("Jo Adeyemi"),
    Role.MANAGER: gettext_noop("Kim Sato"),
    Role.REVIEWER: gettext_noop("Lee Novak"),
    Role.AUDITOR: gettext_noop("Sam Haddad"),
    Role.ADMINISTRATOR: gettext_noop("Alex Moreau"),
}


@dataclass(frozen=True)
class SignIn:
    """What somebody needs to sign in as one role."""

    username: str
    password: str
    role: str

    @property
    def label(self) -> str:
        """The role as people read it."""
        return str(Role(self.role).label)


def sign_ins() -> list[SignIn]:
    """The demo's sign-ins that still work; made now if nobody is here yet. Empty where no demo is wanted."""
    if not settings.DEMO:
        return []
    if not User.objects.exists():
        with transaction.atomic(), override(settings.LANGUAGE_CODE):
            _keep([sign_in for _person, sign_in in map(_let_in, NAMES)])
    people = {person.username: person for person in User.objects.filter(is_active=True)}
    return [each for each in _kept() if each.username in people and people[each.username].check_password(each.password)]


def cast(*, by: User | None) -> tuple[dict[str, User], list[SignIn]]:
    """Somebody for every role: whom the first start let in, else people made now, in the language that is on.

    by: the administrator who loads the demo, and stands for administrators: no second one is let in where one is
    already. Returns {role: person}, and the sign-ins made now, whose passwords are kept nowhere.
    """
    active = User.objects.filter(is_active=True)
    people = {each.role: person for each in _kept() if (person := active.filter(username=each.username).first())}
    administrator = by or with_role(Role.ADMINISTRATOR).first()
    if administrator is not None:
        people.setdefault(Role.ADMINISTRATOR, administrator)
    fresh = []
    for role in NAMES:
        if role not in people:
            people[role], sign_in = _let_in(role)
            fresh.append(sign_in)
    return people, fresh


def is_demo_wanted() -> bool:
    """Whether this installation began with the demo's people, so that their organisation belongs to them."""
    return settings.DEMO and kept_in().exists()


def _let_in(role: Role) -> tuple[User, SignIn]:
    """A person with this role, under the first sign-in name that nobody has."""
    names = itertools.chain(
        [role.lower(), f"demo-{role.lower()}"], (f"demo-{role.lower()}-{n}" for n in itertools.count(2))
    )
    username = next(name for name in names if not User.objects.filter(username__iexact=name).exists())
    language, password = get_language() or settings.LANGUAGE_CODE, _password()
    person = create_person(
        username=username,
        name=gettext(NAMES[role]),
        roles=[role],
        password=password,
        language="" if language == settings.LANGUAGE_CODE else language,
        by=ACTOR,
    )
    return person, SignIn(username, password, role.value)


def _kept() -> list[SignIn]:
    """Whom the first start let in."""
    if not kept_in().exists():
        return []
    return [SignIn(**each) for each in json.loads(unseal(kept_in().read_text(encoding="ascii")))]


def _keep(made: list[SignIn]) -> None:
    """Sealed, and readable by nobody else. Written before the people are: they would be of no use without it."""
    fresh = kept_in().with_suffix(".new")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(seal(json.dumps([vars(each) for each in made])))
    fresh.replace(kept_in())


def kept_in() -> Path:
    """Where they lie, sealed as one value."""
    return Path(settings.DATA_DIR) / "secrets" / "demo-sign-ins"


def _password() -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(PASSWORD_LENGTH))
