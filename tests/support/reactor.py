"""Twisted's one reactor of this process, for the servers of tests that stand on it."""

import threading
from collections.abc import Callable
from typing import Any

from twisted.internet import reactor

_lock = threading.Lock()
_thread: threading.Thread | None = None


def run() -> None:
    """Have it run, in a thread that ends with the process. Once is enough, whoever asks."""
    global _thread
    with _lock:
        if _thread is None:
            _thread = threading.Thread(target=reactor.run, kwargs={"installSignalHandlers": False}, daemon=True)
            _thread.start()


def listen(start: Callable[[], Any]) -> int:
    """Begin to listen, in its thread. Returns the port."""
    opened, ready = [], threading.Event()

    def begin() -> None:
        opened.append(start())
        ready.set()

    run()
    reactor.callFromThread(begin)
    assert ready.wait(10)
    return int(opened[0].getHost().port)
