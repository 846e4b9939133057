"""People and keys for tests."""

import itertools
from typing import Any

from django.test import Client

from people import services
from people.models import User

PASSWORD = "a-Long-enough-one-7"

_numbers = itertools.count(1)


def person(*roles: str, password: str | None = None, superuser: bool = False, **fields: Any) -> User:
    """A person with these roles, made the way administrators make them."""
    number = next(_numbers)
    details = {"username": f"person{number}", "name": f"Person {number}"} | fields
    made = services.create_person(roles=roles, password=password, by="system:tests", **details)
    if superuser:
        made.is_superuser = made.is_staff = True
        made.save(update_fields=["is_superuser", "is_staff"])
    return made


def signed_in(*roles: str, **fields: Any) -> Client:
    """A browser of a person with these roles; `client.person` is the person."""
    client = Client()
    client.person = person(*roles, **fields)  # type: ignore[attr-defined]
    client.force_login(client.person)  # type: ignore[attr-defined]
    return client


def with_key(role: str, **options: Any) -> Client:
    """A program with a key of this role; `client.key` is the key's row."""
    new = services.create_api_key(name=f"Program of a {role}", role=role, by="system:tests", **options)
    client = Client(headers={"Authorization": f"Bearer {new.text}"})
    client.key = new.row  # type: ignore[attr-defined]
    return client
