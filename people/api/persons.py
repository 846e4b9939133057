"""People, as programs see them."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from common.api import ApiView, NamedOut, Output, ReadViewSet, operation
from people.choices import Role
from people.models import ApiKey, User
from people.permissions import SecondFactorWhereRequired
from people.selectors import email_of, roles_of, visible_people


class MeOut(Output):
    """The caller: a person, or the program of a key."""

    example = {
        "username": "monitoring-of-hall-2",
        "name": "Monitoring of Hall 2",
        "email": "desk@example.org",
        "is_machine": True,
        "language": "en",
        "time_zone": "Europe/Berlin",
        "roles": ["Responder"],
        "scopes": ["incidents:write"],
    }

    roles = serializers.SerializerMethodField()
    scopes = serializers.SerializerMethodField()

    class Meta:
        model = User
        fields = ["id", "username", "name", "email", "is_machine", "language", "time_zone", "theme", "roles", "scopes"]

    def get_roles(self, person: User) -> list[str]:
        """The names of the roles that hold for this call."""
        return sorted(roles_of(person))

    def get_scopes(self, person: User) -> list[str]:
        """What the key is narrowed to; nothing for people and for keys that are not narrowed."""
        key = self.context["request"].auth
        return list(key.scopes) if isinstance(key, ApiKey) else []


class PersonOut(Output):
    """A person, as far as the caller may see them."""

    example = {
        "name": "Duty desk",
        "email": "desk@example.org",
        "roles": ["Responder"],
        "is_active": True,
    }

    email = serializers.SerializerMethodField()
    roles = serializers.SerializerMethodField()
    manager = NamedOut(allow_null=True)

    class Meta:
        model = User
        fields = [
            "id",
            "name",
            "email",
            "roles",
            "is_active",
            "is_machine",
            "manager",
            "ends_on",
            "created_at",
            "version",
        ]

    def get_email(self, person: User) -> str:
        """Whole, masked or empty, by the caller's role."""
        return email_of(person, to=self.context["request"].user)

    def get_roles(self, person: User) -> list[str]:
        """The names of the person's roles."""
        return sorted(group.name for group in person.groups.all() if group.name in Role.values)


class Me(ApiView):
    """GET /api/v1/me/: who is calling, and as what. Open to every key, whatever its scopes."""

    about = _("The caller.")
    permission_classes = [IsAuthenticated, SecondFactorWhereRequired]

    @operation(_("Who is calling, and as what."), gives=MeOut, more=_("Open to every key, whatever its scopes."))
    def get(self, request: Request) -> Response:
        """The caller."""
        return Response(MeOut(request.user, context={"request": request}).data)


class People(ReadViewSet):
    """GET /api/v1/people/"""

    queryset = User.objects.none()
    serializer_class = PersonOut
    about = _("People and programs, as far as the caller may see them.")
    lists = _("People and programs.")
    shows = _("One person or program.")
    filterset_fields = ["is_active", "is_machine"]
    search_fields = ["name"]
    ordering_fields = ["created_at", "name"]

    def get_queryset(self) -> QuerySet[User]:
        """People whom the caller may see."""
        return visible_people(self.request.user).select_related("manager").prefetch_related("groups")
