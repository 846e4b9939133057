"""The case library: what earlier incidents taught."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from common.paging import Pages
from incidents import selectors
from incidents.choices import Category
from incidents.references import number_of
from incidents.reviews import CaseKind
from incidents.selectors import CasesWanted
from incidents.views.reading import reader
from incidents.views.reviews import show_review

PER_PAGE = 30


@login_required
@require_GET
def cases(request: HttpRequest) -> HttpResponse:
    """/cases/: what the address asks for, the newest first."""
    user = reader(request)
    if not selectors.reads_timeline(user):
        raise Http404
    wanted = CasesWanted.read(request.GET)
    page = Pages(selectors.found_cases(user, wanted), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "nav": "cases",
        "page": page,
        "wanted": wanted,
        "categories": Category.choices,
        "kinds": CaseKind.choices,
        "services": selectors.case_services(user),
        "years": selectors.case_years(user),
    }
    return render(request, "incidents/cases.html", context)


@login_required
@require_GET
def case(request: HttpRequest, reference: str) -> HttpResponse:
    """/cases/<reference>/: one case, to read and to print."""
    user, number = reader(request), number_of(reference)
    if number is None:
        raise Http404
    return show_review(request, get_object_or_404(selectors.cases(user), incident__number=number), nav="cases")
