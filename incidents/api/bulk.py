"""POST /api/v1/incidents/bulk/"""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from common.api import Input, operation
from common.errors import NotAllowed
from incidents import selectors
from incidents.api.acting import Acting
from incidents.api.bodies import AssignIn, MergeIn, ReasonIn, SeverityIn
from incidents.bulk import MOST, Chosen, carry_out
from incidents.moves import ALL

#: What can be done, and what has to be said for it.
BODIES: dict[str, type[Input] | None] = {
    "acknowledge": None,
    "take": None,
    "assign": AssignIn,
    "severity": SeverityIn,
    "close": None,
    "cancel": ReasonIn,
    "merge": MergeIn,
}


class ChosenIn(Input):
    """One incident, and the version that was seen; without one, whatever it is now."""

    example = {"incident": "INC-0042", "version": 3}

    incident = serializers.RegexField(r"^INC-[0-9]{1,18}$", help_text=_("Its reference."))
    version = serializers.IntegerField(required=False, min_value=0, max_value=2**31 - 1)


class BulkIn(Input):
    """One thing to do with many."""

    example = {
        "do": "cancel",
        "incidents": [{"incident": "INC-0042", "version": 3}],
        "values": {"reason": "All of them are one drill."},
    }

    do = serializers.ChoiceField(choices=[(name, name) for name in BODIES])
    incidents = ChosenIn(many=True, min_length=1, max_length=MOST)  # type: ignore[call-arg]  # many
    values = serializers.DictField(required=False, help_text=_("What the same action on one incident takes."))


class OutcomeOut(serializers.Serializer):
    """What became of one of them."""

    example = {
        "reference": "INC-0042",
        "is_done": False,
        "code": "stale",
        "message": "Somebody else changed this in the meantime.",
    }

    reference = serializers.CharField()
    is_done = serializers.BooleanField()
    code = serializers.CharField(help_text=_("Why it was refused; empty where it was done."))
    message = serializers.CharField()


class OutcomesOut(serializers.Serializer):
    """What became of each, in the order in which they were named."""

    results = OutcomeOut(many=True)


class Bulk(Acting):
    """One thing with many incidents, each with its own end."""

    @operation(
        _("Do one thing with many incidents."),
        takes=BulkIn,
        gives=OutcomesOut,
        more=_("Each is done or refused on its own; read `results`: the status is 200 also where some were refused."),
    )
    @action(detail=False, methods=["post"])
    def bulk(self, request: Request) -> Response:
        """One thing with many."""
        if not selectors.can_act(self.by):
            raise NotAllowed
        given = self.checked(BulkIn, request)
        chosen = [Chosen(each["incident"], each.get("version")) for each in given["incidents"]]
        outcomes = carry_out(ALL[given["do"]], chosen, by=self.by, given=self._values(given))
        return Response(OutcomesOut({"results": outcomes}).data)

    def _values(self, given: dict[str, Any]) -> dict[str, Any]:
        body, values = BODIES[given["do"]], given.get("values", {})
        if body is None:
            if values:
                raise ValidationError({"values": [_("This takes no values.")]})
            return {}
        serializer = body(data=values, context=self.get_serializer_context())
        if not serializer.is_valid():
            raise ValidationError({"values": serializer.errors})
        found = dict(serializer.validated_data)
        if "into" in found:
            found["into_id"] = self.named(found.pop("into"), within="values")
        return found
