"""One sign-in for every role, made where the demo is loaded, with passwords of this installation alone."""

import json
import os
import secrets
import string
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import transaction

from common.secrets import seal, unseal
from people.choices import Role
from people.models import User
from people.services import create_person

ACTOR = "system:first_start"
PASSWORD_LENGTH = 16
LETTERS = string.ascii_letters + string.digits

#: Who stands for each role.
NAMES = {
    Role.REPORTER: "Robin Lind",
    Role.RESPONDER: "Jo Adeyemi",
    Role.MANAGER: "Kim Sato",
    Role.REVIEWER: "Lee Novak",
    Role.AUDITOR: "Sam Haddad",
    Role.ADMINISTRATOR: "Alex Moreau",
}


@dataclass(frozen=True)
class SignIn:
    """What somebody needs to sign in as one role."""

    username: str
    password: str
    role: str


def sign_ins() -> list[SignIn]:
    """The demo's sign-ins that still work; made now if nobody is here yet. Empty where no demo is wanted."""
    if not settings.DEMO:
        return []
    if not User.objects.exists():
        _make()
    if not kept_in().exists():
        return []
    kept = [SignIn(**each) for each in json.loads(unseal(kept_in().read_text(encoding="ascii")))]
    people = {person.username: person for person in User.objects.filter(is_active=True)}
    return [each for each in kept if each.username in people and people[each.username].check_password(each.password)]


def is_demo_wanted() -> bool:
    """Whether this installation began with the demo's people, so that their organisation belongs to them."""
    return settings.DEMO and kept_in().exists()


def _make() -> None:
    made = [SignIn(role.lower(), _password(), role.value) for role in NAMES]
    with transaction.atomic():
        for each in made:
            name = NAMES[Role(each.role)]
            create_person(username=each.username, name=name, roles=[each.role], password=each.password, by=ACTOR)
        _keep(made)


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
