"""The API's own addresses: a root that lists what there is, the schema, and pages to read it offline."""

from django.conf import settings
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView


class Root(APIView):
    """GET /api/v1/: the addresses to start from. What is behind them asks for a key or a session."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(exclude=True)
    def get(self, request: Request) -> Response:
        """Names and addresses of all lists, of the schema and of the docs."""
        found = {"schema": reverse("api-schema", request=request), "docs": reverse("api-docs", request=request)}
        for name in _names(get_resolver(settings.ROOT_URLCONF).url_patterns):
            try:
                found[name.removeprefix("api-").removesuffix("-list")] = reverse(name, request=request)
            except NoReverseMatch:
                continue
        return Response(found)


class Schema(SpectacularAPIView):
    """GET /api/schema/: OpenAPI 3, as YAML or JSON. The query is not read, so nothing in it can matter."""

    @extend_schema(exclude=True)
    def get(self, request: Request) -> Response:
        """The schema in the language of the request."""
        return self._get_schema_response(request)

    def _get_version_parameter(self, request: Request) -> None:
        return None


class Docs(SpectacularSwaggerSplitView):
    """GET /api/docs/: the schema as pages, from our own files."""

    url_name = "api-schema"


def _names(patterns: list[URLPattern | URLResolver]) -> list[str]:
    """Names of the API's lists, and of its single resources without arguments."""
    names: list[str] = []
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            names += _names(pattern.url_patterns)
        elif pattern.name and (pattern.name.startswith("api-") or pattern.name.endswith("-list")):
            names.append(pattern.name)
    hidden = {"api-root", "api-schema", "api-docs"}
    return sorted({name for name in names if name not in hidden and not name.endswith("-detail")})
