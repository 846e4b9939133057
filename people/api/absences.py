"""Who is away and who acts for them, as programs see it."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from common.api import Input, NamedOut, Output, ReadViewSet, operation
from common.errors import NotAllowed
from people import services
from people.models import Absence, User
from people.selectors import may_plan_for, visible_absences


class AbsenceOut(Output):
    """A time in which somebody is away."""

    person = NamedOut()
    substitute = NamedOut(allow_null=True)
    is_in_force = serializers.SerializerMethodField()

    class Meta:
        model = Absence
        fields = [
            "id", "person", "substitute", "starts_at", "ends_at", "ended_early_at", "is_in_force", "created_at",
        ]  # fmt: skip

    def get_is_in_force(self, absence: Absence) -> bool:
        """Whether the person is away now."""
        return absence.is_in_force(timezone.now())


class AbsenceIn(Input):
    """Who is away, and when."""

    example = {"starts_at": "2027-07-01T00:00:00+02:00", "ends_at": "2027-07-15T00:00:00+02:00"}

    person = serializers.PrimaryKeyRelatedField(
        queryset=User.objects.filter(is_active=True, is_machine=False), required=False
    )
    substitute = serializers.PrimaryKeyRelatedField(
        queryset=User.objects.filter(is_active=True, is_machine=False), required=False, allow_null=True
    )
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()


class Absences(ReadViewSet):
    """GET, POST /api/v1/absences/ and POST …/ID/end/"""

    queryset = Absence.objects.none()
    serializer_class = AbsenceOut
    about = _("Who is away, and who acts for them meanwhile.")
    lists = _("Absences.")
    shows = _("One absence.")
    filterset_fields = ["person", "substitute"]
    search_fields = ["person__name"]
    ordering_fields = ["created_at", "starts_at"]

    def get_queryset(self) -> QuerySet[Absence]:
        """What the caller may see."""
        return visible_absences(self.request.user).select_related("person", "substitute")

    @operation(
        _("Say when somebody is away, and who acts for them."),
        takes=AbsenceIn,
        gives={201: AbsenceOut},
        more=_("Without a person it is the caller. For others: their manager and administrators."),
    )
    def create(self, request: Request) -> Response:
        """Plan an absence."""
        values: dict[str, Any] = {"person": self.by, **self.checked(AbsenceIn, request)}
        self._check(values["person"])
        return self.answer(services.plan_absence(by=self.by, **values), status=201)

    @operation(_("End an absence early."), gives=AbsenceOut)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: str) -> Response:
        """The person is back. Calling twice is safe."""
        absence = self.get_object()
        self._check(absence.person)
        return self.answer(services.end_absence(absence_id=absence.pk, by=self.by))

    def _check(self, person: User) -> None:
        if not may_plan_for(self.by, person):
            raise NotAllowed
