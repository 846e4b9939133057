"""The short way to the status page: from the file to the answer, past database, cache and sessions.

Public, it answers while everything behind it is down, and says how old it is. In all other cases the request goes on.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import formats, timezone, translation
from django.utils.cache import get_conditional_response
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation.trans_real import parse_accept_lang_header

from common.spans import ago
from incidents.status import files
from incidents.status.files import Snapshot
from incidents.telling.choices import PageAudience

ROOT = "/status/"
#: Put into pages where the age belongs, which is not known when they are written.
AGE, STALE = "<!--age-->", "<!--stale-->"
#: It is checked every ten seconds; older than this, something is down behind it.
STALE_AFTER = timedelta(minutes=5)
#: Browsers and proxies may keep it for so long.
KEPT_SECONDS = 20
LONGEST_HEADER = 500

Answer = Callable[[HttpRequest], HttpResponse]


class StatusDoor:
    """Middleware, in front of all that asks a server."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info.startswith(ROOT) and request.method in ("GET", "HEAD"):
            snapshot = files.read()
            if snapshot is not None and snapshot.audience == PageAudience.PUBLIC:
                response = answer(request, snapshot, request.path_info.removeprefix(ROOT))
                if response is not None:
                    return response
        return self.get_response(request)


def answer(request: HttpRequest, snapshot: Snapshot, name: str) -> HttpResponseBase | None:
    """One page of the snapshot as of now. None: it has no such page.  name: what stands behind /status/."""
    language = _language(request, name)
    found = snapshot.pages.get(name or f"{language}/")
    if found is None:
        return None
    kind, text = found
    checked = files.checked_at() or datetime.fromtimestamp(0, UTC)
    age = timedelta(seconds=max(0, round((timezone.now() - checked).total_seconds())))
    if kind.startswith("text/html"):
        is_stale = age > STALE_AFTER
        text = text.replace(AGE, escape(_age(checked, snapshot.zone, language)))
        text = text.replace(STALE, snapshot.stale.get(language, "") if is_stale else "")
    body = text.encode()
    response = HttpResponse(body, content_type=kind)
    response["X-Snapshot-Age"] = str(int(age.total_seconds()))
    response["Cache-Control"] = f"{_cache_of(snapshot)}, max-age={KEPT_SECONDS}"
    response["ETag"] = f'"{sha256(body).hexdigest()[:32]}"'
    response["Content-Language"] = language
    if not name:
        response["Vary"] = "Accept-Language"
    return get_conditional_response(request, etag=response["ETag"], response=response) or response


def _cache_of(snapshot: Snapshot) -> str:
    return "public" if snapshot.audience == PageAudience.PUBLIC else "private"


def _language(request: HttpRequest, name: str) -> str:
    """That of the address, else the first that the browser asks for, else the organisation's."""
    spoken = dict(settings.LANGUAGES)
    first = name.partition("/")[0]
    if first in spoken:
        return first
    for wanted, _weight in parse_accept_lang_header(
        request.headers.get("Accept-Language", "")[:LONGEST_HEADER].lower()
    ):
        for code in spoken:
            if wanted == code or wanted.partition("-")[0] == code.partition("-")[0]:
                return code
    return settings.LANGUAGE_CODE


def _age(checked: datetime, zone: str, language: str) -> str:
    with translation.override(language), timezone.override(ZoneInfo(zone)):
        time = formats.date_format(timezone.localtime(checked), "DATETIME_FORMAT")
        return _("Checked %(ago)s (%(time)s, %(zone)s).") % {"ago": ago(checked), "time": time, "zone": zone}
