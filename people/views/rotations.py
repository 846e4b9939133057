"""Rotations: people chosen and put into their order on the roster's own pages."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views import View
from django.views.generic import TemplateView

from common.errors import DomainError, Stale
from common.refusals import add_errors, refuse
from people import selectors, services
from people.forms import RotationForm
from people.models import Roster, Rotation
from people.views.signed import Signed

#: The button that keeps what the form says. Every other one only moves people in it.
SAVE = "save"


class EditRotation(Signed, TemplateView):
    """/rosters/<id>/rotations/add/ and …/<id>/: the form; its buttons order people, the last one keeps them."""

    template_name = "people/rotation.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Only for those who keep rosters."""
        if request.user.is_authenticated:
            self.roster = _kept_roster(self, kwargs["roster_id"])
            rotation_id = kwargs.get("rotation_id")
            self.rotation = get_object_or_404(Rotation, pk=rotation_id, roster=self.roster) if rotation_id else None
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """`roster`, `rotation`, `form`."""
        form = kwargs.pop("form", None) or RotationForm(rotation=self.rotation)
        more = {"roster": self.roster, "rotation": self.rotation, "form": form}
        return super().get_context_data(nav="people", **more, **kwargs)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """One person moved, or all of it kept."""
        do = request.POST.get("do", SAVE)
        if do != SAVE:
            form = RotationForm.arranged(request.POST, do, self.rotation)
            return self.render_to_response(self.get_context_data(form=form))
        form = RotationForm(request.POST, rotation=self.rotation)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=400)
        try:
            self._keep(form)
        except DomainError as refusal:
            if isinstance(refusal, Stale) and self.rotation is not None:
                refuse(form, self.rotation, refusal)
            else:
                add_errors(form, refusal)
            return self.render_to_response(self.get_context_data(form=form), status=refusal.status)
        messages.success(request, _("Saved."))
        return redirect(self.roster)

    def _keep(self, form: RotationForm) -> None:
        given = dict(form.cleaned_data)
        version = given.pop("version")
        if self.rotation is None:
            services.add_rotation(roster_id=self.roster.pk, by=self.by, **given)
        else:
            services.change_rotation(rotation_id=self.rotation.pk, by=self.by, version=version, **given)


class RemoveRotation(Signed, View):
    """POST /rosters/<id>/rotations/<id>/remove/"""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, roster_id: uuid.UUID, rotation_id: uuid.UUID) -> HttpResponse:
        """Back to the roster."""
        roster = _kept_roster(self, roster_id)
        rotation = get_object_or_404(Rotation, pk=rotation_id, roster=roster)
        services.remove_rotation(rotation_id=rotation.pk, by=self.by)
        messages.success(request, _("These people do not have the duty in turn any more."))
        return redirect(roster)


def _kept_roster(view: Signed, roster_id: uuid.UUID) -> Roster:
    """The roster, for those who keep it. Raises Http404."""
    roster: Roster = get_object_or_404(selectors.visible_rosters(view.by), pk=roster_id)
    if not selectors.may_keep_rosters(view.by):
        raise Http404
    return roster
