"""The description of the API is whole: words, examples, refusals and headers for every operation."""

import re
from collections import Counter

import pytest
from jsonschema import Draft202012Validator

from common.rest import examples, refusals
from tests.common.api_operations import described, operations, schema

JSON = "application/json"


def every_operation(check):
    """A test that lets the check look at each operation, and names all that fail."""

    def test():
        wrong = []
        for path, method, each in described():
            try:
                check(path, method, each)
            except AssertionError as error:
                wrong.append(f"{method} {path}: {error}")
        assert not wrong, "\n".join(wrong)

    return test


@pytest.fixture(scope="module")
def whole():
    return schema()


def headers_of(each):
    return {parameter["name"]: parameter for parameter in each["parameters"] if parameter["in"] == "header"}


def plain(found):
    """The description's own dialect said in JSON Schema: null, and links between its parts."""
    if isinstance(found, list):
        return [plain(each) for each in found]
    if not isinstance(found, dict):
        return found
    said = {name: plain(each) for name, each in found.items() if name != "nullable"}
    return {"anyOf": [said, {"type": "null"}]} if found.get("nullable") else said


def test_every_address_is_described():
    found = {(method, path) for path, method, _each in described()}

    assert {(each.method, each.path.replace("{pk}", "{id}")) for each in operations()} == found


@every_operation
def test_it_says_in_words_what_it_does(path, method, each):
    assert each.get("summary", "").endswith("."), "operation(…) or lists/shows/about is missing"
    assert '"""' not in each.get("description", "")
    assert all(parameter.get("description") for parameter in each["parameters"] if parameter["in"] != "query")


@every_operation
def test_its_examples_are_there_and_fit(path, method, each):
    bodies = [each.get("requestBody", {}), *(answer for status, answer in each["responses"].items() if status < "3")]
    contents = [body["content"][JSON] for body in bodies if JSON in body.get("content", {})]  # all but files

    for content in contents:
        document = {**content["schema"], "components": schema()["components"]}
        problems = [error.message for error in Draft202012Validator(plain(document)).iter_errors(content["example"])]
        if method == "patch":
            problems = [problem for problem in problems if "required" not in problem]
        assert problems == []


def test_no_field_lacks_an_example(whole):
    found = whole["components"]["schemas"]
    lacking = [
        f"{name}.{field}"
        for name, component in found.items()
        if name != refusals.SHAPE and not name.startswith("Paginated")
        for field, inner in component.get("properties", {}).items()
        if list(examples.lacking(examples.example_of(inner, found, field)))
    ]

    assert lacking == []


@every_operation
def test_it_says_how_it_refuses(path, method, each):
    refused = {status: answer for status, answer in each["responses"].items() if status >= "4"}

    assert {"400", "401", "403", "406"} <= set(refused)
    assert ("404" in refused) == ("{" in path)
    for status, answer in refused.items():
        assert answer == {"$ref": f"#/components/responses/Refused{status}"}
        content = schema()["components"]["responses"][f"Refused{status}"]["content"][JSON]
        assert content["schema"] == refusals.REFERENCE
        assert set(content["example"]) <= {"code", "message", "fields", "request_id"}


@every_operation
def test_its_headers_are_those_of_its_kind(path, method, each):
    headers = headers_of(each)

    assert ("Idempotency-Key" in headers) == (method == "post")
    assert ("422" in each["responses"]) == (method == "post")
    assert ("If-None-Match" in headers) == ("304" in each["responses"]) == (method == "get")
    if method in {"put", "patch"}:
        assert headers["If-Match"]["required"]
        assert {"412", "428"} <= set(each["responses"])


@every_operation
def test_it_says_how_to_sign_in_and_which_scope_is_needed(path, method, each):
    assert {"key": []} in each["security"]
    scope = each.get("x-scope", "")
    assert path == "/api/v1/me/" or re.fullmatch(r"[a-z]+:" + ("read" if method == "get" else "write"), scope)
    assert scope in each.get("description", "")


def test_names_are_unique_and_made_of_words(whole):
    names = Counter(each["operationId"] for _path, _method, each in described())

    assert [name for name, count in names.items() if count > 1] == []
    assert [name for name in names if not re.fullmatch(r"[a-z]+(_[a-z]+)+", name)] == []
    assert [name for name in whole["components"]["schemas"] if re.search(r"[0-9a-f]{3}Enum$", name)] == []


def test_every_resource_says_what_it_is(whole):
    said = {tag["name"] for tag in whole["tags"] if tag["description"]}

    assert {each["tags"][0] for _path, _method, each in described()} == said


def test_what_makes_a_row_leads_to_what_is_done_with_it(whole):
    links = whole["paths"]["/api/v1/repositories/"]["post"]["responses"]["201"]["links"]

    assert links["repositories_retrieve"]["parameters"] == {"path.id": "$response.body#/id"}


def test_what_is_read_leads_to_its_change_by_the_etag_that_was_read(whole):
    links = whole["paths"]["/api/v1/channels/{id}/"]["get"]["responses"]["200"]["links"]

    assert links["channels_partial_update"]["parameters"] == {
        "path.id": "$response.body#/id",
        "header.If-Match": "$response.header.ETag",
    }


def test_a_list_leads_to_its_first_row_and_an_answer_to_what_it_is_of(whole):
    first = whole["paths"]["/api/v1/people/"]["get"]["responses"]["200"]["links"]
    tried = whole["paths"]["/api/v1/channels/{id}/try/"]["post"]["responses"]["202"]["links"]

    assert first["people_retrieve"]["parameters"] == {"path.id": "$response.body#/results/0/id"}
    assert set(tried) == {"deliveries_retrieve", "deliveries_retry"}


def test_every_operation_on_a_row_is_reached_by_a_link(whole):
    operations = [each for path in whole["paths"].values() for each in path.values()]
    reached = {name for each in operations for answer in each["responses"].values() for name in answer.get("links", ())}

    on_a_row = {
        each["operationId"] for path, found in whole["paths"].items() if "{id}" in path for each in found.values()
    }
    assert on_a_row - reached == set()
