"""Improvement plans: what is behind, what is on its way."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from actions import selectors, services
from actions.forms import PhaseForm, PlanForm
from actions.models import ImprovementPlan
from actions.references import plan_number_of
from actions.views.reading import PER_PAGE, reader
from common.errors import DomainError
from common.paging import Pages
from common.refusals import add_errors
from people.models import User


@login_required
@require_GET
def improvement_plans(request: HttpRequest) -> HttpResponse:
    """/improvement-plans/: each with how far it is, the newest first."""
    user = _reader_of_plans(request)
    plans = selectors.visible_plans(user).select_related("owner")
    page = Pages(plans, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "nav": "actions",
        "page": page,
        "plans": selectors.with_progress(list(page.object_list)),
        "may_plan": selectors.may_sign(user),
    }
    return render(request, "actions/improvement_plans.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_plan(request: HttpRequest) -> HttpResponse:
    """/improvement-plans/new/: its title, its goal, who leads it; phases come on its page."""
    user = _planner(request)
    form = PlanForm(request.POST or None, by=user)
    status = 400 if form.is_bound else 200
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(services.add_plan(by=user, **form.cleaned_data))
        except DomainError as error:
            add_errors(form, error)
            status = error.status
    return render(request, "actions/new_plan.html", {"nav": "actions", "form": form}, status=status)


@login_required
@require_GET
def improvement_plan(request: HttpRequest, reference: str) -> HttpResponse:
    """/improvement-plans/<reference>/: its phases, what each holds, and how far it is."""
    return _show(request, _find(reader(request), reference))


@login_required
@require_POST
def add_phase(request: HttpRequest, reference: str) -> HttpResponse:
    """/improvement-plans/<reference>/phases/: one more phase."""
    user = _planner(request)
    plan = _find(user, reference)
    form = PhaseForm(request.POST, plan=plan)
    if not form.is_valid():
        return _show(request, plan, form=form, status=400)
    try:
        services.add_phase(plan_id=plan.pk, by=user, **form.cleaned_data)
    except DomainError as error:
        add_errors(form, error)
        return _show(request, plan, form=form, status=error.status)
    messages.success(request, _("The phase was added."))
    return redirect(plan)


def _show(
    request: HttpRequest, plan: ImprovementPlan, *, form: PhaseForm | None = None, status: int = 200
) -> HttpResponse:
    user = reader(request)
    context = {
        "nav": "actions",
        "page": selectors.page_of_plan(plan, user),
        "form": (form or PhaseForm(plan=plan)) if selectors.may_sign(user) else None,
    }
    return render(request, "actions/improvement_plan.html", context, status=status)


def _reader_of_plans(request: HttpRequest) -> User:
    """Who is signed in. For those who do not see improvement plans there are none: raises Http404."""
    user = reader(request)
    if not selectors.sees_actions(user):
        raise Http404
    return user


def _planner(request: HttpRequest) -> User:
    user = _reader_of_plans(request)
    if not selectors.may_sign(user):
        raise PermissionDenied
    return user


def _find(user: User, reference: str) -> ImprovementPlan:
    number = plan_number_of(reference)
    if number is None:
        raise Http404
    return get_object_or_404(selectors.visible_plans(user).select_related("owner"), number=number)
