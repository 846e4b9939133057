"""Rosters, rotations, overrides and escalation policies in the admin."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminIntegerFieldWidget, UnfoldAdminTextareaWidget

from ledger.admin import LedgerAdmin, LedgerForm, ReadOnlyAdmin, SeenForm, SignedInRequest, by_service
from people import services
from people.choices import Weekday
from people.models import (
    DutyFeed,
    EscalationPolicy,
    EscalationStep,
    Override,
    Roster,
    Rotation,
    User,
)
from people.selectors import person_named


@admin.register(Roster)
class RosterAdmin(LedgerAdmin):
    form = SeenForm
    list_display = ["name", "time_zone", "manager", "tells_hand_over", "is_active"]
    list_filter = ["is_active"]
    list_select_related = ["manager"]
    search_fields = ["name", "description"]
    fields = ["name", "description", "time_zone", "manager", "tells_hand_over"]
    autocomplete_fields = ["manager"]
    actions = [
        by_service(services.retire_roster, _("Take out of use"), key="roster_id"),
        by_service(services.bring_back_roster, _("Put back into use"), key="roster_id"),
    ]

    def add_by(self, request: SignedInRequest, values: dict[str, Any]) -> Roster:
        """Name a duty."""
        return services.add_roster(by=request.user, **values)

    def change_by(self, request: SignedInRequest, row: Roster, values: dict[str, Any], version: int | None) -> bool:
        """Name, zone and manager."""
        services.change_roster(roster_id=row.pk, by=request.user, version=version, **values)
        return True


class RotationForm(SeenForm):
    """Turns, with the people by their sign-in names in order."""

    turns = forms.CharField(
        label=_("people in turn"),
        max_length=8000,
        widget=UnfoldAdminTextareaWidget,
        help_text=_("Sign-in names, one on each line, in the order of their turns."),
    )
    weekdays = forms.TypedMultipleChoiceField(
        label=_("days of the week"), choices=Weekday.choices, coerce=int, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Rotation
        fields = [
            "roster", "position", "name", "period", "length", "starts_on", "ends_on", "hand_over_at", "weekdays",
            "from_time", "until_time",
        ]  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["weekdays"].initial = self.instance.weekdays
        if not self.instance._state.adding:
            turns = self.instance.participants.select_related("person").order_by("position")
            self.fields["turns"].initial = "\n".join(each.person.username for each in turns)

    def clean_turns(self) -> list[User]:
        """The people behind the names."""
        names = [line.strip() for line in self.cleaned_data["turns"].splitlines() if line.strip()]
        people = [person_named(name) for name in names]
        if None in people:
            unknown = names[people.index(None)]
            raise forms.ValidationError(_now("Nobody signs in as “%(name)s”.") % {"name": unknown})
        return [person for person in people if person is not None]


@admin.register(Rotation)
class RotationAdmin(LedgerAdmin):
    form = RotationForm
    list_display = ["name", "roster", "position", "period", "length", "hand_over_at", "starts_on", "ends_on"]
    list_filter = ["roster"]
    list_select_related = ["roster"]
    search_fields = ["name", "roster__name"]
    fields = [
        "roster", "position", "name", "turns", "period", "length", "starts_on", "hand_over_at", "ends_on", "weekdays",
        "from_time", "until_time",
    ]  # fmt: skip
    autocomplete_fields = ["roster"]
    actions = [by_service(services.remove_rotation, _("Remove"), key="rotation_id")]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """A rotation stays in its roster."""
        return ["roster"] if obj else []

    def add_by(self, request: SignedInRequest, values: dict[str, Any]) -> Rotation:
        """Let people have the duty in turn."""
        roster = values.pop("roster")
        return services.add_rotation(roster_id=roster.pk, by=request.user, people=values.pop("turns"), **values)

    def change_by(self, request: SignedInRequest, row: Rotation, values: dict[str, Any], version: int | None) -> bool:
        """Turn otherwise."""
        people = values.pop("turns", None)
        services.change_rotation(rotation_id=row.pk, by=request.user, version=version, people=people, **values)
        return True


@admin.register(Override)
class OverrideAdmin(LedgerAdmin):
    form = LedgerForm
    list_display = ["roster", "person", "starts_at", "ends_at", "reason", "removed_at"]
    list_filter = ["roster", "starts_at"]
    list_select_related = ["roster", "person"]
    search_fields = ["roster__name", "person__name"]
    fields = ["roster", "person", "starts_at", "ends_at", "reason"]
    autocomplete_fields = ["roster", "person"]
    actions = [by_service(services.remove_override, _("Take back"), key="override_id")]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """An override is agreed and taken back; another time is another override."""
        return False

    def add_by(self, request: SignedInRequest, values: dict[str, Any]) -> Override:
        """Let somebody have the duty instead."""
        return services.add_override(roster_id=values.pop("roster").pk, by=request.user, **values)


@admin.register(DutyFeed)
class DutyFeedAdmin(ReadOnlyAdmin):
    list_display = ["person", "roster", "created_at", "last_read_at", "revoked_at"]
    list_select_related = ["person", "roster"]
    search_fields = ["person__name", "roster__name"]
    fields = ["person", "roster", "created_at", "last_read_at", "revoked_at"]
    actions = [by_service(services.revoke_feed, _("Revoke"), key="feed_id")]


def _minutes(label: Any) -> forms.IntegerField:
    widget = UnfoldAdminIntegerFieldWidget
    return forms.IntegerField(label=label, required=False, min_value=5, max_value=10_080, widget=widget)


REMIND, AGAIN = _("minutes of silence until reminded"), _("then minutes until called again")


class PolicyForm(SeenForm):
    """A policy, with its patience in minutes."""

    remind_1, again_1 = _minutes(REMIND), _minutes(AGAIN)
    remind_2, again_2 = _minutes(REMIND), _minutes(AGAIN)
    remind_3, again_3 = _minutes(REMIND), _minutes(AGAIN)
    remind_4, again_4 = _minutes(REMIND), _minutes(AGAIN)

    class Meta:
        model = EscalationPolicy
        fields = ["name", "description", "calls_up_to", "beyond", "pause", "repeat_count", "is_default"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        adding = self.instance._state.adding
        present = {} if adding else {each.severity: each for each in self.instance.patience.all()}
        for severity, row in present.items():
            self.fields[f"remind_{severity}"].initial = int(row.remind_after.total_seconds() // 60)
            self.fields[f"again_{severity}"].initial = int(row.again_after.total_seconds() // 60)

    def clean(self) -> dict[str, Any] | None:
        """Both minutes of a severity, or neither."""
        cleaned = super().clean() or {}
        for severity in range(1, 5):
            both = [cleaned.get(f"{name}_{severity}") for name in ("remind", "again")]
            if both.count(None) == 1:
                self.add_error(f"remind_{severity}", _now("Give both, or neither."))
        return cleaned


@admin.register(EscalationPolicy)
class EscalationPolicyAdmin(LedgerAdmin):
    form = PolicyForm
    list_display = ["name", "calls_up_to", "beyond", "repeat_count", "is_default", "is_active"]
    list_filter = ["is_active", "is_default"]
    search_fields = ["name", "description"]
    fieldsets = [
        (None, {"fields": ["name", "description", "calls_up_to", "beyond", "pause", "repeat_count", "is_default"]}),
        (_("Severity 1, taken over"), {"fields": ["remind_1", "again_1"]}),
        (_("Severity 2, taken over"), {"fields": ["remind_2", "again_2"]}),
        (_("Severity 3, taken over"), {"fields": ["remind_3", "again_3"]}),
        (_("Severity 4, taken over"), {"fields": ["remind_4", "again_4"]}),
    ]
    actions = [
        by_service(services.retire_policy, _("Take out of use"), key="policy_id"),
        by_service(services.bring_back_policy, _("Put back into use"), key="policy_id"),
    ]

    def add_by(self, request: SignedInRequest, values: dict[str, Any]) -> EscalationPolicy:
        """Name who is called."""
        return services.add_policy(by=request.user, patience=_patience(values), **values)

    def change_by(
        self, request: SignedInRequest, row: EscalationPolicy, values: dict[str, Any], version: int | None
    ) -> bool:
        """Call otherwise."""
        kept = {each.severity: (each.remind_after, each.again_after) for each in row.patience.all()}
        patience = _patience(values, kept)
        services.change_policy(policy_id=row.pk, by=request.user, version=version, patience=patience, **values)
        return True


@admin.register(EscalationStep)
class EscalationStepAdmin(LedgerAdmin):
    form = LedgerForm
    list_display = ["policy", "position", "after", "whom", "person", "roster", "team", "urgency"]
    list_filter = ["policy"]
    list_select_related = ["policy", "person", "roster", "team"]
    search_fields = ["policy__name"]
    fields = ["policy", "position", "after", "whom", "person", "roster", "team", "urgency"]
    autocomplete_fields = ["policy", "person", "roster", "team"]
    actions = ["take_away"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """A step stays in its policy."""
        return ["policy"] if obj else []

    def add_by(self, request: SignedInRequest, values: dict[str, Any]) -> EscalationStep:
        """One more step."""
        return services.add_step(policy_id=values.pop("policy").pk, by=request.user, **values)

    def change_by(
        self, request: SignedInRequest, row: EscalationStep, values: dict[str, Any], version: int | None
    ) -> bool:
        """Another time, other people, or another place."""
        services.change_step(step_id=row.pk, by=request.user, **values)
        return True

    @admin.action(description=_("Remove"), permissions=["view"])
    def take_away(self, request: HttpRequest, queryset: QuerySet[EscalationStep]) -> None:
        """Each by itself."""
        by_service(services.remove_step, "", key="step_id")(self, request, queryset)


def _patience(
    values: dict[str, Any], kept: dict[int, tuple[timedelta, timedelta]] | None = None
) -> dict[int, tuple[timedelta, timedelta]]:
    """The minutes out of the form's values; where only some differ, the rest as it was."""
    found: dict[int, list[timedelta | None]] = {severity: list(both) for severity, both in (kept or {}).items()}
    for severity in range(1, 5):
        for place, name in enumerate(("remind", "again")):
            if f"{name}_{severity}" in values:
                minutes = values.pop(f"{name}_{severity}")
                pair = found.setdefault(severity, [None, None])
                pair[place] = None if minutes is None else timedelta(minutes=minutes)
    return {severity: (first, then) for severity, (first, then) in found.items() if first and then}
