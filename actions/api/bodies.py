"""What may come in. The rules themselves are the services'."""

from typing import Any

from rest_framework import serializers

from actions.choices import Kind, SourceKind
from actions.links import About, Source
from actions.models import Phase
from actions.services.checking import OWNING
from common.api import Input
from people.models import User
from people.selectors import with_role


class Person(serializers.PrimaryKeyRelatedField):
    """Somebody who may act."""

    def get_queryset(self) -> Any:
        return with_role(*OWNING)

    def __init__(self, **more: Any) -> None:
        super().__init__(queryset=User.objects.none(), **more)


class SourceIn(Input):
    """Where an action came from."""

    called = "ActionSourceIn"

    example = {
        "kind": "incident",
        "reference": "INC-0042",
        "title": "Invoices are missing",
        "url": "/incidents/INC-0042/",
    }

    kind = serializers.ChoiceField(choices=[choice for choice in SourceKind.choices if choice[0]])
    reference = serializers.CharField(max_length=60)
    title = serializers.CharField(max_length=200, required=False, allow_blank=True)
    url = serializers.CharField(max_length=300, required=False, allow_blank=True)


class AboutIn(Input):
    """What a proof has to be about: `backups.policy:<uuid>`, `catalog.system:<uuid>` and so on."""

    example = {"key": "catalog.system:3c1d5a52-6f6e-4f0c-9d5b-0b5f6b1c9a10", "name": "Archive", "url": "/catalog/"}

    key = serializers.CharField(max_length=120)
    name = serializers.CharField(max_length=200)
    url = serializers.CharField(max_length=300, required=False, allow_blank=True)


class ActionIn(Input):
    """A new action."""

    example = {"title": "Test the restore of the archive again", "description": "With the newest copy."}

    title = serializers.CharField(max_length=160)
    kind = serializers.ChoiceField(choices=Kind.choices)
    owner = Person()
    due_on = serializers.DateField()
    description = serializers.CharField(max_length=4000, required=False, allow_blank=True)
    came_from = SourceIn(required=False)
    about = AboutIn(required=False)
    phase = serializers.PrimaryKeyRelatedField(queryset=Phase.objects.all(), required=False, allow_null=True)

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        """As the service wants them."""
        if came_from := given.pop("came_from", None):
            given["source"] = Source(label=came_from.pop("title", ""), **came_from)
        if about := given.pop("about", None):
            given["about"] = About(label=about.pop("name"), **about)
        return given


class WordsIn(Input):
    """Said more clearly."""

    example = {"title": "Test the restore of the archive again", "description": "With the newest copy."}

    title = serializers.CharField(max_length=160, required=False)
    description = serializers.CharField(max_length=4000, required=False, allow_blank=True)


class DoneIn(Input):
    """What was done."""

    called = "ActionDoneIn"

    example = {"text": "The exclude pattern is corrected."}

    text = serializers.CharField(max_length=4000, required=False, allow_blank=True)


class EvidenceIn(Input):
    """What a second person saw."""

    example = {"evidence": "The label is on all three tapes; seen in the vault today."}

    evidence = serializers.CharField(max_length=4000)


class WhyIn(Input):
    """Why."""

    example = {"reason": "The system is switched off for good next month."}

    reason = serializers.CharField(max_length=4000)


class AcceptIn(WhyIn):
    """Why it is not done before a day."""

    until = serializers.DateField()


class PostponeIn(WhyIn):
    """Another day, and why."""

    due_on = serializers.DateField()


class ReassignIn(Input):
    """Who does it from now on."""

    to = Person()


class PutIn(Input):
    """A phase of an improvement plan; null takes it out of its plan."""

    phase = serializers.PrimaryKeyRelatedField(queryset=Phase.objects.all(), allow_null=True)


class PhaseIn(Input):
    """One phase. With the id of a phase of this plan, that one is changed."""

    example = {"title": "First month"}

    id = serializers.UUIDField(required=False)
    title = serializers.CharField(max_length=120)
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()


class PlanIn(Input):
    """An improvement plan."""

    example = {"title": "No invoice is lost again", "goal": "Every copy of the archive is restored once a month."}

    title = serializers.CharField(max_length=160)
    goal = serializers.CharField(max_length=4000, required=False, allow_blank=True)
    owner = Person()
    phases = PhaseIn(many=True, required=False)
