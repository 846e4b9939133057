"""What may come in."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from catalog.models import Service, System
from catalog.selectors import services_to_choose_from, systems_to_choose_from
from common.api import Input
from incidents.choices import SCALES_OF_SEVERITY, TAKEN_BY, Badness, Scale, Source
from incidents.selectors.seeing import REPORTING
from people.choices import WORKING
from people.models import User
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

    example = {
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

    example = {
        **WordsIn.example,
        "badness": "hindered",
        "source": "phone",
        "reporter_name": "Caller from the front desk",
    }

    reporter = serializers.PrimaryKeyRelatedField(required=False, queryset=User.objects.none())
    source = serializers.ChoiceField(choices=[(each, Source(each).label) for each in TAKEN_BY], required=False)
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


class ChangesIn(WordsIn):
    """Corrections. What is not named stays."""

    example = {
        **WordsIn.example,
        "public_title": "Some invoices cannot be found",
    }

    public_title = serializers.CharField(max_length=160, required=False, allow_blank=True)
    expected_at = serializers.DateTimeField(required=False, allow_null=True)
    is_restricted = serializers.BooleanField(required=False)


class ReasonIn(Input):
    """Why."""

    example = {
        "reason": "The archive was read from the wrong folder.",
    }

    reason = serializers.CharField(max_length=4000)


class HoldIn(ReasonIn):
    """Why, and until when."""

    resume_at = serializers.DateTimeField()


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
    }

    text = serializers.CharField(max_length=10_000, required=False, allow_blank=True)


class NewsIn(SaidIn):
    """News for the people who reported it."""

    example = {
        **SaidIn.example,
        "public_title": "Some invoices cannot be found",
    }

    public_title = serializers.CharField(max_length=160, required=False, allow_blank=True)
    expected_at = serializers.DateTimeField(required=False, allow_null=True)


class AssignIn(Input):
    """Who is in charge from now on."""

    to = serializers.PrimaryKeyRelatedField(queryset=User.objects.none())

    def get_fields(self) -> dict[str, serializers.Field]:
        """People who work on incidents."""
        fields = super().get_fields()
        fields["to"].queryset = with_role(*WORKING)  # type: ignore[attr-defined]  # a related field
        return fields


class SeverityIn(ReasonIn):
    """Either a severity, or impact and urgency."""

    severity = serializers.ChoiceField(choices=[(each, str(each)) for each in SCALES_OF_SEVERITY], required=False)
    impact = serializers.ChoiceField(choices=Scale.choices, required=False)
    urgency = serializers.ChoiceField(choices=Scale.choices, required=False)
