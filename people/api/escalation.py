"""Escalation policies, as programs see them."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from common.api import Input, NamedOut, Output, ReadViewSet, Seconds, expected_version, operation
from people import services
from people.api.teams import AdministratorsChange
from people.choices import Beyond, CallUrgency, Whom
from people.models import EscalationPolicy, EscalationStep, Patience, Roster, Team, User
from people.selectors import visible_policies


class EscalationStepOut(Output):
    """One step: so long after the one before, these people are called."""

    example = {"position": 1, "after_seconds": 0, "whom": "roster", "urgency": "urgent"}

    after_seconds = Seconds(source="after")
    person = NamedOut(allow_null=True)
    roster = NamedOut(allow_null=True)
    team = NamedOut(allow_null=True)

    class Meta:
        model = EscalationStep
        fields = ["position", "after_seconds", "whom", "person", "roster", "team", "urgency"]


class PatienceOut(Output):
    """How long an incident of this severity may stay silent."""

    example = {"severity": 1, "remind_after_seconds": 1800, "again_after_seconds": 900}

    remind_after_seconds = Seconds(source="remind_after")
    again_after_seconds = Seconds(source="again_after")

    class Meta:
        model = Patience
        fields = ["severity", "remind_after_seconds", "again_after_seconds"]


class EscalationPolicyOut(Output):
    """Who is called, one after the other."""

    example = {
        "name": "Everything urgent",
        "description": "The first line, then the owner.",
        "calls_up_to": 2,
        "beyond": "nobody",
        "repeat_count": 1,
    }

    pause_seconds = Seconds(source="pause")
    steps = EscalationStepOut(many=True)
    patience = PatienceOut(many=True)

    class Meta:
        model = EscalationPolicy
        fields = [
            "id", "name", "description", "calls_up_to", "beyond", "pause_seconds", "repeat_count", "is_default",
            "is_active", "steps", "patience", "created_at", "version",
        ]  # fmt: skip


class EscalationStepIn(Input):
    """One step."""

    example = {"after_seconds": 300, "whom": "service_owner"}

    after_seconds = Seconds(source="after", required=False)
    whom = serializers.ChoiceField(choices=Whom.choices)
    person = serializers.PrimaryKeyRelatedField(
        queryset=User.objects.filter(is_machine=False), required=False, allow_null=True
    )
    roster = serializers.PrimaryKeyRelatedField(
        queryset=Roster.objects.filter(is_active=True), required=False, allow_null=True
    )
    team = serializers.PrimaryKeyRelatedField(
        queryset=Team.objects.filter(is_active=True), required=False, allow_null=True
    )
    urgency = serializers.ChoiceField(choices=CallUrgency.choices, required=False)


class PatienceIn(Input):
    """How long an incident of this severity may stay silent."""

    example = PatienceOut.example

    severity = serializers.IntegerField(min_value=1, max_value=4)
    remind_after_seconds = Seconds(source="remind_after")
    again_after_seconds = Seconds(source="again_after")


class EscalationPolicyIn(Input):
    """Who is called. `steps` and `patience` name all of them."""

    example = {
        "name": "Payments",
        "description": "The first line, then the owner.",
        "calls_up_to": 2,
        "steps": [{"whom": "service_owner"}],
        "patience": [PatienceOut.example],
    }

    name = serializers.CharField(max_length=120)
    description = serializers.CharField(max_length=300, required=False, allow_blank=True)
    calls_up_to = serializers.IntegerField(min_value=1, max_value=4, required=False)
    beyond = serializers.ChoiceField(choices=Beyond.choices, required=False)
    pause_seconds = Seconds(source="pause", required=False)
    repeat_count = serializers.IntegerField(min_value=0, max_value=5, required=False)
    is_default = serializers.BooleanField(required=False)
    steps = EscalationStepIn(many=True, required=False)
    patience = PatienceIn(many=True, required=False)


class EscalationPolicies(ReadViewSet):
    """GET, POST, PATCH /api/v1/escalation-policies/ and POST …/ID/retire|bring-back/"""

    queryset = EscalationPolicy.objects.none()
    serializer_class = EscalationPolicyOut
    permission_classes = [*ReadViewSet.permission_classes, AdministratorsChange]
    about = _("Who is called, one after the other, until somebody takes an incident over.")
    lists = _("Escalation policies.")
    shows = _("One escalation policy.")
    filterset_fields = ["is_active", "is_default"]
    search_fields = ["name", "description"]
    ordering_fields = ["created_at", "name"]

    def get_queryset(self) -> QuerySet[EscalationPolicy]:
        """For those who work, and those who audit."""
        steps = Prefetch(
            "steps", EscalationStep.objects.select_related("person", "roster", "team").order_by("position")
        )
        patience = Prefetch("patience", Patience.objects.order_by("severity"))
        return visible_policies(self.request.user).prefetch_related(steps, patience)

    @operation(_("Name who is called when nobody answers."), takes=EscalationPolicyIn, gives={201: EscalationPolicyOut})
    def create(self, request: Request) -> Response:
        """Name who is called."""
        made = services.add_policy(by=self.by, **_details(self.checked(EscalationPolicyIn, request)))
        return self._fresh(made, status=201)

    @operation(_("Change an escalation policy."), takes=EscalationPolicyIn(partial=True), gives=EscalationPolicyOut)
    def partial_update(self, request: Request, pk: str) -> Response:
        """What has begun goes on as it began. Needs If-Match."""
        found, version = self.get_object(), expected_version(request)
        details = _details(self.checked(EscalationPolicyIn, request, partial=True))
        return self._fresh(services.change_policy(policy_id=found.pk, by=self.by, version=version, **details))

    @operation(_("Take an escalation policy out of use."), gives=EscalationPolicyOut)
    @action(detail=True, methods=["post"])
    def retire(self, request: Request, pk: str) -> Response:
        """Nothing new is called by it. Calling twice is safe."""
        return self._fresh(services.retire_policy(policy_id=self.get_object().pk, by=self.by))

    @operation(_("Put an escalation policy back into use."), gives=EscalationPolicyOut)
    @action(detail=True, methods=["post"], url_path="bring-back")
    def bring_back(self, request: Request, pk: str) -> Response:
        """Put it back into use. Calling twice is safe."""
        return self._fresh(services.bring_back_policy(policy_id=self.get_object().pk, by=self.by))

    def _fresh(self, policy: EscalationPolicy, status: int = 200) -> Response:
        return self.answer(self.get_queryset().get(pk=policy.pk), status=status)


def _details(given: dict[str, Any]) -> dict[str, Any]:
    """As the service takes them."""
    if "patience" in given:
        given["patience"] = {
            each["severity"]: (each["remind_after"], each["again_after"]) for each in given.pop("patience")
        }
    return given
