"""Where a page leads back to, and whether only a part of one is asked for."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

LONGEST = 2000


def back(request: HttpRequest) -> str:
    """The list or the board, with its filters, that the person came from; empty when it is none of them."""
    asked = request.POST.get("back") or request.GET.get("back", "")
    lists = (reverse("incidents"), reverse("incidents_board"))
    is_ours = asked.partition("?")[0] in lists and url_has_allowed_host_and_scheme(asked, allowed_hosts=None)
    return asked if is_ours and len(asked) <= LONGEST else ""


def is_part(request: HttpRequest) -> bool:
    """Whether htmx asks, which puts the answer into the page that is open."""
    return request.headers.get("HX-Request") == "true"
