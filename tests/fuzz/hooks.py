"""What Schemathesis does not know by itself: the one shape of refusals, and whose key the run lives by."""

import json
import os
import zlib
from typing import Any

import schemathesis

OWN_KEY = os.environ["HOLDFAST_FUZZ_OWN_KEY"]
NOBODY = "00000000-0000-4000-8000-000000000000"
#: Resource → ids of rows that exist, so that not every request is about nothing.
ROWS = json.loads(os.environ["HOLDFAST_FUZZ_ROWS"])
#: Input → resource, where the name does not say it.
MEANT = {
    "on_service": "services", "on_system": "systems", "owner": "people", "to": "people", "manager": "people",
    "members": "people", "person": "people", "repository": "repositories", "policy": "backup-policies",
    "assignee": "people", "commander": "people", "reporter": "people", "into": "incidents",
}  # fmt: skip


@schemathesis.hook
def map_path_parameters(context: Any, path_parameters: Any) -> Any:
    """Three of four requests are about a row that exists."""
    resource = context.operation.path.split("/")[3]
    if isinstance(path_parameters, dict) and "id" in path_parameters:
        path_parameters["id"] = _real(path_parameters["id"], resource)
    return path_parameters


@schemathesis.hook
def map_body(context: Any, body: Any) -> Any:
    """So are the rows that bodies name."""
    if isinstance(body, dict):
        for name, value in body.items():
            resource = MEANT.get(name, name if name in ROWS else f"{name}s")
            if isinstance(value, list):
                body[name] = [_real(each, resource) for each in value]
            else:
                body[name] = _real(value, resource)
    return body


def _real(value: Any, resource: str) -> Any:
    rows = ROWS.get(resource)
    if not rows or not isinstance(value, str):
        return value
    chance = zlib.crc32(value.encode(errors="replace"))
    return value if chance % 4 == 0 else rows[chance % len(rows)]


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: Any) -> None:
    """Nothing may end the key that the run itself signs in with."""
    if case.path_parameters.get("id") == OWN_KEY:
        case.path_parameters["id"] = NOBODY


@schemathesis.check
def refusals_have_one_shape(context: Any, response: Any, case: Any) -> None:
    """Whatever is refused, wherever."""
    if response.status_code < 400:
        return
    found = response.json()
    if not {"code", "message", "request_id"} <= set(found) <= {"code", "message", "fields", "changes", "request_id"}:
        raise AssertionError(f"another shape of refusal: {found}")
    if [found["request_id"]] != response.headers["x-request-id"] or not found["message"]:
        raise AssertionError(f"a refusal without its request or without words: {found}")


@schemathesis.check
def answers_are_tagged(context: Any, response: Any, case: Any) -> None:
    """Every read carries the ETag by which it can be asked whether it is still the newest."""
    if response.status_code == 200 and case.method == "GET" and "etag" not in response.headers:
        raise AssertionError("a read without an ETag")
