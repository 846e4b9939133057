"""How the API refuses, for its description: one shape, and what each status means."""

from collections.abc import Iterator
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SHAPE = "Error"
PREFIX = "Refused"
REFERENCE = {"$ref": f"#/components/schemas/{SHAPE}"}

#: Status → code of the example, what it means.
MEANINGS: dict[str, tuple[str, str | Promise]] = {
    "400": ("invalid", _("Something in the request is not right; `fields` names it. Nothing was changed.")),
    "401": ("not_authenticated", _("There is no key and no session, or the key does not hold any more.")),
    "403": ("not_allowed", _("The caller may see this but may not do it, or the key’s scopes do not reach it.")),
    "404": ("not_found", _("There is nothing here, or nothing that the caller may see.")),
    "406": ("not_acceptable", _("The API answers in JSON only.")),
    "409": ("refused", _("The state of things does not allow it; the message says why. Nothing was changed.")),
    "412": ("stale", _("Somebody else changed it since it was read. Nothing was changed.")),
    "413": ("too_large", _("The body is larger than the server takes.")),
    "415": ("unsupported_media_type", _("The body is not JSON in UTF-8.")),
    "422": ("idempotency_key_reused", _("The Idempotency-Key was used with another body.")),
    "428": ("precondition_required", _("If-Match is missing: say which version you change.")),
    "429": ("throttled", _("Too much at once. Wait as long as Retry-After says.")),
}

CHANGE = {
    "type": "object",
    "required": ["at", "by", "sentence", "fields"],
    "additionalProperties": False,
    "properties": {
        "at": {"type": "string", "format": "date-time"},
        "by": {"type": "string", "description": _("Who did it.")},
        "sentence": {"type": "string", "description": _("What was done, in the language of the request.")},
        "fields": {
            "type": "object",
            "description": _("Each field that it changed, as it stood before (`from`) and after (`to`)."),
            "additionalProperties": {
                "type": "object",
                "required": ["from", "to"],
                "properties": {"from": {}, "to": {}},
            },
        },
    },
}

ERROR = {
    "type": "object",
    "description": _("How the API refuses, whatever the address."),
    "required": ["code", "message", "request_id"],
    "additionalProperties": False,
    "properties": {
        "code": {"type": "string", "description": _("For programs; never changes.")},
        "message": {"type": "string", "description": _("For people, in the language of the request.")},
        "fields": {
            "type": "object",
            "description": _("The inputs that are wrong, each with sentences that say why."),
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
        },
        "changes": {
            "type": "array",
            "description": _("With 412: what others changed since that version, oldest first, where it is known."),
            "items": CHANGE,
        },
        "request_id": {"type": "string", "description": _("Stands in the server’s log too.")},
    },
}


def answers(statuses: Iterator[str]) -> dict[str, Any]:
    """The part of an operation's answers that refuse."""
    return {status: {"$ref": f"#/components/responses/{PREFIX}{status}"} for status in statuses}


def components() -> dict[str, Any]:
    """What `answers` refers to."""
    return {f"{PREFIX}{status}": _answer(*said) for status, said in MEANINGS.items()}


def _answer(code: str, meaning: str | Promise) -> dict[str, Any]:
    example: dict[str, Any] = {"code": code, "message": meaning}
    if code == "invalid":
        example["fields"] = {"name": [_("This field is required.")]}
    example["request_id"] = "4f1c2a9be07d4d1c8a5e6b3f90d7c218"
    return {"description": meaning, "content": {"application/json": {"schema": REFERENCE, "example": example}}}
