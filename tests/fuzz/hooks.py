"""What Schemathesis does not know by itself: the one shape of refusals, and whose key the run lives by."""

import os
from typing import Any

import schemathesis

OWN_KEY = os.environ["HOLDFAST_FUZZ_OWN_KEY"]
NOBODY = "00000000-0000-4000-8000-000000000000"


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
    if not {"code", "message", "request_id"} <= set(found) <= {"code", "message", "fields", "request_id"}:
        raise AssertionError(f"another shape of refusal: {found}")
    if [found["request_id"]] != response.headers["x-request-id"] or not found["message"]:
        raise AssertionError(f"a refusal without its request or without words: {found}")


@schemathesis.check
def answers_are_tagged(context: Any, response: Any, case: Any) -> None:
    """Every read carries the ETag by which it can be asked whether it is still the newest."""
    if response.status_code == 200 and case.method == "GET" and "etag" not in response.headers:
        raise AssertionError("a read without an ETag")
