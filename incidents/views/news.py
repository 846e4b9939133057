"""Of which incidents somebody who does not work on them is told."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from catalog.selectors import services_to_choose_from
from incidents import services
from incidents.forms.authorities import NewsForm
from incidents.forms.fields import ServicesField
from incidents.models import NewsSubscription
from incidents.views.reading import reader
from people.selectors import works


class MyNewsForm(NewsForm):
    """With the services that are in use."""

    services = ServicesField(
        label=gettext_lazy("Services"),
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("None chosen: of all."),
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["services"].queryset = services_to_choose_from()  # type: ignore[attr-defined]


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def my_news(request: HttpRequest) -> HttpResponse:
    """/incidents/news/: updates to stakeholders that the reader wants to be sent."""
    user = reader(request)
    if not works(user):
        raise PermissionDenied
    row = NewsSubscription.objects.filter(person=user).prefetch_related("services").first()
    if "end" in request.POST:
        services.unsubscribe_from_news(person=user, by=user)
        messages.success(request, _("You are not told any more."))
        return redirect("my_news")
    initial = {"severities": row.severities, "services": list(row.services.all())} if row else {}
    form = MyNewsForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        services.subscribe_to_news(person=user, by=user, **form.cleaned_data)
        messages.success(request, _("You are told of such incidents from now on."))
        return redirect("my_news")
    context = {"nav": "incidents", "form": form, "is_subscribed": row is not None}
    return render(request, "incidents/news.html", context, status=400 if form.is_bound and form.errors else 200)
