"""The API's own addresses: a root that lists what there is, the schema, and pages to read it offline."""

from functools import cache

from django.conf import settings
from django.http import HttpResponse
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver
from django.utils.translation import get_language, override
from drf_spectacular.generators import SchemaGenerator
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
    def get(self, request: Request) -> HttpResponse:
        """The schema in the language of the request."""
        media_type = str(request.accepted_renderer.media_type)
        content = _rendered(get_language() or settings.LANGUAGE_CODE, media_type)
        return HttpResponse(content, content_type=f"{media_type}; charset=utf-8")


class Docs(SpectacularSwaggerSplitView):
    """GET /api/docs/: the schema as pages, from our own files."""

    url_name = "api-schema"


@cache
def _rendered(language: str, media_type: str) -> str | bytes:
    """Made once a process, language and format: it takes seconds, and everybody may ask for it."""
    with override(language):
        schema = SchemaGenerator().get_schema(request=None, public=True)
        renderer = next(each for each in Schema.renderer_classes if each.media_type == media_type)
        return renderer().render(schema, media_type, {})


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
