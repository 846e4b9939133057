"""Who acts in the tests of the catalog."""

import pytest

from people.choices import Role
from people.models import User
from tests.support.people import person


@pytest.fixture
def administrator(db) -> User:
    return person(Role.ADMINISTRATOR)
