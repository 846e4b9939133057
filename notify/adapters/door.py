"""What the plugins of Apprise get in place of the module `requests`. Heavy: imported as the first app is sent to."""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import requests

from common.errors import DomainError
from common.outgoing import Deadline, NoAnswer, no_answer
from common.outgoing.sessions import PinnedSession

#: What plugins name of the module beside its verbs. Nothing else is there for them.
NAMES = frozenset(
    {"RequestException", "ConnectionError", "HTTPError", "Timeout", "TooManyRedirects", "codes", "exceptions"}
)
VERBS = frozenset({"get", "post", "put", "patch", "delete", "head"})


@dataclass
class Walk:
    """The sending of one message: how long it may take, and what came back last."""

    deadline: Deadline
    status: int | None = None
    text: str = ""
    trouble: DomainError | NoAnswer | None = None


class Door:
    """The one way out for plugins: only while a message is sent, and only to addresses that were checked."""

    def __init__(self) -> None:
        self._here = threading.local()
        self._let_through: set[type] = set()

    @contextmanager
    def open(self, deadline: Deadline) -> Iterator[Walk]:
        """While the calling thread sends one message."""
        walk = self._here.walk = Walk(deadline)
        try:
            yield walk
        finally:
            self._here.walk = None

    def leads(self, plugin: type) -> bool:
        """Stand in for `requests` in every module of the plugin. False when it sends in some other way."""
        if plugin not in self._let_through:
            modules = [sys.modules[each.__module__] for each in plugin.__mro__ if each.__module__ != "builtins"]
            named = [each for each in modules if isinstance(getattr(each, "requests", None), Door | ModuleType)]
            if not named:
                return False
            for module in named:
                module.requests = self  # type: ignore[attr-defined]  # a module takes any name
            self._let_through.add(plugin)
        return True

    def request(self, method: str, url: str, *others: Any, **options: Any) -> requests.Response:
        """As `requests.request`. Raises RequestException, also where nothing may be sent to."""
        walk: Walk | None = getattr(self._here, "walk", None)
        if walk is None:
            raise requests.RequestException("No message is being sent here.")
        with PinnedSession(walk.deadline) as session:
            try:
                answer = session.request(method, url, *others, **options)
            except requests.RequestException as error:
                walk.trouble = session.trouble or no_answer(_cause(error), is_late=walk.deadline.is_over)
                raise
        walk.status, walk.text, walk.trouble = answer.status_code, answer.text[:4096], None
        return answer

    def __getattr__(self, name: str) -> Any:
        if name in VERBS:
            return lambda url, *others, **options: self.request(name, url, *others, **options)
        if name in NAMES:
            return getattr(requests, name)
        raise AttributeError(name)


def _cause(error: BaseException) -> BaseException:
    """The error of the network that a library wrapped, however deep."""
    seen: list[BaseException] = []
    while isinstance(error, Exception) and error not in seen:
        seen.append(error)
        inner = getattr(error, "reason", None) or error.__cause__ or error.__context__
        if not isinstance(inner, BaseException):
            inner = next((each for each in error.args if isinstance(each, BaseException)), None)
        if inner is None:
            break
        error = inner
    return next((each for each in reversed(seen) if isinstance(each, OSError)), error)
