"""The list of actions and the page of one."""

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from actions import selectors
from actions.chips import chips
from actions.models import Action
from actions.moves import offered
from actions.references import number_of
from actions.selectors import Wanted
from common.paging import Pages
from people.models import User

PER_PAGE = 30
EVENTS = 200


@login_required
@require_GET
def actions(request: HttpRequest) -> HttpResponse:
    """/actions/: what the address asks for, what is due first first. Reporters see what they do themselves."""
    user = reader(request)
    wanted = Wanted.read(request.GET)
    page = Pages(selectors.found(user, wanted), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "nav": "actions",
        "page": page,
        "lines": selectors.as_lines(page.object_list, user),
        "wanted": wanted,
        "chips": chips(wanted),
        "may_open": selectors.may_open(user),
        "sees_plans": selectors.sees_actions(user),
    }
    return render(request, "actions/actions.html", context)


@login_required
@require_GET
def action(request: HttpRequest, reference: str) -> HttpResponse:
    """/actions/<reference>/: what has to be done, what proves it, and what happened."""
    user = reader(request)
    people = ("owner", "opened_by", "done_by", "verified_by", "accepted_by", "phase__plan")
    found = find(selectors.visible_to(user).select_related(*people), reference)
    may_act = selectors.actionable_by(user).filter(pk=found.pk).exists()
    context = {
        "nav": "actions",
        "action": found,
        "line": selectors.as_lines([found], user)[0],
        "events": found.events.select_related("by")[:EVENTS],
        "offer": offered(found, user) if may_act else None,
    }
    return render(request, "actions/action.html", context)


def find(actions_seen: QuerySet[Action], reference: str) -> Action:
    """The action that people call so. Raises Http404 when it is not among those that the reader sees."""
    number = number_of(reference)
    if number is None:
        raise Http404
    return get_object_or_404(actions_seen, number=number)


def reader(request: HttpRequest) -> User:
    """Who is signed in."""
    if not isinstance(request.user, User):
        raise Http404
    return request.user
