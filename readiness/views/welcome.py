"""The first steps of a new installation, for its administrator."""

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common.embedded.errors import ServerError
from people.choices import Role
from people.errors import WrongDetails
from people.models import User
from people.selectors import has_role, organisation
from readiness import services
from readiness.forms import HouseForm


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def welcome(request: HttpRequest) -> HttpResponse:
    """/welcome/: name the house, try the mails, load the demo or begin empty. Each step is a form of its own."""
    person = request.user
    if not isinstance(person, User) or not has_role(person, Role.ADMINISTRATOR):
        raise Http404
    if request.method == "POST":
        step = STEPS.get(request.POST.get("step", ""))
        if step is None:
            raise Http404
        return step(request, person)
    return _page(request, person, HouseForm())


def _page(request: HttpRequest, person: User, form: HouseForm, status: int = 200) -> HttpResponse:
    context = {
        "nav": "welcome",
        "form": form,
        "house": organisation(),
        "mail": services.last_test_mail(person),
        "has_demo": services.is_demo_loaded(),
    }
    return render(request, "readiness/welcome.html", context, status=status)


def _name(request: HttpRequest, person: User) -> HttpResponse:
    form = HouseForm(request.POST)
    if form.is_valid():
        try:
            services.name_house(**form.cleaned_data, by=person)
        except WrongDetails as refusal:
            for field, sentences in refusal.fields.items():
                form.add_error(field, sentences)
        else:
            messages.success(request, _("The organisation is named."))
            return redirect("welcome")
    return _page(request, person, form, status=400)


def _mail(request: HttpRequest, person: User) -> HttpResponse:
    if not settings.EMAIL_CONFIGURED:
        messages.error(request, _("No mail server is set: give EMAIL_URL in the environment, and start again."))
    elif person.email:
        services.send_test_mail(to=person)
        messages.success(request, _("A mail is on its way. Load this page again to see what became of it."))
    else:
        messages.error(request, _("Your account has no e-mail address. Add one in the administration first."))
    return redirect("welcome")


def _demo(request: HttpRequest, person: User) -> HttpResponse:
    """Load the demo in the language of this page, and show its sign-ins, this once, and never from a cache."""
    try:
        sign_ins = services.load_demo(by=person, language=get_language() or "")
    except ServerError as problem:
        messages.error(request, _("The demo could not be loaded: %(why)s") % {"why": problem})
        return redirect("welcome")
    if not sign_ins:
        return _finish(request, person)
    response = render(request, "readiness/demo_people.html", {"nav": "welcome", "sign_ins": sign_ins})
    response["Cache-Control"] = "no-store"
    return response


def _finish(_request: HttpRequest, person: User) -> HttpResponse:
    services.finish(by=person)
    return redirect("overview")


#: What each of the page's forms does.
STEPS: dict[str, Callable[[HttpRequest, User], HttpResponse]] = {
    "name": _name,
    "mail": _mail,
    "demo": _demo,
    "finish": _finish,
}
