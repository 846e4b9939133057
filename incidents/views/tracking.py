"""The page of the person who reported something. Its address is the key: it works without a sign-in."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from common.errors import DomainError
from common.refusals import add_errors
from incidents import selectors, services
from incidents.forms import RatingForm, ReplyForm
from incidents.limits import check_rate
from incidents.models import Incident, Rating
from incidents.views.uploads import drop_asked, keep_sent, waiting
from people.models import User


@require_http_methods(["GET", "HEAD", "POST"])
def tracking(request: HttpRequest, token: str) -> HttpResponse:
    """/report/track/<token>/: where it stands, what was said, and a place to answer."""
    incident = _find(token)
    if request.method != "POST":
        return show(request, incident, form=ReplyForm())
    form = ReplyForm(request.POST)
    if drop_asked(request, form.key):
        return show(request, incident, form=form)
    status = keep_sent(request, form)
    if not form.is_valid() or status:
        return show(request, incident, form=form, status=status or 400)
    try:
        check_rate(request, "reply")
        with transaction.atomic():
            files = services.take_uploads(form.key, _signed_in(request))
            services.answer(
                incident_id=incident.pk, by=_reporter(request, incident), text=form.cleaned_data["text"], files=files
            )
    except DomainError as error:
        add_errors(form, error)
        return show(request, incident, form=form, status=error.status)
    messages.success(request, _("Your answer was sent."))
    return redirect(incident.tracking_url)


@require_POST
def rate(request: HttpRequest, token: str) -> HttpResponse:
    """/report/track/<token>/rating/: how it was handled, from 1 to 5 and in words."""
    incident = _find(token)
    form = RatingForm(request.POST, rating=None)
    if not form.is_valid():
        return show(request, incident, form=ReplyForm(), rating=form, status=400)
    try:
        check_rate(request, "reply")
        services.rate(incident_id=incident.pk, by=_reporter(request, incident), **form.cleaned_data)
    except DomainError as error:
        add_errors(form, error)
        return show(request, incident, form=ReplyForm(), rating=form, status=error.status)
    messages.success(request, _("Thank you. Those who worked on it read it."))
    return redirect(incident.tracking_url)


def show(
    request: HttpRequest,
    incident: Incident,
    *,
    form: ReplyForm | None = None,
    rating: RatingForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page.  form: None for those who joined, who read only what is meant for all of them."""
    is_joined = form is None
    rated = Rating.objects.filter(incident=incident).first() if not is_joined else None
    may_rate = not is_joined and services.may_still_rate(incident)
    own = not is_joined and incident.is_live and selectors.corrected_by(request.user).filter(pk=incident.pk).exists()
    context = {
        "incident": incident,
        "title": incident.told_title if not is_joined else incident.public_title or incident.reference,
        "events": selectors.public_events_of(incident, with_reporter=not is_joined),
        "files": selectors.public_attachments_of(incident, with_reporter=not is_joined),
        "form": form if selectors.is_heard(incident.merged_into or incident, timezone.now()) else None,
        "uploads": waiting(request, form.key) if form else [],
        "rating": (rating or RatingForm(rating=rated)) if may_rate else None,
        "rated": rated,
        "may_correct": own,
        "is_joined": is_joined,
    }
    response = render(request, "incidents/tracking.html", context, status=status)
    # Whoever has the address may read: it must not be found, kept, or sent on.
    response["X-Robots-Tag"] = "noindex, nofollow"
    add_never_cache_headers(response)
    return response


def _find(token: str) -> Incident:
    return get_object_or_404(selectors.tracked(token).select_related("owner", "reporter", "merged_into__owner"))


def _signed_in(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None


def _reporter(request: HttpRequest, incident: Incident) -> User | None:
    """The reporter, when signed in; None for whoever else has the link."""
    user = _signed_in(request)
    return user if user is not None and user.pk == incident.reporter_id else None
