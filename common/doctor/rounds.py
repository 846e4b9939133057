"""One round through all parts at once: one that hangs or breaks is a finding, and holds nobody up."""

import queue
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import replace

from django.db import connection
from django.utils.module_loading import autodiscover_modules

from common.doctor.findings import Finding, broken

#: After this long a part counts as hanging.
PATIENCE_SECONDS = 15.0

Look = Callable[[], Iterable[Finding]]
#: The looks of each part, in the order in which they are told.
LOOKS: dict[str, list[Look]] = {}


def examines(part: str) -> Callable[[Look], Look]:
    """Have a function look at a part in every round. It runs in a thread of its own."""

    def add(look: Look) -> Look:
        LOOKS.setdefault(part, []).append(look)
        return look

    return add


def examine(*, seconds: float = PATIENCE_SECONDS) -> list[Finding]:
    """Look at everything at once. Ends in time, whatever hangs."""
    autodiscover_modules("doctor")
    deadline = time.monotonic() + seconds
    answers: dict[tuple[str, Look], queue.Queue[list[Finding]]] = {}
    for part, looks in LOOKS.items():
        for look in looks:
            answers[part, look] = queue.Queue()
            # A daemon: what hangs must not keep the command from ending.
            threading.Thread(target=_look, args=[look, answers[part, look]], daemon=True).start()
    return [
        replace(finding, part=part)
        for (part, _look_), answer in answers.items()
        for finding in _awaited(answer, deadline, seconds)
    ]


def _awaited(answer: "queue.Queue[list[Finding]]", deadline: float, seconds: float) -> list[Finding]:
    try:
        return answer.get(timeout=max(deadline - time.monotonic(), 0.001))
    except queue.Empty:
        return [broken(f"no answer within {seconds:g} s", "It hangs: look at the machine or service it runs on.")]


def _look(look: Look, answer: "queue.Queue[list[Finding]]") -> None:
    try:
        answer.put(list(look()))
    except Exception as error:  # noqa: BLE001 - whatever stops a look is what has to be told
        said = str(error).strip().splitlines()
        answer.put([broken(f"could not be examined: {type(error).__name__}: {said[0] if said else ''}", "")])
    finally:
        connection.close()
