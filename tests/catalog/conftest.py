"""Who acts in the tests of the catalog."""

import pytest

from people.models import User
from people.services import set_roles


@pytest.fixture
def person(db):
    """Makes a person with one role. Argument: the role."""

    def make(role: str) -> User:
        person = User.objects.create_user(role.lower(), name=role)
        return set_roles(person_id=person.pk, roles=[role], by="system:test")

    return make


@pytest.fixture
def administrator(person) -> User:
    return person("Administrator")
