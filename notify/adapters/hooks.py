"""Web hooks: a signed POST to an address that somebody entered.

`Holdfast-Signature: t=<seconds>,v1=<hex>[,v1=<hex>]` is HMAC-SHA256 over `<t>.<body>`, by each secret that
counts: two while a secret is being exchanged. `Holdfast-Delivery` stays the same each time a delivery is tried.
"""

import hmac
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from common.outgoing import AddressRefused, NoAnswer, post
from notify.adapters.refusals import NotSent

#: So much of an answer is kept.
KEPT = 200
GONE = 410
#: Answers after which another try may go better.
TRY_AGAIN = {408, 425, 429}
#: What looks like a secret in an answer: long runs without a space.
LONG_RUN = re.compile(r"[A-Za-z0-9+/_=.-]{24,}")


@dataclass(frozen=True)
class Call:
    """What is sent, to where, and by which secrets it is signed, the newest first."""

    url: str
    secrets: Sequence[str]
    delivery_id: str
    kind: str
    body: dict[str, Any]


@dataclass(frozen=True)
class Taken:
    """The answer of who took it."""

    status: int
    text: str


def send(call: Call, *, now: datetime) -> Taken:
    """Post it once. Raises NotSent unless it is answered with 2xx."""
    body = json.dumps(call.body, ensure_ascii=False, separators=(",", ":")).encode()
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Holdfast",
        "Holdfast-Event": call.kind,
        "Holdfast-Delivery": call.delivery_id,
        "Holdfast-Signature": signature(body, call.secrets, now),
    }
    try:
        answer = post(call.url, body=body, headers=headers)
    except AddressRefused as refusal:
        raise NotSent(refusal.message, is_permanent=True) from refusal
    except NoAnswer as error:
        raise NotSent(_covered(str(error)), is_permanent=False) from error
    text = _covered(answer.text)[:KEPT]
    if 200 <= answer.status < 300:
        return Taken(answer.status, text)
    raise NotSent(
        f"{answer.status} {text}",
        is_permanent=answer.status < 500 and answer.status not in TRY_AGAIN,
        is_gone=answer.status == GONE,
        status=answer.status,
    )


def signature(body: bytes, secrets: Sequence[str], now: datetime) -> str:
    """The value of `Holdfast-Signature`."""
    at = int(now.timestamp())
    signed = f"{at}.".encode() + body
    made = [hmac.new(secret.encode(), signed, "sha256").hexdigest() for secret in secrets]
    return ",".join([f"t={at}", *(f"v1={each}" for each in made)])


def _covered(text: str) -> str:
    """On one line, readable, and without what may be a token that the other side repeated."""
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    return LONG_RUN.sub("•••", line)
