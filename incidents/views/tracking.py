"""The page of the person who reported something. Its address is the key: it works without a sign-in."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common.errors import DomainError
from incidents import selectors, services
from incidents.forms import ReplyForm
from incidents.limits import check_rate
from incidents.models import Incident
from incidents.services.talking import OVER
from people.models import User


@require_http_methods(["GET", "HEAD", "POST"])
def tracking(request: HttpRequest, token: str) -> HttpResponse:
    """/report/track/<token>/: where it stands, what was said, and a place to answer."""
    incident = get_object_or_404(selectors.tracked(token).select_related("owner", "reporter"))
    form = ReplyForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            check_rate(request, "reply")
            by = request.user if isinstance(request.user, User) and request.user.pk == incident.reporter_id else None
            services.reply(incident_id=incident.pk, by=by, text=form.cleaned_data["text"])
        except DomainError as error:
            form.add_error(None, error.message)
            status = error.status
        else:
            messages.success(request, _("Your answer was sent."))
            return redirect(incident.tracking_url)
    elif form.is_bound:
        status = 400
    return show(request, incident, form=form, status=status)


def show(request: HttpRequest, incident: Incident, *, form: ReplyForm | None = None, status: int = 200) -> HttpResponse:
    """The page.  form: None for those who joined, who read only what is meant for all of them."""
    context = {
        "incident": incident,
        "title": incident.told_title if form is not None else incident.public_title or incident.reference,
        "events": selectors.public_events_of(incident, with_reporter=form is not None),
        "form": form if incident.state not in OVER else None,
        "is_joined": form is None,
    }
    response = render(request, "incidents/tracking.html", context, status=status)
    # Whoever has the address may read: it must not be found, kept, or sent on.
    response["X-Robots-Tag"] = "noindex, nofollow"
    add_never_cache_headers(response)
    return response
