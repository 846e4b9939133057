"""The status page where the short way does not answer, and subscribing to its news."""

from django import forms
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from common.errors import DomainError
from common.refusals import add_errors
from incidents import services
from incidents.limits import check_rate
from incidents.models import StatusPage
from incidents.status import files
from incidents.status.door import answer
from incidents.telling.choices import PageAudience
from people.selectors import organisation, roles_of


class SubscribeForm(forms.Form):
    """Where to send the link to, and in which language to write."""

    address = forms.EmailField(label=gettext_lazy("E-mail"), max_length=254)
    language = forms.ChoiceField(
        label=gettext_lazy("Language"), choices=settings.LANGUAGES, widget=forms.RadioSelect, required=False
    )


@require_GET
def status(request: HttpRequest, name: str = "") -> HttpResponseBase:
    """/status/…: for whoever is signed in where it is not for everybody, and before it was written the first time."""
    page = _page(request)
    if page is None:
        return redirect_to_login(request.get_full_path())
    services.write_status_page(now=timezone.now())  # the database is here anyway; what is up to date stays
    snapshot = files.read()
    found = answer(request, snapshot, name) if snapshot else None
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def subscribe(request: HttpRequest) -> HttpResponse:
    """/status/subscribe/: whatever the address is, the answer is the same."""
    page = _page(request)
    if page is None:
        return redirect_to_login(request.get_full_path())
    if not page.takes_subscribers or not settings.EMAIL_CONFIGURED:
        raise Http404
    spoken = translation.get_language() or settings.LANGUAGE_CODE
    form = SubscribeForm(request.POST or None, initial={"language": spoken})
    is_asked, code = False, 400 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            check_rate(request, "subscribe")
            language = form.cleaned_data["language"] or spoken
            services.ask_subscription(address=form.cleaned_data["address"], language=language)
        except DomainError as error:
            add_errors(form, error)
            code = error.status
        else:
            is_asked, code = True, 200
    context = {"form": form, "is_asked": is_asked, "organisation": organisation().name}
    return render(request, "incidents/status/subscribe.html", context, status=code)


@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """/status/confirm/<token>/: the page of the link; its button confirms, for programs follow links."""
    if request.method == "POST":
        if services.confirm_subscription(token=token) is None:
            return _said(request, _("This link counts no more"), _("Ask for a new one on the status page."), status=404)
        return _said(request, _("You get news from now on"), _("Every mail has a link that ends it."))
    text = _("From then on you get a mail whenever something is published.")
    return _said(request, _("News of the status page"), text, button=_("Yes, send me news"))


@csrf_exempt  # mail programs post here without having been here, as RFC 8058 has it; the address is the secret
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """/status/unsubscribe/<token>/: ends it by one post, also a second time."""
    if request.method == "POST":
        services.end_subscription(token=token)
        return _said(request, _("You get no more news"), _("The address was forgotten."))
    text = _("The address is forgotten, and nothing more is sent to it.")
    return _said(request, _("No more news of the status page?"), text, button=_("Send me no more news"))


def _page(request: HttpRequest) -> StatusPage | None:
    """The page where the reader may read it; None for somebody who has to sign in first. Raises Http404."""
    page = StatusPage.objects.first()
    if page is None or page.audience == PageAudience.OFF:
        raise Http404
    if page.audience == PageAudience.STAFF:
        if not request.user.is_authenticated:
            return None
        if not roles_of(request.user):
            raise Http404
    return page


def _said(request: HttpRequest, heading: str, text: str, *, button: str = "", status: int = 200) -> HttpResponse:
    context = {"heading": heading, "text": text, "button": button}
    response = render(request, "incidents/status/subscription.html", context, status=status)
    response["X-Robots-Tag"] = "noindex, nofollow"
    add_never_cache_headers(response)
    return response
