"""People, texts and a mail server for the tests of telling."""

from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path

import pytest

from people.models import User
from tests.notify.sinks import Sink, running

TEXTS = Path(__file__).parent / "templates"


@pytest.fixture(autouse=True)
def texts(settings) -> None:
    """A kind of message that only tests know: `test.told`."""
    templates = deepcopy(settings.TEMPLATES)
    templates[0]["DIRS"] = [*templates[0]["DIRS"], TEXTS]
    settings.TEMPLATES = templates


@pytest.fixture
def sink(settings) -> Iterator[Sink]:
    """A mail server that takes everything, and settings that use it."""
    with running(Sink()) as found:
        use(settings, found.port)
        yield found


def use(settings, port: int) -> None:
    settings.EMAIL_CONFIGURED = True
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.EMAIL_TIMEOUT = 5
    settings.DEFAULT_FROM_EMAIL = "Holdfast <holdfast@example.org>"
    settings.BASE_URL = "https://holdfast.example.org"


@pytest.fixture
def ada(db) -> User:
    return User.objects.create_user("ada", name="Ada Lovelace", email="ada@example.org")


@pytest.fixture
def chen(db) -> User:
    return User.objects.create_user("chen", name="陈雨", email="chen@example.org", language="zh-hans")
