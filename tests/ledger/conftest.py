"""A subject and an actor for entries of the ledger."""

import pytest
from django.db import transaction
from django.utils import timezone

from ledger import heads
from ledger.services import record, seal_pending
from people.models import User


@pytest.fixture
def alice(db):
    return User.objects.create_user("alice", name="Alice Archer")


@pytest.fixture
def write(alice):
    """Write entries, each in a transaction of its own, and give them back."""

    def entries(count=1, **data):
        with transaction.atomic():
            return [record(verb="user.renamed", subject=alice, actor=alice, data=data) for _ in range(count)]

    return entries


@pytest.fixture
def seal(db):
    """Seal what waits, and let the head out; whatever left is gone after the test."""

    def sealed(**options):
        count = seal_pending(now=timezone.now(), **options)
        heads.publish()  # a test inside one transaction never commits
        return count

    yield sealed
    heads.path().unlink(missing_ok=True)
