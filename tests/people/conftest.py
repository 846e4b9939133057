"""What the tests of signing in share."""

from collections.abc import Iterator

import pytest

from tests.people.walks import ANA, ROLES
from tests.support.issuer import TestIssuer


@pytest.fixture(autouse=True)
def quick_passwords(settings) -> None:
    """Argon2 is slow on purpose; one test of its own shows that it is used."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="module")
def _issuer() -> Iterator[TestIssuer]:
    issuer = TestIssuer()
    yield issuer
    issuer.close()


@pytest.fixture
def issuer(_issuer, settings) -> TestIssuer:
    _issuer.reset()
    _issuer.vouches_for = dict(ANA)
    settings.SIGN_ON_ISSUER = _issuer.settings(roles=ROLES)
    return _issuer
