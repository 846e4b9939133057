"""What an outage of a service does over time, as programs rate it."""

from typing import Any

from rest_framework import serializers

from catalog.choices import Criterion, Level
from common.api import Input, Seconds


class RatingIn(Input):
    """One rating: how bad one thing has become once the service has been away for this long."""

    example = {"criterion": "money", "after_seconds": 86400, "level": 2, "note": "Reminder fees."}

    criterion = serializers.ChoiceField(choices=Criterion.choices)
    after_seconds = Seconds(source="after")
    level = serializers.ChoiceField(choices=Level.choices)
    note = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")


class RatingsIn(Input):
    """All ratings of a service: what is not named any more is gone."""

    impacts = RatingIn(many=True)

    def validate_impacts(self, given: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """As the service wants them."""
        return [{**each, "level": int(each["level"])} for each in given]
