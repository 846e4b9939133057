"""What all tests share. The servers come from `tests.support.plugin`."""

from collections.abc import Iterator
from typing import Any

import pytest
from celery import current_app
from django.conf import settings
from django.core.cache import cache
from django.test import TransactionTestCase
from django.utils import timezone, translation

from common import secrets
from common.cache import ForgivingRedisCache
from tests.support import emptying


@pytest.fixture(scope="session", autouse=True)
def tasks_are_known() -> None:
    """Outside a worker Celery does not import the task rooms, and eager mode would be skipped in silence."""
    current_app.loader.import_default_modules()


@pytest.fixture(scope="session", autouse=True)
def a_key_is_here() -> None:
    """As in every house that runs. The first one is only made where the database says that nothing needs another."""
    if not secrets.key_ids():
        secrets.add_key()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Tests with real transactions leave the database as the migrations do."""
    with django_db_blocker.unblock():
        emptying.remember()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", emptying.as_migrated)
        yield


@pytest.fixture(autouse=True)
def empty_cache() -> Iterator[None]:
    """What one test put into the cache is not there for the next."""
    yield
    ForgivingRedisCache.hangs_until = 0.0
    cache.clear()


@pytest.fixture(autouse=True)
def language_and_zone_of_the_settings() -> Iterator[None]:
    """A page that was asked for in another language or zone leaves both behind in this thread."""
    with translation.override(settings.LANGUAGE_CODE), timezone.override(settings.TIME_ZONE):
        yield
