"""People and keys, as programs see them."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common.api import Input, Output, ReadViewSet
from people import services
from people.choices import Role
from people.models import ApiKey, User
from people.permissions import SecondFactorWhereRequired
from people.selectors import email_of, has_role, roles_of, visible_people


class AdministratorsOnly(BasePermission):
    """Keys are made and ended by administrators; auditors read them."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Reading also for auditors."""
        roles = [Role.ADMINISTRATOR, Role.AUDITOR] if request.method == "GET" else [Role.ADMINISTRATOR]
        return has_role(request.user, *roles)


class MeOut(Output):
    """The caller: a person, or the program of a key."""

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

    email = serializers.SerializerMethodField()
    roles = serializers.SerializerMethodField()

    class Meta:
        model = User
        fields = ["id", "name", "email", "roles", "is_active", "is_machine", "created_at", "version"]

    def get_email(self, person: User) -> str:
        """Whole, masked or empty, by the caller's role."""
        return email_of(person, to=self.context["request"].user)

    def get_roles(self, person: User) -> list[str]:
        """The names of the person's roles."""
        return sorted(group.name for group in person.groups.all() if group.name in Role.values)


class ApiKeyOut(Output):
    """A key without its text."""

    program = serializers.CharField(source="user.name")

    class Meta:
        model = ApiKey
        fields = [
            "id", "name", "program", "role", "scopes", "prefix", "created_at", "expires_at", "last_used_at",
            "revoked_at",
        ]  # fmt: skip


class NewApiKeyOut(ApiKeyOut):
    """A key with its text, shown this once."""

    key = serializers.CharField()

    class Meta(ApiKeyOut.Meta):
        fields = [*ApiKeyOut.Meta.fields, "key"]


class NewApiKeyIn(Input):
    """What a new key is for."""

    name = serializers.CharField(max_length=120)
    role = serializers.ChoiceField(choices=Role.choices)
    scopes = serializers.ListField(child=serializers.CharField(max_length=40), required=False, max_length=40)
    expires_at = serializers.DateTimeField(required=False, allow_null=True)


class Me(APIView):
    """GET /api/v1/me/: who is calling, and as what. Open to every key, whatever its scopes."""

    permission_classes = [IsAuthenticated, SecondFactorWhereRequired]

    @extend_schema(responses=MeOut)
    def get(self, request: Request) -> Response:
        """The caller."""
        return Response(MeOut(request.user, context={"request": request}).data)


class People(ReadViewSet):
    """GET /api/v1/people/"""

    queryset = User.objects.none()
    serializer_class = PersonOut
    filterset_fields = ["is_active", "is_machine"]
    search_fields = ["name"]
    ordering_fields = ["created_at", "name"]

    def get_queryset(self) -> QuerySet[User]:
        """People whom the caller may see."""
        return visible_people(self.request.user).prefetch_related("groups")


class ApiKeys(ReadViewSet):
    """GET, POST /api/v1/api-keys/ and POST …/ID/revoke/"""

    queryset = ApiKey.objects.none()
    serializer_class = ApiKeyOut
    permission_classes = [*ReadViewSet.permission_classes, AdministratorsOnly]
    filterset_fields = ["role"]
    search_fields = ["name"]

    def get_queryset(self) -> QuerySet[ApiKey]:
        """All keys: only those who keep or audit them get here."""
        return ApiKey.objects.select_related("user")

    @extend_schema(request=NewApiKeyIn, responses={201: NewApiKeyOut})
    def create(self, request: Request) -> Response:
        """Make a key. Its text is in this answer and nowhere else."""
        new = services.create_api_key(by=self.by, **self.checked(NewApiKeyIn, request))
        return Response({**self.get_serializer(new.row).data, "key": new.text}, status=201)

    @extend_schema(request=None, responses=ApiKeyOut)
    @action(detail=True, methods=["post"])
    def revoke(self, request: Request, pk: str) -> Response:
        """End a key at once. Calling twice is safe."""
        return self.answer(services.revoke_api_key(key_id=self.get_object().pk, by=self.by))
