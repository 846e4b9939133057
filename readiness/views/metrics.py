"""`/metrics`: figures of all rooms, for a key that reads all or from a network that was allowed."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from rest_framework.exceptions import AuthenticationFailed

from common.metrics import figures
from common.senders import among
from people.authentication import ApiKeyAuthentication
from people.models import ApiKey
from people.selectors import reads_all

#: Scopes that reach it; a key without scopes reaches all that its role may do.
SCOPES = {"readiness:read", "readiness:write"}


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """200 with the figures, 401 without a valid key, 403 for a key that does not reach them."""
    if not among(request.META.get("REMOTE_ADDR", ""), settings.METRICS_NETWORKS):
        key = _key_of(request)
        if key is None:
            return HttpResponse("A key is needed.\n", "text/plain", 401, headers={"WWW-Authenticate": "Bearer"})
        if not reads_all(key.user) or (key.scopes and SCOPES.isdisjoint(key.scopes)):
            return HttpResponse("This key does not reach the figures.\n", "text/plain", 403)
    return HttpResponse(figures.text(), CONTENT_TYPE_LATEST)


def _key_of(request: HttpRequest) -> ApiKey | None:
    try:
        found = ApiKeyAuthentication().authenticate(request)  # type: ignore[arg-type]  # reads one header only
    except AuthenticationFailed:
        return None
    return found[1] if found else None
