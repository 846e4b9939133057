"""Links of the description: from an answer that holds a row to every operation on that row, whichever made it.

A program finds by them what it may do next, and so does the fuzzing: it makes a row, reads it, changes it by the ETag
that it read, and acts on it, in any order. Which resource a row is of is told by its shape: what
`POST …/channels/ID/try/` answers is a delivery, and leads to the operations on deliveries.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

JSON = "application/json"
METHODS = ("get", "post", "put", "patch", "delete")
READS = "_retrieve"
LISTS = "_list"
CREATES = "_create"
#: From a list one goes to its first row and on from there.
FIRST = "$response.body#/results/0/id"
OWN = "$response.body#/id"
ETAG = "$response.header.ETag"

Operation = dict[str, Any]


def add(result: dict[str, Any]) -> None:
    """Put links into every answer of the description that holds a row."""
    operations = [each[method] for each in result["paths"].values() for method in METHODS if method in each]
    schemas = result["components"]["schemas"]
    on_a_row = defaultdict(list)
    for each in operations:
        if "id" in _parameters(each, "path"):
            on_a_row[each["tags"][0]].append(each)
    resources = {_shape(body): each["tags"][0] for each in operations if _is(each, READS) for body in _bodies(each)}
    for source in operations:
        for answer, body in _answers(source):
            tag = source["tags"][0]
            if _is(source, LISTS):
                targets = [each for each in on_a_row[tag] if _is(each, READS)]
                answer["links"] = {each["operationId"]: _link(each, FIRST) for each in targets}
            elif _has_id(body, schemas):
                resource = resources.get(_shape(body)) or (tag if _is(source, CREATES) else "")
                has_tag = "ETag" in answer.get("headers", {})
                targets = [each for each in on_a_row[resource] if each is not source or source["tags"][0] != resource]
                answer["links"] = {each["operationId"]: _link(each, OWN, has_tag=has_tag) for each in targets}
            if not answer.get("links", True):
                del answer["links"]


def _link(target: Operation, where: str, *, has_tag: bool = False) -> dict[str, Any]:
    parameters = {"path.id": where}
    if has_tag and "If-Match" in _parameters(target, "header"):
        parameters["header.If-Match"] = ETAG
    return {"operationId": target["operationId"], "parameters": parameters}


def _answers(operation: Operation) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """The answers with which it was done, and the shapes of their bodies."""
    for status, answer in operation["responses"].items():
        schema = answer.get("content", {}).get(JSON, {}).get("schema")
        if status.startswith("2") and schema:
            yield answer, schema


def _bodies(operation: Operation) -> Iterator[dict[str, Any]]:
    for _answer, body in _answers(operation):
        yield body


def _shape(body: dict[str, Any]) -> str:
    return str(body.get("$ref", ""))


def _has_id(body: dict[str, Any], schemas: dict[str, Any]) -> bool:
    component = schemas.get(_shape(body).rpartition("/")[2], {})
    return "id" in component.get("properties", {})


def _is(operation: Operation, suffix: str) -> bool:
    return str(operation["operationId"]).endswith(suffix)


def _parameters(operation: Operation, place: str) -> set[str]:
    return {each["name"] for each in operation.get("parameters", []) if each.get("in") == place}
