"""What all tests share. The servers come from `tests.support.plugin`."""

from collections.abc import Iterator

import pytest
from celery import current_app
from django.conf import settings
from django.core.cache import cache
from django.db.backends.postgresql.operations import DatabaseOperations
from django.utils import timezone, translation

from common import secrets
from tests.support import ledger


@pytest.fixture(scope="session", autouse=True)
def tasks_are_known() -> None:
    """Outside a worker Celery does not import the task rooms, and eager mode would be skipped in silence."""
    current_app.loader.import_default_modules()


@pytest.fixture(scope="session", autouse=True)
def a_key_is_here() -> None:
    """As in every house that runs. The first one is only made where the database says that nothing needs another."""
    if not secrets.key_ids():
        secrets.add_key()


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


@pytest.fixture(autouse=True)
def language_and_zone_of_the_settings() -> Iterator[None]:
    """A page that was asked for in another language or zone leaves both behind in this thread."""
    with translation.override(settings.LANGUAGE_CODE), timezone.override(settings.TIME_ZONE):
        yield
