"""Keys of programs, made and revoked."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response

from common.api import Input, Output, ReadViewSet
from people import services
from people.choices import Role
from people.models import ApiKey
from people.selectors import has_role


class AdministratorsOnly(BasePermission):
    """Keys are made and ended by administrators; auditors read them."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Reading also for auditors."""
        roles = [Role.ADMINISTRATOR, Role.AUDITOR] if request.method == "GET" else [Role.ADMINISTRATOR]
        return has_role(request.user, *roles)


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
