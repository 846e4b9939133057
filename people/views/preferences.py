"""What axes shows instead of the sign-in page, and the reader's preferences."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from common import error_pages
from people import services
from people.forms import PreferencesForm


def locked_out(request: HttpRequest, original: HttpResponse | None, credentials: Any) -> HttpResponse:
    """What axes shows instead of the sign-in page."""
    return render(request, "account/lockout.html", status=429)


@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """POST language, theme or time_zone, and `next`. Kept with the person, and in cookies for those not signed in."""
    form = PreferencesForm(request.POST)
    if not form.is_valid():
        return error_pages.show(request, error_pages.UNREADABLE)
    chosen = {name: form.cleaned_data[name] for name in form.fields if name in request.POST}
    if request.user.is_authenticated and chosen:
        services.set_preferences(person=request.user, **chosen)
    response = HttpResponseRedirect(_safe_next(request))
    if "language" in chosen:
        _remember(response, settings.LANGUAGE_COOKIE_NAME, chosen["language"])
    if "theme" in chosen:
        _remember(response, "theme", chosen["theme"])
    return response


def _safe_next(request: HttpRequest) -> str:
    """An address of our own; anything else becomes the first page."""
    wanted = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if is_ours and wanted.isprintable() else reverse("overview")


def _remember(response: HttpResponse, cookie: str, value: str) -> None:
    if not value:
        response.delete_cookie(cookie)
        return
    response.set_cookie(
        cookie,
        value,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.IS_HTTPS,
        samesite="Lax",
        httponly=True,
    )
