"""/api/v1/time-limits/"""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.models import Service
from common.api import Input, NamedOut, Output, ReadViewSet, expected_version, operation
from incidents import services
from incidents.models import ClockTarget
from incidents.selectors import visible_limits
from people.choices import Role
from people.models import Calendar
from people.selectors import has_role


class AdministratorsPromise(BasePermission):
    """Administrators say what is promised; who reads it is a matter of the query."""

    def has_permission(self, request: Request, view: object) -> bool:
        """Reading is open here."""
        return request.method in SAFE_METHODS or has_role(request.user, Role.ADMINISTRATOR)


class TimeLimitOut(Output):
    """What is promised for one severity, for all services or for one. A time that is null is not promised."""

    example = {
        "severity": 1,
        "acknowledge_within": "00:15:00",
        "update_every": "00:30:00",
        "resolve_within": "04:00:00",
    }

    service = NamedOut(allow_null=True)
    calendar = NamedOut()

    class Meta:
        model = ClockTarget
        fields = [
            "id", "severity", "service", "calendar", "acknowledge_within", "update_every", "resolve_within", "since",
            "created_at", "version",
        ]  # fmt: skip


class TimesIn(Input):
    """Within which time, by which calendar."""

    example: dict[str, Any] = {"acknowledge_within": "00:15:00", "update_every": None, "resolve_within": "04:00:00"}

    calendar = serializers.PrimaryKeyRelatedField(queryset=Calendar.objects.all())
    acknowledge_within = serializers.DurationField(required=False, allow_null=True)
    update_every = serializers.DurationField(required=False, allow_null=True)
    resolve_within = serializers.DurationField(required=False, allow_null=True)


class TimeLimitIn(TimesIn):
    """For one severity; without a service, for all that have none of their own."""

    example: dict[str, Any] = {**TimesIn.example, "severity": 1}

    severity = serializers.IntegerField(min_value=1, max_value=4)
    service = serializers.PrimaryKeyRelatedField(queryset=Service.objects.all(), required=False, allow_null=True)


class TimeLimits(ReadViewSet):
    """GET, POST, PATCH /api/v1/time-limits/ and POST …/ID/withdraw/"""

    queryset = ClockTarget.objects.none()
    serializer_class = TimeLimitOut
    permission_classes = [*ReadViewSet.permission_classes, AdministratorsPromise]
    about = _("Within which time incidents have to be taken over, told of and resolved.")
    lists = _("Time limits in force.")
    shows = _("One time limit.")
    filterset_fields = ["severity", "service", "calendar"]
    ordering_fields = ["created_at"]

    def get_queryset(self) -> QuerySet[ClockTarget]:
        """What is in force."""
        return visible_limits(self.by).select_related("service", "calendar")

    @operation(_("Promise times for a severity."), takes=TimeLimitIn, gives={201: TimeLimitOut})
    def create(self, request: Request) -> Response:
        """Promise them from now on."""
        return self.answer(services.promise(by=self.by, **self.checked(TimeLimitIn, request)), status=201)

    @operation(_("Promise other times from now on."), takes=TimesIn(partial=True), gives=TimeLimitOut)
    def partial_update(self, request: Request, pk: str) -> Response:
        """What is over is still held to what was promised then. Needs If-Match."""
        target, version = self.get_object(), expected_version(request)
        given = self.checked(TimesIn, request, partial=True)
        changed = services.change_promise(target_id=target.pk, by=self.by, version=version, **given)
        return self.answer(self.get_queryset().get(pk=changed.pk))

    @operation(_("Promise it no longer."), gives=TimeLimitOut)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        """From now on it does not count."""
        target = self.get_object()
        services.withdraw_promise(target_id=target.pk, by=self.by)
        return self.answer(target)
