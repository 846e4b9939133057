"""After a copy was brought back: whether this is the house that goes on."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from people.choices import Role
from people.models import User
from people.selectors import has_role, organisation, working_keys
from people.services import go_on, revoke_every_key


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def restored(request: HttpRequest) -> HttpResponse:
    """/restored/: what is held and what nobody knows; one button lets it go on, and ends all keys if that is wanted."""
    person = request.user
    if not isinstance(person, User) or not has_role(person, Role.ADMINISTRATOR):
        raise Http404
    if request.method == "POST":
        return _go_on(request, person)
    people = User.objects.filter(is_active=True, is_machine=False)
    context = {
        "nav": "restored",
        "house": organisation(),
        "people_count": people.count(),
        "keys_count": working_keys(timezone.now()).count(),
    }
    return render(request, "readiness/restored.html", context)


def _go_on(request: HttpRequest, person: User) -> HttpResponse:
    if organisation().held_since is None:
        messages.info(request, _("Nothing is held."))
        return redirect("restored")
    if "revoke_keys" in request.POST:
        count = revoke_every_key(by=person)
        messages.success(
            request, ngettext("%(count)s key was revoked.", "%(count)s keys were revoked.", count) % {"count": count}
        )
    go_on(by=person)
    messages.success(request, _("This is the house that goes on: messages and schedules begin again."))
    return redirect("overview")
