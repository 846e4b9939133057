"""The reader's language and time zone, where people are signed in, and the second factor of administrators."""

from collections.abc import Callable
from datetime import UTC, timedelta
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone, translation

from people import services
from people.devices import device_of
from people.models import User
from people.selectors import lacks_second_factor, zone_of

Answer = Callable[[HttpRequest], HttpResponse]

#: Asked by machines many times a minute; neither session nor database is touched for them.
PROBES = {"/healthz", "/readyz", "/metrics"}
NOTED_EVERY = timedelta(minutes=1)
#: What an administrator without a second factor may still open: the way to one, and the way out.
OPEN_WITHOUT = {"account_logout", "account_reauthenticate", "preferences", "healthz", "metrics", "readyz"}


def is_for_programs(request: HttpRequest) -> bool:
    """Whether it is an address of the API."""
    return request.path_info.startswith("/api/")


class Preferences:
    """Speak the person's language and show the person's wall time; the organisation's for everybody else.

    Programs get UTC, whoever asks: what they compare must not change with a preference.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info in PROBES:
            return self.get_response(request)
        person = self._person(request)
        if person is not None and person.language in dict(settings.LANGUAGES):
            translation.activate(person.language)
            request.LANGUAGE_CODE = person.language
        with timezone.override(UTC if is_for_programs(request) else zone_of(person)):
            return self.get_response(request)

    def _person(self, request: HttpRequest) -> User | None:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return None
        return request.user if request.user.is_authenticated else None


class BrowserSeen:
    """Keep where people are signed in: device, address and when it was last seen, at most once a minute a browser.

    After the answer, because signing in and changing a password give the session another key.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        has_session = settings.SESSION_COOKIE_NAME in request.COOKIES or request.session.modified
        if has_session and request.path_info not in PROBES:
            self._note(request)
        return response

    def _note(self, request: HttpRequest) -> None:
        key = request.session.session_key
        if key is None or not request.user.is_authenticated:
            return
        seen = "seen:" + sha256(key.encode()).hexdigest()
        if cache.add(seen, 1, NOTED_EVERY.total_seconds()):
            services.note_session(
                person=request.user,
                session_key=key,
                device=device_of(request.headers.get("User-Agent", "")),
                address=request.META.get("REMOTE_ADDR", ""),
                now=timezone.now(),
            )


class TwoFactorRequired:
    """Lead administrators who lack a second factor to setting it up, where it is required.

    The API refuses for itself (`people.permissions`).
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        """None lets the view answer."""
        match = request.resolver_match
        name = (match and match.url_name) or ""
        if name in OPEN_WITHOUT or name.startswith("mfa_") or is_for_programs(request):
            return None
        if lacks_second_factor(request.user):
            return HttpResponseRedirect(reverse("mfa_index"))
        return None
