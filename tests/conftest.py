"""What all tests share. The servers come from `tests.support.plugin`."""

from collections.abc import Iterator

import pytest
from celery import current_app
from django.core.cache import cache


@pytest.fixture(scope="session", autouse=True)
def tasks_are_known() -> None:
    """Outside a worker Celery does not import the task rooms, and eager mode would be skipped in silence."""
    current_app.loader.import_default_modules()


@pytest.fixture(autouse=True)
def empty_cache() -> Iterator[None]:
    """What one test put into the cache is not there for the next."""
    yield
    cache.clear()
