"""Actions in the admin: opened and described through the room's services. Moves that need words are for the page."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline

from actions import services
from actions.links import About
from actions.models import Action, ActionEvent, ImprovementPlan, Phase
from catalog.models import System
from ledger.admin import LedgerAdmin, ReadOnlyInline, SeenForm, SignedInRequest, by_service


class ActionForm(SeenForm):
    """An action; a new one may be about a system, whose restore tests then prove it."""

    system = forms.ModelChoiceField(
        label=_("about the system"),
        queryset=System.objects.filter(is_active=True),
        required=False,
        help_text=_("Needed where a test of one system has to prove it."),
    )


class EventInline(ReadOnlyInline):
    model = ActionEvent
    fields = ["at", "kind", "by_label", "text"]


@admin.register(Action)
class ActionAdmin(LedgerAdmin):
    form = ActionForm
    list_display = ["reference", "title", "kind", "state", "owner", "due_on", "postponed_count"]
    list_filter = ["state", "kind", "due_on"]
    list_select_related = ["owner"]
    search_fields = ["=number", "title", "source_reference"]
    autocomplete_fields = ["owner"]
    ordering = ["-number"]
    inlines = [EventInline]
    actions = [
        by_service(services.start, _("Begin"), key="action_id"),
        by_service(services.finish, _("It is done"), key="action_id"),
    ]
    written_once = ["kind", "owner", "due_on", "phase"]
    moved = ["state", "about_label", "source_reference", "proof_reference", "verified_at", "accepted_until", "reason"]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """What is moved by services is only shown."""
        if obj is None:
            return ["title", "description", "system", *self.written_once]
        return ["title", "description", *self.written_once, *self.moved]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Day, owner and place in a plan are changed on the page, with a reason."""
        return [] if obj is None else [*self.written_once, *self.moved]

    def add_by(self, request: SignedInRequest, values: dict[str, Any]) -> Action:
        """Decide that somebody does something by a day."""
        system = values.pop("system", None)
        about = None
        if system is not None:
            about = About(f"catalog.system:{system.pk}", system.name, system.get_absolute_url())
        return services.open_action(by=request.user, about=about, **values)

    def change_by(self, request: SignedInRequest, row: Action, values: dict[str, Any], version: int | None) -> bool:
        """Say it more clearly."""
        services.describe(action_id=row.pk, by=request.user, version=version, **values)
        return True


class PhaseInline(TabularInline):
    model = Phase
    fields = ["title", "starts_on", "ends_on"]
    extra = 0


@admin.register(ImprovementPlan)
class ImprovementPlanAdmin(LedgerAdmin):
    form = SeenForm
    list_display = ["reference", "title", "owner", "created_at"]
    list_select_related = ["owner"]
    search_fields = ["=number", "title", "goal"]
    fields = ["title", "goal", "owner"]
    autocomplete_fields = ["owner"]
    ordering = ["-number"]
    inlines = [PhaseInline]

    def add_by(self, request: SignedInRequest, values: dict[str, Any]) -> ImprovementPlan:
        """Begin an improvement plan."""
        return services.add_plan(by=request.user, **values)

    def change_by(
        self, request: SignedInRequest, row: ImprovementPlan, values: dict[str, Any], version: int | None
    ) -> bool:
        """Describe it anew."""
        services.change_plan(plan_id=row.pk, by=request.user, version=version, **values)
        return True

    def save_formset(self, request: SignedInRequest, form: Any, formset: Any, change: bool) -> None:
        """All phases at once, in the order of their dates."""
        formset.new_objects, formset.changed_objects, formset.deleted_objects = [], [], []
        if formset.has_changed():
            services.change_plan(plan_id=form.instance.pk, by=request.user, phases=_kept(formset))


def _kept(formset: Any) -> list[services.PhaseDetails]:
    rows = [
        (each.instance, each.cleaned_data)
        for each in formset.forms
        if each.cleaned_data.get("title") and not each.cleaned_data.get("DELETE")
    ]
    phases = [
        services.PhaseDetails(
            id=None if phase._state.adding else phase.pk,
            title=row["title"],
            starts_on=row["starts_on"],
            ends_on=row["ends_on"],
        )
        for phase, row in rows
    ]
    return sorted(phases, key=lambda phase: phase["starts_on"])
