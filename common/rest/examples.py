"""Examples in the description of the API, put together from what each serializer says of its own fields.

A serializer names values in `example`; times, ids, choices, numbers and what is nested need none.
"""

import uuid
from collections.abc import Iterator
from typing import Any

MISSING = object()
SPACE = uuid.UUID("6f0d3d3e-1f3b-5c52-9d5c-6a1f6f9f2a10")
WHEN = "2026-03-14T09:26:53Z"
#: What means the same wherever it stands.
BY_NAME: dict[str, Any] = {
    "next": "https://holdfast.example.org/api/v1/services/?cursor=WyIyMDI2LTAz…",
    "previous": None,
    "version": 3,
    "name": "Accounting",
    "label": "Accounting",
}
BY_FORMAT: dict[str, Any] = {
    "date-time": WHEN,
    "date": WHEN[:10],
    "uri": "https://holdfast.example.org/",
    "email": "desk@example.org",
}


def example_of(schema: dict[str, Any], components: dict[str, Any], name: str = "") -> Any:
    """A value that fits the schema; MISSING inside where nobody said one.

    components: `components.schemas` of the description.  name: of the field that the schema is of.
    """
    if "example" in schema:
        return schema["example"]
    if "$ref" in schema:
        component = schema["$ref"].rpartition("/")[2]
        return example_of(components[component], components, name)
    for several in ("allOf", "oneOf", "anyOf"):
        if several in schema:
            return example_of(schema[several][0], components, name)
    if "enum" in schema:
        return schema["enum"][0]
    return _by_type(schema, components, name)


def _by_type(schema: dict[str, Any], components: dict[str, Any], name: str) -> Any:
    kind = schema.get("type")
    if kind == "object" and "properties" in schema:
        return {each: example_of(inner, components, each) for each, inner in schema["properties"].items()}
    if kind == "array":
        inner = example_of(schema["items"], components, name)
        return MISSING if inner is MISSING else [inner]
    if name in BY_NAME and kind in {"string", "integer"}:
        return BY_NAME[name]
    if "default" in schema:
        return schema["default"]
    if kind == "boolean":
        return False
    if kind in {"integer", "number"}:
        return max(schema.get("minimum", 1), 1)
    return _text(schema, name)


def _text(schema: dict[str, Any], name: str) -> Any:
    if schema.get("type") != "string":
        return MISSING
    if schema.get("format") == "uuid":
        return str(uuid.uuid5(SPACE, name))
    return BY_FORMAT.get(schema.get("format", ""), MISSING)


def lacking(value: Any, path: str = "") -> Iterator[str]:
    """Dotted names of what nobody gave an example for."""
    if value is MISSING:
        yield path
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from lacking(inner, f"{path}.{name}" if path else str(name))
    elif isinstance(value, list):
        for inner in value:
            yield from lacking(inner, path)


def whole(value: Any) -> Any:
    """The same without what is missing."""
    if isinstance(value, dict):
        return {name: whole(inner) for name, inner in value.items() if inner is not MISSING}
    if isinstance(value, list):
        return [whole(inner) for inner in value if inner is not MISSING]
    return {} if value is MISSING else value
