"""Web hooks: a signed POST to an address that somebody entered.

`Holdfast-Signature: t=<seconds>,v1=<hex>[,v1=<hex>]` is HMAC-SHA256 over `<t>.<body>`, by each secret that
counts: two while a secret is being exchanged. `Holdfast-Delivery` stays the same each time a delivery is tried.
"""

import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from common.outgoing import AddressRefused, NoAnswer, post
from notify.adapters.refusals import NotSent, Taken
from notify.adapters.safe import covered
from notify.choices import Outcome

GONE = 410
#: Answers after which another try may go better.
TRY_AGAIN = {408, 425, 429}


@dataclass(frozen=True)
class Call:
    """What is sent, to where, and by which secrets it is signed, the newest first."""

    url: str
    secrets: Sequence[str]
    delivery_id: str
    kind: str
    body: dict[str, Any]


def send(call: Call, *, now: datetime) -> Taken:
    """Post it once. Raises NotSent unless it is answered with 2xx. Nothing that comes back repeats a secret."""
    body = json.dumps(call.body, ensure_ascii=False, separators=(",", ":")).encode()
    signed = signature(body, call.secrets, now)
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Holdfast",
        "Holdfast-Event": call.kind,
        "Holdfast-Delivery": call.delivery_id,
        "Holdfast-Signature": signed,
    }
    hidden = [*call.secrets, signed, call.url]
    try:
        answer = post(call.url, body=body, headers=headers)
    except AddressRefused as refusal:
        raise NotSent(refusal.message, is_permanent=True, outcome=Outcome.NOT_SENT_THERE) from refusal
    except NoAnswer as error:
        detail = covered(str(error), hidden)
        raise NotSent(detail, is_permanent=False, outcome=Outcome(error.why.value)) from error
    text = covered(answer.text, hidden)
    if 200 <= answer.status < 300:
        return Taken(answer.status, text)
    raise NotSent(
        f"{answer.status} {text[:200]}".strip(),
        is_permanent=answer.status < 500 and answer.status not in TRY_AGAIN,
        is_gone=answer.status == GONE,
        status=answer.status,
        text=text,
    )


def signature(body: bytes, secrets: Sequence[str], now: datetime) -> str:
    """The value of `Holdfast-Signature`."""
    at = int(now.timestamp())
    signed = f"{at}.".encode() + body
    made = [hmac.new(secret.encode(), signed, "sha256").hexdigest() for secret in secrets]
    return ",".join([f"t={at}", *(f"v1={each}" for each in made)])
