"""Every operation of the API, for tests that walk them."""

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.utils.translation import override
from drf_spectacular.generators import EndpointEnumerator, SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer

NOBODY = "00000000-0000-4000-8000-000000000000"


@dataclass(frozen=True)
class Operation:
    """One method of one address."""

    method: str
    path: str
    view: Any

    @property
    def is_list(self) -> bool:
        """Whether it answers pages of rows."""
        return getattr(self.view, "actions", {}).get(self.method) == "list"

    @property
    def address(self) -> str:
        """With the id of nothing where it needs one."""
        return self.path.partition("{")[0] + NOBODY + self.path.partition("}")[2] if "{" in self.path else self.path


@cache
def operations() -> list[Operation]:
    """All that the description of the API names."""
    found = EndpointEnumerator().get_api_endpoints()
    return [
        Operation(method.lower(), path, view)
        for path, _regex, method, view in found
        if path.startswith("/api/v1/") and path != "/api/v1/"
    ]


@cache
def schema() -> dict[str, Any]:
    """The description as it is served, in English."""
    with override("en"):
        made = SchemaGenerator().get_schema(request=None, public=True)
        found: dict[str, Any] = json.loads(OpenApiJsonRenderer().render(made, renderer_context={}))
    return found


def described() -> list[tuple[str, str, dict[str, Any]]]:
    """Path, method and description of each operation."""
    return [(path, method, each) for path, methods in schema()["paths"].items() for method, each in methods.items()]
