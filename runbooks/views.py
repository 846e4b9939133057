"""Pages of emergency plans."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from people.models import User
from runbooks import selectors
from runbooks.models import Plan


@login_required
@require_GET
def plans(request: HttpRequest) -> HttpResponse:
    """/plans/: every plan in force, and for those who work on plans the ones that are not."""
    user = _reader(request)
    shown = selectors.in_force(user)
    others = selectors.visible_to(user).exclude(pk__in=[each.plan.pk for each in shown]).select_related("owner")
    return render(request, "runbooks/plans.html", {"nav": "plans", "shown": shown, "others": others})


@login_required
@require_GET
def plan(request: HttpRequest, reference: str) -> HttpResponse:
    """/plans/<reference>/: the plan as it is in force, to read and to print."""
    user = _reader(request)
    if "\0" in reference:
        raise Http404
    visible = selectors.visible_to(user).select_related("owner")
    found: Plan = get_object_or_404(visible, reference=reference)
    context = {
        "nav": "plans",
        "plan": found,
        "shown": selectors.published(found),
        "services": found.services.all(),
        "systems": found.systems.all(),
        "versions": found.versions.select_related("published_by") if selectors.sees_drafts(user) else [],
        "now": timezone.now(),
    }
    return render(request, "runbooks/plan.html", context)


def _reader(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise Http404
    return request.user
