"""Teams and who belongs to them, as programs see them."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request
from rest_framework.response import Response

from common.api import Input, NamedOut, Output, ReadViewSet, expected_version, operation
from people import services
from people.choices import Role
from people.models import Team, User
from people.selectors import has_role, visible_teams


class AdministratorsChange(BasePermission):
    """Administrators keep the teams; what anybody reads is a matter of the query."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Reading is open here."""
        return request.method in SAFE_METHODS or has_role(request.user, Role.ADMINISTRATOR)


class TeamOut(Output):
    """A team with its manager and its members."""

    example = {"name": "Accounting systems", "description": "Keeps what accounting works with."}

    manager = NamedOut(allow_null=True)
    members = NamedOut(many=True)

    class Meta:
        model = Team
        fields = ["id", "name", "description", "manager", "members", "is_active", "created_at", "version"]


def _people() -> QuerySet[User]:
    return User.objects.filter(is_active=True, is_machine=False)


class TeamIn(Input):
    """What a team is called, and who is in it."""

    example = {"name": "Shared services", "description": "Invoices and the archive"}

    name = serializers.CharField(max_length=120)
    description = serializers.CharField(max_length=300, required=False, allow_blank=True)
    manager = serializers.PrimaryKeyRelatedField(queryset=_people(), required=False, allow_null=True)
    members = serializers.PrimaryKeyRelatedField(queryset=_people(), many=True, required=False)


class MemberIn(Input):
    """One person."""

    person = serializers.PrimaryKeyRelatedField(queryset=_people())


class Teams(ReadViewSet):
    """GET, POST, PATCH /api/v1/teams/ and POST …/ID/add-member|remove-member|retire|bring-back/"""

    queryset = Team.objects.none()
    serializer_class = TeamOut
    permission_classes = [*ReadViewSet.permission_classes, AdministratorsChange]
    about = _("People who work together, and who answers for them.")
    lists = _("Teams.")
    shows = _("One team.")
    filterset_fields = ["is_active", "manager"]
    search_fields = ["name", "description"]
    ordering_fields = ["created_at", "name"]

    def get_queryset(self) -> QuerySet[Team]:
        """Teams in use; all for those who keep or audit them."""
        members = Prefetch("members", queryset=User.objects.order_by("name", "username"))
        return visible_teams(self.request.user).select_related("manager").prefetch_related(members)

    @operation(_("Name people who work together."), takes=TeamIn, gives={201: TeamOut})
    def create(self, request: Request) -> Response:
        """Name people who work together."""
        return self.answer(services.add_team(by=self.by, **self.checked(TeamIn, request)), status=201)

    @operation(_("Change a team: its name, manager or members."), takes=TeamIn(partial=True), gives=TeamOut)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Change it. `members` names all of them. Needs If-Match."""
        found, version = self.get_object(), expected_version(request)
        details = self.checked(TeamIn, request, partial=True)
        return self._fresh(services.change_team(team_id=found.pk, by=self.by, version=version, **details))

    @operation(_("Put a person into a team."), takes=MemberIn, gives=TeamOut)
    @action(detail=True, methods=["post"], url_path="add-member")
    def add_member(self, request: Request, pk: str) -> Response:
        """Put a person into it. Calling twice is safe."""
        team = self.get_object()
        services.add_member(team_id=team.pk, by=self.by, **self.checked(MemberIn, request))
        return self._fresh(team)

    @operation(_("Take a person out of a team."), takes=MemberIn, gives=TeamOut)
    @action(detail=True, methods=["post"], url_path="remove-member")
    def remove_member(self, request: Request, pk: str) -> Response:
        """Take a person out of it. Calling twice is safe."""
        team = self.get_object()
        services.remove_member(team_id=team.pk, by=self.by, **self.checked(MemberIn, request))
        return self._fresh(team)

    @operation(_("Take a team out of use."), gives=TeamOut)
    @action(detail=True, methods=["post"])
    def retire(self, request: Request, pk: str) -> Response:
        """Take it out of use. Calling twice is safe."""
        return self.answer(services.retire_team(team_id=self.get_object().pk, by=self.by))

    @operation(_("Put a team back into use."), gives=TeamOut)
    @action(detail=True, methods=["post"], url_path="bring-back")
    def bring_back(self, request: Request, pk: str) -> Response:
        """Put it back into use. Calling twice is safe."""
        return self.answer(services.bring_back_team(team_id=self.get_object().pk, by=self.by))

    def _fresh(self, team: Team) -> Response:
        return self.answer(self.get_queryset().get(pk=team.pk))
