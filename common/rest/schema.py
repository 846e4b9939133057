"""The description of the API, in words for whoever calls it, with what holds at every address."""

from collections.abc import Callable, Iterator
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, extend_schema

from common.models import Versioned
from common.rest import examples, links, refusals
from common.rest.idempotency import HEADER

JSON = "application/json"
WALL_CLOCK = r"^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,6})?)?$"
METHODS = ("get", "post", "put", "patch", "delete")
#: What it means when it was done.
DONE = {
    "200": gettext_noop("The answer."),
    "201": gettext_noop("It was made."),
    "202": gettext_noop("It is queued."),
    "204": gettext_noop("It was done; there is nothing to say."),
}


def operation(
    summary: str | Promise, *, gives: Any, takes: Any = None, more: str | Promise = ""
) -> Callable[[Any], Any]:
    """Describe one operation.

    summary: what it does, in a sentence for callers.  more: what else they should know.
    takes: the serializer of the body.  gives: that of the answer, or {status: serializer or None}.
    """
    return extend_schema(summary=summary, description=more, request=takes, responses=gives)


class Schema(AutoSchema):
    """One operation, described."""

    def get_operation_id(self) -> str:
        """The resource and what is done to it: `incidents_acknowledge`. Programs are generated from it."""
        action = getattr(self.view, "action", None)
        return "_".join([*self.get_tags(), action]).replace("-", "_") if action else super().get_operation_id()

    def get_summary(self) -> str | None:
        """For operations that are inherited; all others say it with `operation`."""
        said = {"list": "lists", "retrieve": "shows"}.get(getattr(self.view, "action", ""), "about")
        return getattr(self.view, str(said), None) or None

    def get_serializer_name(self, serializer: Any, direction: Any) -> str:
        """By `called` where two apps have classes of one name."""
        return getattr(serializer, "called", "") or super().get_serializer_name(serializer, direction)

    def get_operation(self, *args: Any, **kwargs: Any) -> Any:
        """The operation with the conventions: refusals, headers, scopes."""
        operation = super().get_operation(*args, **kwargs)
        if operation is None:
            return None
        self._say_scope(operation)
        for status, answer in operation["responses"].items():
            answer["description"] = answer["description"] or _(DONE[status])
            self._say_headers(status, answer)
        if self.method == "GET":
            operation["responses"]["304"] = {"description": _("Nothing has changed since the answer with that ETag.")}
        operation["responses"] |= refusals.answers(self._refusals())
        return operation

    def get_override_parameters(self) -> list[Any]:
        """Headers that the conventions take, and by what a row is named."""
        found = [*super().get_override_parameters()]
        if self.method == "POST":
            more = _("Makes it safe to send this again: within a day the same key is answered with the first answer.")
            found.append(
                _header(HEADER, more, {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"})
            )
        if self.method == "GET":
            found.append(_header("If-None-Match", _("The ETag of the answer that you have.")))
        elif self._is_of_version():
            more = _("The ETag of the row as you read it, or `*`.")
            found.append(_header("If-Match", more, is_required=self.method in {"PUT", "PATCH"}))
        return found

    def _resolve_path_parameters(self, variables: Any) -> Any:
        """Ids are ids, whatever else an address takes; words are those that there are."""
        parameters = super()._resolve_path_parameters(variables)
        for parameter in parameters:
            name, said = parameter["name"], getattr(self.view, "row_by", "")
            if words := getattr(self.view, "words", {}).get(name):
                parameter["description"] = _("One of: %(words)s.") % {"words": ", ".join(f"`{each}`" for each in words)}
                parameter["schema"] = {"type": "string", "enum": list(words)}
            elif said and name == "id":
                parameter["description"] = said
                parameter["schema"] = {"type": "string", "maxLength": 200}
            else:
                parameter["description"] = _("Its id.")
        return parameters

    def _map_basic_serializer(self, serializer: Any, direction: Any) -> Any:
        """With the values that the serializer names as examples."""
        mapped = super()._map_basic_serializer(serializer, direction)
        values = getattr(serializer, "example", {})
        for name, schema in mapped.get("properties", {}).items():
            if name in values:
                known = {"allOf": [schema]} if "$ref" in schema else schema
                mapped["properties"][name] = known | {"example": values[name]}
        return mapped

    def _map_serializer_field(self, *args: Any, **kwargs: Any) -> Any:
        """An hour by the wall clock has no offset, which `format: time` asks for."""
        mapped = super()._map_serializer_field(*args, **kwargs)
        if mapped and mapped.get("format") == "time":
            mapped = {name: value for name, value in mapped.items() if name != "format"} | {"pattern": WALL_CLOCK}
        return mapped

    def _is_of_version(self) -> bool:
        """Whether the operation changes one row that has versions."""
        queryset = getattr(self.view, "queryset", None)
        return getattr(self.view, "detail", False) and queryset is not None and issubclass(queryset.model, Versioned)

    def _refusals(self) -> Iterator[str]:
        yield from ("400", "401", "403")
        if "{" in self.path:
            yield "404"
        yield "406"
        if self.method == "GET":
            return
        yield "409"
        if self._is_of_version():
            yield "412"
        if self.method != "DELETE":
            yield from ("413", "415")
        if self.method == "POST":
            yield "422"
        elif self._is_of_version() and self.method != "DELETE":
            yield "428"
        if getattr(self.view, "action", None) in getattr(self.view, "limited", ()):
            yield "429"

    def _say_scope(self, operation: dict[str, Any]) -> None:
        """Where a key with scopes needs one, which."""
        for permission in self.view.get_permissions():
            if scope := getattr(permission, "scope", lambda method, view: "")(self.method, self.view):
                said = _("A key that is narrowed to scopes needs `%(scope)s`.") % {"scope": scope}
                operation["description"] = "\n\n".join(filter(None, [str(operation.get("description", "")), said]))
                operation["x-scope"] = scope

    def _say_headers(self, status: str, answer: dict[str, Any]) -> None:
        headers = answer.setdefault("headers", {})
        if self.method == "GET" or (self._is_of_version() and "content" in answer):
            headers["ETag"] = _said(_("Names this answer; begins with the version of the row where it has one."))
        if self.method == "POST":
            headers["Idempotency-Replayed"] = _said(_("`true` where the answer is one that was kept."))
        if status in {"201", "202"}:
            headers["Location"] = _said(_("Where to read what was made."))
        if not headers:
            del answer["headers"]


def finish(result: dict[str, Any], generator: Any, **kwargs: Any) -> dict[str, Any]:
    """The last touch: the shape of refusals, words for resources, links between operations, an example for each."""
    schemas, paths = result["components"]["schemas"], result["paths"]
    schemas[refusals.SHAPE] = refusals.ERROR
    result["components"]["responses"] = refusals.components()
    resources = {
        paths[path][method.lower()]["tags"][0]: callback.cls.about
        for path, _regex, method, callback in generator.endpoints
        if path in paths and method.lower() in paths[path] and bool(getattr(callback.cls, "about", ""))
    }
    result["tags"] = [{"name": name, "description": about} for name, about in sorted(resources.items())]
    found = [(path, each[method]) for path, each in paths.items() for method in METHODS if method in each]
    links.add(result)
    for path, described in found:
        for body in (described.get("requestBody", {}), *described["responses"].values()):
            _add_example(body, schemas)
        if change := paths[path].get("patch", {}).get("requestBody"):
            _shorten(change)
    return result


def _add_example(body: dict[str, Any], schemas: dict[str, Any]) -> None:
    """A value of the whole body."""
    content = body.get("content", {}).get(JSON, {})
    if "schema" in content and "example" not in content:
        content["example"] = examples.whole(examples.example_of(content["schema"], schemas))


def _shorten(change: dict[str, Any]) -> None:
    """A change may name one field alone: the example shows it."""
    content = change["content"][JSON]
    if isinstance(content.get("example"), dict):
        content["example"] = dict(list(content["example"].items())[:1])


def _header(
    name: str, description: str, schema: dict[str, Any] | None = None, *, is_required: bool = False
) -> OpenApiParameter:
    kind: Any = schema or str
    return OpenApiParameter(name, kind, OpenApiParameter.HEADER, required=is_required, description=description)


def _said(description: str) -> dict[str, Any]:
    return {"description": description, "schema": {"type": "string"}}
