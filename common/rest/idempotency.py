"""`Idempotency-Key`: a request that is sent again is answered again, and its work is done once.

The work and its answer are committed together, so there is never one without the other. Whoever
works holds a lease of a minute; a process that dies leaves neither work nor answer, and the lease
runs out. Only what was done is kept, without the secrets that are shown once: asking again after a
refusal asks anew. A kept answer is given only to who may still do what was done then.
"""

import json
import re
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from common.errors import DomainError
from common.models import KeptAnswer
from common.secrets import seal, unseal
from common.transactions import as_one

HEADER = "Idempotency-Key"
#: Printable ASCII, as programs make them: a UUID, a hash, an order number.
KEYS = re.compile(r"[\x21-\x7e]{1,255}")
KEPT_FOR = timedelta(hours=24)
LEASE = timedelta(seconds=60)
#: What of an answer's headers is part of it; the others are made anew.
KEPT_HEADERS = ("Location",)
AT_ONCE = 1000


class NotAKey(DomainError):
    """A header that is no key."""

    code = "idempotency_key_invalid"
    status = 400
    template = _("An Idempotency-Key has 1 to 255 printable ASCII characters without spaces.")


class KeyUsed(DomainError):
    """The key came with another body before."""

    code = "idempotency_key_reused"
    status = 422
    template = _("This Idempotency-Key was used with another body. Take a new key for a new request.")


class RightsChanged(DomainError):
    """The caller may do other things now than when the first request was answered."""

    code = "idempotency_key_of_other_rights"
    status = 403
    template = _(
        "The first request with this Idempotency-Key was answered with other rights than yours are now. "
        "Look at what came of it, or take a new key."
    )


class KeyInUse(DomainError):
    """The first request with this key is not answered yet."""

    code = "idempotency_key_in_use"
    status = 409
    template = _("The first request with this Idempotency-Key is still being carried out. Ask again in a moment.")


def key_of(request: Request) -> str | None:
    """The request's key. Raises NotAKey for a header that is none."""
    given = request.headers.get(HEADER)
    if given is not None and not KEYS.fullmatch(given):
        raise NotAKey
    return given


def once(
    request: Request, key: str, work: Callable[[], Response], check_seen: Callable[[], None] = lambda: None
) -> Response:
    """The answer of the work, or the one that was kept.

    check_seen: asked before a kept answer is given; refuses whoever may not see what it is about any more.
    Raises KeyUsed for another body, RightsChanged, KeyInUse while the first request is being carried out.
    """
    name = _digest(str(request.user.pk), request.path, key)
    caller: Any = request.auth or request.user  # the key, or the person of the session
    question = f"{_digest_of(request)} {caller.authority}"
    token = uuid.uuid4()
    kept = _claim(name, question, token, now=timezone.now())
    if kept is not None:
        check_seen()
        return _again(kept)
    try:
        with as_one():
            answer = work()
            _keep(name, token, answer)
    except Exception:
        # Refused or broken, whatever the reason: the next request with this key is the first again.
        KeptAnswer.objects.filter(name=name, token=token).delete()
        raise
    return answer


def _digest_of(request: Request) -> str:
    """What tells this body from any other. A form is read part by part: it may be too large for the memory."""
    if request._request.content_type != "multipart/form-data":
        return sha256(request._request.body).hexdigest()
    form: Any = request.data
    parts = [(name, each) for name, values in form.lists() for each in values]
    return _digest(*(f"{name}={_part(each)}" for name, each in parts))


def _part(value: Any) -> str:
    if not isinstance(value, UploadedFile):
        return str(value)
    digest = sha256()
    for chunk in value.chunks():
        digest.update(chunk)
    value.seek(0)
    return f"{value.name} {digest.hexdigest()}"


def shown_once(answer: Response, *names: str) -> Response:
    """The answer with these secrets in it. A repeated one has null there: they are not kept."""
    answer.shown_once = names  # type: ignore[attr-defined]
    return answer


def forget_old(*, now: datetime) -> None:
    """Remove answers of which a day has passed, a thousand at once."""
    old = KeptAnswer.objects.filter(created_at__lt=now - KEPT_FOR).order_by("created_at").values("pk")[:AT_ONCE]
    KeptAnswer.objects.filter(pk__in=old).delete()


@transaction.atomic
def _claim(name: str, question: str, token: uuid.UUID, *, now: datetime) -> str | None:
    """Take the work, or find the answer: None when it is ours to do."""
    lease = {"token": token, "lease_until": now + LEASE}
    new = KeptAnswer(name=name, question=seal(question), created_at=now, **lease)
    KeptAnswer.objects.bulk_create([new], ignore_conflicts=True)
    row = KeptAnswer.objects.select_for_update().filter(name=name).first()
    if row is None:
        raise KeyInUse  # it was given up between the two queries
    if row.token == token:
        return None
    is_old = row.created_at <= now - KEPT_FOR
    if not is_old:
        _check_same(unseal(row.question), question)
    if row.answer and not is_old:
        return row.answer
    if row.lease_until is not None and row.lease_until > now:
        raise KeyInUse
    KeptAnswer.objects.filter(pk=row.pk).update(question=seal(question), answer="", created_at=now, **lease)
    return None


def _check_same(first: str, now: str) -> None:
    """Raises KeyUsed for another body, RightsChanged for another authority."""
    (body_then, _space, may_then), (body_now, _space, may_now) = first.partition(" "), now.partition(" ")
    if body_then != body_now:
        raise KeyUsed
    if may_then != may_now:
        raise RightsChanged


def _keep(name: str, token: uuid.UUID, answer: Response) -> None:
    """Write the answer down, in the transaction of the work. Raises KeyInUse when the lease was lost."""
    said = {
        "status": answer.status_code,
        "data": JSONRenderer().render(_without_secrets(answer)).decode(),
        "headers": {name: answer[name] for name in KEPT_HEADERS if name in answer},
    }
    changes = {"answer": seal(json.dumps(said)), "token": None, "lease_until": None}
    if KeptAnswer.objects.filter(name=name, token=token).update(**changes) != 1:
        raise KeyInUse


def _without_secrets(answer: Response) -> Any:
    secrets = getattr(answer, "shown_once", ())
    return {**answer.data, **dict.fromkeys(secrets)} if secrets else answer.data


def _again(kept: str) -> Response:
    said = json.loads(unseal(kept))
    data = json.loads(said["data"]) if said["data"] else None
    return Response(data, status=said["status"], headers={**said["headers"], "Idempotency-Replayed": "true"})


def _digest(*parts: str) -> str:
    return sha256("\0".join(parts).encode()).hexdigest()
