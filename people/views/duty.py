"""Rosters, one's own duty, and the policies by which people are called. Each view is a thin door to a service."""

import uuid
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views import View
from django.views.generic import FormView, TemplateView

from common import icalendar
from common.errors import DomainError
from common.refusals import add_errors
from people import selectors, services
from people.forms import OverrideForm
from people.models import EscalationPolicy, Override, Roster
from people.selectors import rota
from people.selectors.feeds import feed_at, feeds_of, read_feed
from people.views.signed import Signed


class Rosters(Signed, TemplateView):
    """/rosters/: who has which duty now."""

    template_name = "people/rosters.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """`lines`, `policies`, `is_concerned`. Not there for those who may not know the duty of others."""
        rosters = selectors.visible_rosters(self.by)
        if not selectors.knows_duties(self.by) and not rosters.exists():
            raise Http404
        lines = rota.lines_of(rosters.select_related("manager").order_by("name"), self.by, timezone.now())
        policies = selectors.visible_policies(self.by).filter(is_active=True)
        return super().get_context_data(nav="people", lines=lines, policies=policies, **kwargs)


class OneRoster(Signed, TemplateView):
    """/rosters/<id>/: the next two weeks, and what is wrong with them."""

    template_name = "people/roster.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """`rota`."""
        roster = _roster(self, kwargs.pop("roster_id"))
        return super().get_context_data(nav="people", rota=rota.rota_of(roster, self.by, timezone.now()), **kwargs)


class AddOverride(Signed, FormView):
    """/rosters/<id>/overrides/add/: its form; posted, it is carried out or refused with what was typed kept."""

    template_name = "people/override.html"
    form_class = OverrideForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Only for those who may agree otherwise."""
        if request.user.is_authenticated:
            self.roster = _changed_roster(self, kwargs["roster_id"])
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"roster": self.roster}

    def get_initial(self) -> dict[str, Any]:
        """The shift that was chosen on the page, where one was."""
        return {
            name: _moment(self.request.GET.get(given, ""))
            for name, given in (("starts_at", "since"), ("ends_at", "until"))
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(nav="people", roster=self.roster, **kwargs)

    def form_valid(self, form: OverrideForm) -> HttpResponse:
        """Back to the roster, or the form again with the refusal."""
        try:
            services.add_override(roster_id=self.roster.pk, by=self.by, **form.cleaned_data)
        except DomainError as refusal:
            add_errors(form, refusal)
            return self.render_to_response(self.get_context_data(form=form), status=refusal.status)
        messages.success(self.request, _("It was agreed."))
        return redirect(self.roster)

    def form_invalid(self, form: OverrideForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=400)


class RemoveOverride(Signed, View):
    """POST /rosters/<id>/overrides/<id>/remove/"""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, roster_id: uuid.UUID, override_id: uuid.UUID) -> HttpResponse:
        """Back to the roster."""
        roster = _changed_roster(self, roster_id)
        override = get_object_or_404(Override, pk=override_id, roster=roster)
        services.remove_override(override_id=override.pk, by=self.by)
        messages.success(request, _("The rotation counts again."))
        return redirect(roster)


class MyDuty(Signed, TemplateView):
    """/duty/: when one has which duty, and the addresses for one's calendar."""

    template_name = "people/duty.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """`duties`: [(roster, shift)], `current`: those of now, `changed`: rosters to agree on, `feeds`, `now`."""
        now = timezone.now()
        duties = selectors.duties_of(self.by, now, now + rota.OWN_AHEAD)
        more = {
            "duties": duties,
            "current": [(roster, shift) for roster, shift in duties if shift.since <= now],
            "changed": {each for each in {roster for roster, _shift in duties} if self._may_change(each)},
            "knows_duties": selectors.knows_duties(self.by),
        }
        return super().get_context_data(nav="people", feeds=feeds_of(self.by), now=now, **more, **kwargs)

    def _may_change(self, roster: Roster) -> bool:
        return selectors.may_change_duty(self.by, roster)


class MakeFeed(Signed, View):
    """POST /duty/feeds/: a new address, shown this once and never from a cache."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """The page with the address. `roster`: of a whole roster."""
        given = request.POST.get("roster", "")
        roster = _roster(self, _uuid(given)) if given else None
        try:
            new = services.make_feed(person=self.by, roster=roster)
        except DomainError as refusal:
            messages.warning(request, refusal.message)
            return redirect("my_duty")
        address = settings.BASE_URL + reverse("calendar_feed", args=[new.token])
        response = render(request, "people/new_feed.html", {"nav": "people", "feed": new.row, "address": address})
        response["Cache-Control"] = "no-store"
        return response


class RevokeFeed(Signed, View):
    """POST /duty/feeds/<id>/revoke/"""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, feed_id: uuid.UUID) -> HttpResponse:
        """Only of one's own."""
        feed = get_object_or_404(feeds_of(self.by), pk=feed_id)
        services.revoke_feed(feed_id=feed.pk, by=self.by)
        messages.success(request, _("This address shows nothing any more."))
        return redirect("my_duty")


class OnePolicy(Signed, TemplateView):
    """/escalation/<id>/: who is called, one after the other."""

    template_name = "people/escalation_policy.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """`policy`, `steps`, `patience`."""
        found = selectors.visible_policies(self.by)
        policy: EscalationPolicy = get_object_or_404(found, pk=kwargs.pop("policy_id"))
        more = {"steps": selectors.steps_of(policy), "patience": policy.patience.order_by("severity")}
        return super().get_context_data(nav="people", policy=policy, **more, **kwargs)


def calendar_feed(request: HttpRequest, token: str) -> HttpResponse:
    """/calendar/<token>.ics: for whoever knows the address, in the language of its owner."""
    row = feed_at(token)
    if row is None or request.method not in {"GET", "HEAD"}:
        raise Http404
    now = timezone.now()
    with translation.override(selectors.language_of(row.person)):
        feed = read_feed(row, now)
    services.note_feed_read(feed=row, now=now)
    response = HttpResponse(
        icalendar.calendar(feed.name, feed.happenings, now=now), content_type=icalendar.CONTENT_TYPE
    )
    response["Content-Disposition"] = 'attachment; filename="duty.ics"'
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    return response


def _roster(view: Signed, roster_id: uuid.UUID | None) -> Roster:
    found: Roster = get_object_or_404(selectors.visible_rosters(view.by).select_related("manager"), pk=roster_id)
    return found


def _changed_roster(view: Signed, roster_id: uuid.UUID) -> Roster:
    """The roster, if the reader may agree otherwise. Raises Http404."""
    roster = _roster(view, roster_id)
    if not roster.is_active or not selectors.may_change_duty(view.by, roster):
        raise Http404
    return roster


def _moment(given: str) -> datetime | None:
    """A moment out of the address; nothing where it is none."""
    try:
        found = parse_datetime(given.replace(" ", "+"))
    except ValueError:
        return None
    return found if found and timezone.is_aware(found) else None


def _uuid(given: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(given)
    except ValueError:
        return None
