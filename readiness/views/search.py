"""Find anything."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from common.search import LONGEST
from readiness.finding import find


@login_required
@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """/search/?q=…: what was found, by kind; a reference alone leads straight to its page."""
    text = " ".join(request.GET.get("q", "").replace("\0", " ").split())[:LONGEST]
    found = find(text, request.user)
    if found.named:
        return redirect(found.named)
    return render(request, "readiness/search.html", {"nav": "search", "text": text, "found": found, "longest": LONGEST})
