"""Who acts in the tests of actions."""

import pytest

from people.choices import Role
from people.models import User
from tests.support.people import person


@pytest.fixture
def rosa(db) -> User:
    """Does things."""
    return person(Role.RESPONDER, name="Rosa")


@pytest.fixture
def otto(db) -> User:
    """Somebody else who works here."""
    return person(Role.RESPONDER, name="Otto")


@pytest.fixture
def mona(db) -> User:
    """Signs."""
    return person(Role.MANAGER, name="Mona")
