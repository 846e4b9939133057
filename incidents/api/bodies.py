"""What may come in."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from catalog.models import Service, System
from catalog.selectors import services_to_choose_from, systems_to_choose_from
from common.api import Input
from incidents.choices import (
    SCALES_OF_SEVERITY,
    TAKEN_BY_CHOICES,
    Badness,
    Category,
    HoldReason,
    RoleName,
    Scale,
)
from incidents.selectors.seeing import REPORTING
from incidents.services.attaching import AT_ONCE
from incidents.services.times import IN_ORDER
from people.choices import WORKING
from people.models import Team, User
from people.selectors import with_role


class AffectedIn(Input):
    """What is affected, by ids."""

    services = serializers.PrimaryKeyRelatedField(many=True, required=False, queryset=Service.objects.none())
    systems = serializers.PrimaryKeyRelatedField(many=True, required=False, queryset=System.objects.none())

    def get_fields(self) -> dict[str, serializers.Field]:
        """Only what is in use may be named."""
        fields = super().get_fields()
        fields["services"].child_relation.queryset = services_to_choose_from()  # type: ignore[attr-defined]  # many
        fields["systems"].child_relation.queryset = systems_to_choose_from()  # type: ignore[attr-defined]  # many
        return fields


class WordsIn(AffectedIn):
    """What is known about it in words."""

    example: dict[str, Any] = {
        "title": "Invoices are missing",
        "description": "The archive shows nothing from last week.",
        "place": "Accounting",
        "error_code": "404",
        "steps_tried": "Signed in anew.",
    }

    title = serializers.CharField(max_length=160, required=False)
    description = serializers.CharField(max_length=10_000, required=False, allow_blank=True)
    place = serializers.CharField(max_length=200, required=False, allow_blank=True)
    error_code = serializers.CharField(max_length=100, required=False, allow_blank=True)
    steps_tried = serializers.CharField(max_length=4000, required=False, allow_blank=True)
    occurred_at = serializers.DateTimeField(required=False, allow_null=True)


class ReportIn(WordsIn):
    """A new report. A title or a description is needed.

    `reporter` is a colleague whose report it is; `source`, `reporter_name` and `reporter_email` are for those who work
    on incidents, of what reached them by phone, e-mail or chat.
    """

    example: dict[str, Any] = {
        **WordsIn.example,
        "badness": "hindered",
        "source": "phone",
        "reporter_name": "Caller from the front desk",
    }

    reporter = serializers.PrimaryKeyRelatedField(required=False, queryset=User.objects.none())
    # The name is also that of an attribute of fields, which serializers never ask of themselves.
    source = serializers.ChoiceField(  # type: ignore[assignment]
        choices=TAKEN_BY_CHOICES, required=False
    )
    reporter_name = serializers.CharField(max_length=200, required=False, allow_blank=True)
    reporter_email = serializers.EmailField(max_length=254, required=False, allow_blank=True)

    badness = serializers.ChoiceField(choices=Badness.choices, required=False)
    impact = serializers.ChoiceField(choices=Scale.choices, required=False)
    urgency = serializers.ChoiceField(choices=Scale.choices, required=False)

    def get_fields(self) -> dict[str, serializers.Field]:
        """Colleagues who may report."""
        fields = super().get_fields()
        fields["reporter"].queryset = with_role(*REPORTING)  # type: ignore[attr-defined]  # a related field
        return fields

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        """Somebody has to say what is wrong; impact and urgency come together; it is the report of one person."""
        if given.get("reporter") and (given.get("reporter_name") or given.get("reporter_email")):
            raise serializers.ValidationError({"reporter": [_("Name a colleague or somebody outside, not both.")]})
        if not given.get("title", "").strip() and not given.get("description", "").strip():
            raise serializers.ValidationError({"description": [_("Say what is wrong.")]})
        impact, urgency = given.pop("impact", None), given.pop("urgency", None)
        if (impact is None) != (urgency is None):
            raise serializers.ValidationError({"impact": [_("Give impact and urgency together.")]})
        if impact is not None:
            given["scales"] = (impact, urgency)
        return given


class ReportWithFilesIn(ReportIn):
    """The same with its files, as a form: lists are fields of one name. At most ten files of 25 MB each."""

    example: dict[str, Any] = {**ReportIn.example, "files": ["… bytes …"]}

    files = serializers.ListField(
        child=serializers.FileField(allow_empty_file=True, max_length=1000), required=False, max_length=AT_ONCE
    )


class ChangesIn(WordsIn):
    """Corrections. What is not named stays."""

    example = {
        **WordsIn.example,
        "public_title": "Some invoices cannot be found",
    }

    public_title = serializers.CharField(max_length=160, required=False, allow_blank=True)
    detected_at = serializers.DateTimeField(required=False, allow_null=True)
    category = serializers.ChoiceField(choices=Category.choices, required=False, allow_blank=True)
    expected_at = serializers.DateTimeField(required=False, allow_null=True)
    is_restricted = serializers.BooleanField(required=False)


class ReasonIn(Input):
    """Why."""

    example = {
        "reason": "The archive was read from the wrong folder.",
    }

    reason = serializers.CharField(max_length=4000)


class HoldIn(ReasonIn):
    """What it waits for, why, and until when."""

    example = {
        "hold_reason": "vendor",
        "reason": "The provider replaces the line card.",
        "resume_at": "2026-03-05T08:00:00Z",
    }

    hold_reason = serializers.ChoiceField(choices=HoldReason.choices)
    resume_at = serializers.DateTimeField()


class TimeIn(ReasonIn):
    """When something really happened, and how it is known."""

    example = {
        "which": "resolved_at",
        "at": "2026-03-04T14:30:00Z",
        "reason": "The log of the archive shows the first invoice at that time.",
    }

    which = serializers.ChoiceField(choices=list(IN_ORDER))
    at = serializers.DateTimeField()


class CategoryIn(Input):
    """What kind of cause it had, and why tasks that are still to do are dropped."""

    example = {"category": "delay", "drop_because": "The archive is back; nothing is left to copy."}

    category = serializers.ChoiceField(choices=Category.choices, required=False, allow_blank=True)
    drop_because = serializers.CharField(max_length=4000, required=False, allow_blank=True)


class SaidIn(Input):
    """What people should read."""

    example = {
        "text": "The restore is running; we expect the archive back in an hour.",
    }

    text = serializers.CharField(max_length=10_000)


class DoneIn(Input):
    """What was done, for the people who reported it."""

    example = {
        "text": "The missing invoices are back.",
        "category": "delay",
    }

    text = serializers.CharField(max_length=10_000, required=False, allow_blank=True)
    open_tasks = serializers.ChoiceField(choices=["keep", "drop"], required=False)
    category = serializers.ChoiceField(choices=Category.choices, required=False, allow_blank=True)


class NewsIn(SaidIn):
    """News for the people who reported it."""

    example = {
        **SaidIn.example,
        "public_title": "Some invoices cannot be found",
    }

    public_title = serializers.CharField(max_length=160, required=False, allow_blank=True)
    expected_at = serializers.DateTimeField(required=False, allow_null=True)


class Worker(serializers.PrimaryKeyRelatedField):
    """Somebody who works on incidents."""

    def __init__(self, **more: Any) -> None:
        super().__init__(queryset=User.objects.none(), **more)

    def get_queryset(self) -> Any:
        return with_role(*WORKING)


class AssignIn(Input):
    """Who is in charge from now on, which team works on it, or both."""

    to = Worker(required=False)
    team = serializers.PrimaryKeyRelatedField(queryset=Team.objects.filter(is_active=True), required=False)
    note = serializers.CharField(max_length=4000, required=False, allow_blank=True)

    example = {"note": "The provider was called at 14:00 and calls back."}

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        """Somebody has to get it."""
        if "to" not in given and "team" not in given:
            raise serializers.ValidationError({"to": [_("Name a person or a team.")]})
        return given


class MajorIn(ReasonIn):
    """Why it is one, and who commands."""

    example = {"reason": "No site can issue invoices."}

    commander = Worker(required=False)


class RoleIn(Input):
    """Who has a role from now on; null leaves it empty."""

    example = {"role": "scribe", "note": "My notes are on the timeline up to 14:30."}

    role = serializers.ChoiceField(choices=RoleName.choices)
    to = Worker(allow_null=True)
    note = serializers.CharField(max_length=4000, required=False, allow_blank=True)


class MergeIn(Input):
    """Which one goes on: its id, or the reference that people say."""

    example = {"into": "INC-0042", "reason": "Both lines end in the same cabinet."}

    into = serializers.CharField(max_length=60)
    reason = serializers.CharField(max_length=4000, required=False, allow_blank=True)


class TaskChangesIn(Input):
    """What is to be done, by whom, until when. What is not named stays."""

    example = {"title": "Call the provider", "notes": "Contract 4711.", "due_at": "2026-03-04T16:00:00Z"}

    title = serializers.CharField(max_length=160, required=False)
    notes = serializers.CharField(max_length=4000, required=False, allow_blank=True)
    assignee = Worker(required=False, allow_null=True)
    role = serializers.ChoiceField(choices=RoleName.choices, required=False, allow_blank=True)
    due_at = serializers.DateTimeField(required=False, allow_null=True)


class TaskIn(TaskChangesIn):
    """A new task."""

    called = "IncidentTaskIn"

    example = {**TaskChangesIn.example, "incident": "INC-0042"}

    incident = serializers.CharField(max_length=60)
    title = serializers.CharField(max_length=160)


class PlaceIn(Input):
    """One place up or down."""

    example = {"step": -1}

    step = serializers.ChoiceField(choices=[(-1, "up"), (1, "down")])


class SeverityIn(ReasonIn):
    """Either a severity, or impact and urgency."""

    severity = serializers.ChoiceField(choices=[(each, str(each)) for each in SCALES_OF_SEVERITY], required=False)
    impact = serializers.ChoiceField(choices=Scale.choices, required=False)
    urgency = serializers.ChoiceField(choices=Scale.choices, required=False)
