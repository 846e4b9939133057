"""What all tests share. The servers come from `tests.support.plugin`."""

from collections.abc import Iterator

import pytest
from celery import current_app
from django.core.cache import cache
from django.db.backends.postgresql.operations import DatabaseOperations

from tests.support import ledger


@pytest.fixture(scope="session", autouse=True)
def tasks_are_known() -> None:
    """Outside a worker Celery does not import the task rooms, and eager mode would be skipped in silence."""
    current_app.loader.import_default_modules()


@pytest.fixture(scope="session", autouse=True)
def tests_may_empty_the_ledger() -> Iterator[None]:
    """Tests with real transactions end by emptying all tables, which the ledger's triggers refuse to everybody."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "execute_sql_flush", ledger.flush)
        yield


@pytest.fixture(autouse=True)
def empty_cache() -> Iterator[None]:
    """What one test put into the cache is not there for the next."""
    yield
    cache.clear()
