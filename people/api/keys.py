"""Keys of programs, made and revoked."""

from datetime import timedelta
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response

from common.api import Input, NamedOut, Output, ReadViewSet, operation, shown_once
from people import services
from people.choices import Role
from people.models import ApiKey, KeyUse
from people.selectors import has_role, visible_keys

#: Days of which the uses are shown.
USES_SHOWN = timedelta(days=31)


class AdministratorsOnly(BasePermission):
    """Keys are made and ended by administrators; auditors read them."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Reading also for auditors."""
        roles = [Role.ADMINISTRATOR, Role.AUDITOR] if request.method == "GET" else [Role.ADMINISTRATOR]
        return has_role(request.user, *roles)


class KeyUseOut(Output):
    """How often the key was used on one day (UTC), and from where last."""

    example = {"count": 96, "address": "192.0.2.10"}

    class Meta:
        model = KeyUse
        fields = ["day", "count", "address"]


class ApiKeyOut(Output):
    """A key without its text."""

    example = {
        "name": "Monitoring of Hall 2",
        "program": "Monitoring of Hall 2",
        "role": "Responder",
        "scopes": ["incidents:write"],
        "prefix": "4f1c2a9b",
        "last_used_from": "192.0.2.10",
        "revoked_at": None,
    }

    program = serializers.CharField(source="user.name")
    owner = NamedOut(allow_null=True)
    uses = KeyUseOut(many=True)

    class Meta:
        model = ApiKey
        fields = [
            "id", "name", "program", "role", "scopes", "prefix", "created_at", "expires_at", "last_used_at",
            "last_used_from", "revoked_at", "owner", "uses",
        ]  # fmt: skip


class NewApiKeyOut(ApiKeyOut):
    """A key with its text, shown this once."""

    example = {
        **ApiKeyOut.example,
        "key": "hf_4f1c2a9b_c3VjaCBhIHRleHQgaXMgc2hvd24gb25jZQ",
    }

    key = serializers.CharField(allow_null=True)

    class Meta(ApiKeyOut.Meta):
        fields = [*ApiKeyOut.Meta.fields, "key"]


class NewApiKeyIn(Input):
    """What a new key is for."""

    example = {
        "name": "Monitoring of Hall 2",
        "role": "Responder",
        "scopes": ["incidents:write"],
    }

    name = serializers.CharField(max_length=120)
    role = serializers.ChoiceField(choices=Role.choices)
    scopes = serializers.ListField(child=serializers.CharField(max_length=40), required=False, max_length=40)
    expires_at = serializers.DateTimeField(required=False, allow_null=True)


class ApiKeys(ReadViewSet):
    """GET, POST /api/v1/api-keys/ and POST …/ID/revoke/"""

    queryset = ApiKey.objects.none()
    serializer_class = ApiKeyOut
    about = _("Keys with which programs sign in.")
    lists = _("Keys, without their texts.")
    shows = _("One key, without its text.")
    permission_classes = [*ReadViewSet.permission_classes, AdministratorsOnly]
    filterset_fields = ["role"]
    search_fields = ["name"]

    def get_queryset(self) -> QuerySet[ApiKey]:
        """All keys: only those who keep or audit them get here."""
        month = Prefetch("uses", queryset=KeyUse.objects.filter(day__gt=timezone.now().date() - USES_SHOWN))
        return visible_keys(self.request.user).select_related("user", "owner").prefetch_related(month)

    @operation(
        _("Make a key for a program."),
        takes=NewApiKeyIn,
        gives={201: NewApiKeyOut},
        more=_(
            "Its text is in this answer and cannot be read later. A key makes keys that can do no more than itself, "
            "work no longer, and belong to the same person."
        ),
    )
    def create(self, request: Request) -> Response:
        """Make a key. Its text is in this answer and nowhere else."""
        parent = request.auth if isinstance(request.auth, ApiKey) else None
        new = services.create_api_key(by=self.by, parent=parent, **self.checked(NewApiKeyIn, request))
        return shown_once(Response({**self.get_serializer(new.row).data, "key": new.text}, status=201), "key")

    @operation(_("End a key at once."), gives=ApiKeyOut, more=_("Safe to call twice."))
    @action(detail=True, methods=["post"])
    def revoke(self, request: Request, pk: str) -> Response:
        """End a key at once. Calling twice is safe."""
        return self.answer(services.revoke_api_key(key_id=self.get_object().pk, by=self.by))
