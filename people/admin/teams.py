"""Teams and who belongs to them."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectMultipleWidget

from ledger.admin import LedgerAdmin, LedgerForm, SeenForm, SignedInRequest, by_service
from ledger.admin.sheets import SheetAdmin
from people import services
from people.admin.sheets import TEAMS
from people.models import Membership, Team, User


class TeamForm(SeenForm):
    """A team with all of its members."""

    people = forms.ModelMultipleChoiceField(
        label=_("members"), queryset=User.objects.none(), required=False, widget=UnfoldAdminSelectMultipleWidget
    )

    class Meta:
        model = Team
        fields = ["name", "description", "manager"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        here = Q(is_active=True, is_machine=False)
        if not self.instance._state.adding:
            here |= Q(memberships__team=self.instance)
            self.fields["people"].initial = list(self.instance.members.values_list("pk", flat=True))
        self.fields["people"].queryset = User.objects.filter(here).distinct()  # type: ignore[attr-defined]


@admin.register(Team)
class TeamAdmin(SheetAdmin):
    form = TeamForm
    sheet = TEAMS
    list_display = ["name", "manager", "member_count", "is_active"]
    list_filter = ["is_active", "manager"]
    list_select_related = ["manager"]
    search_fields = ["name", "description", "members__name"]
    fields = ["name", "description", "manager", "people"]
    autocomplete_fields = ["manager"]
    actions = [
        by_service(services.retire_team, _("Take out of use"), key="team_id"),
        by_service(services.bring_back_team, _("Put back into use"), key="team_id"),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Team]:
        return super().get_queryset(request).annotate(size=Count("memberships", distinct=True))

    @admin.display(description=_("members"), ordering="size")
    def member_count(self, team: Team) -> int:
        return int(getattr(team, "size", 0))

    def add_by(self, request: SignedInRequest, values: dict[str, Any]) -> Team:
        """Name people who work together."""
        members = values.pop("people")
        return services.add_team(by=request.user, members=members, **values)

    def change_by(self, request: SignedInRequest, row: Team, values: dict[str, Any], version: int | None) -> bool:
        """Name, manager and members."""
        if "people" in values:
            values["members"] = values.pop("people")
        services.change_team(team_id=row.pk, by=request.user, version=version, **values)
        return True


@admin.register(Membership)
class MembershipAdmin(LedgerAdmin):
    form = LedgerForm
    list_display = ["person", "team", "created_at"]
    list_filter = ["team"]
    list_select_related = ["person", "team"]
    search_fields = ["person__name", "team__name"]
    fields = ["team", "person"]
    autocomplete_fields = ["team", "person"]
    actions = ["take_out"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Somebody is in a team or is not."""
        return False

    def add_by(self, request: SignedInRequest, values: dict[str, Any]) -> Membership:
        """Put a person into a team."""
        return services.add_member(team_id=values["team"].pk, person=values["person"], by=request.user)

    @admin.action(description=_("Take out of the team"), permissions=["view"])
    def take_out(self, request: HttpRequest, queryset: QuerySet[Membership]) -> None:
        """Each by itself."""
        by_service(_take_out, "", row="membership")(self, request, queryset)


def _take_out(*, membership: Membership, by: User) -> None:
    services.remove_member(team_id=membership.team_id, person=membership.person, by=by)
