"""Rosters, rotations and who is on duty, as programs see them."""

from datetime import timedelta
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from common.api import Input, NamedOut, Output, ReadViewSet, expected_version, operation
from common.errors import NotAllowed
from people import services
from people.api.teams import AdministratorsChange
from people.choices import Period
from people.models import Override, Participant, Roster, Rotation, User
from people.selectors import may_change_duty, on_duty, shifts, visible_rosters

#: So far ahead programs read who has a duty.
AHEAD = timedelta(days=56)


class RosterOut(Output):
    """One duty that somebody has in turn."""

    example = {"name": "First line", "description": "Answers calls.", "time_zone": "Europe/Berlin", "is_active": True}

    manager = NamedOut(allow_null=True)

    class Meta:
        model = Roster
        fields = [
            "id", "name", "description", "time_zone", "manager", "tells_hand_over", "is_active", "created_at",
            "version",
        ]  # fmt: skip


class RosterIn(Input):
    """What a duty is called, and by which clock it is handed over."""

    example = {"name": "Second line", "description": "Knows the databases.", "time_zone": "Europe/Berlin"}

    name = serializers.CharField(max_length=120)
    description = serializers.CharField(max_length=300, required=False, allow_blank=True)
    time_zone = serializers.CharField(max_length=60)
    manager = serializers.PrimaryKeyRelatedField(
        queryset=User.objects.filter(is_active=True, is_machine=False), required=False, allow_null=True
    )
    tells_hand_over = serializers.BooleanField(required=False)


class ShiftOut(serializers.Serializer):
    """One person's time on duty. `why` is `rotation` or `override`."""

    example = {"why": "rotation", "name": "Weeks"}

    person = serializers.UUIDField()
    since = serializers.DateTimeField()
    until = serializers.DateTimeField()
    why = serializers.CharField()
    name = serializers.CharField()


class GapOut(serializers.Serializer):
    """A time in which nobody has the duty."""

    since = serializers.DateTimeField()
    until = serializers.DateTimeField()


class OnDutyOut(serializers.Serializer):
    """Who has the duty now, or acts for whom it is. `is_there`: false where nobody would hear a call."""

    person = NamedOut()
    instead_of = NamedOut(allow_null=True)
    since = serializers.DateTimeField()
    until = serializers.DateTimeField()
    is_there = serializers.BooleanField()


class RotaOut(serializers.Serializer):
    """Who has a duty in the next eight weeks, and when nobody has."""

    on_duty = OnDutyOut(allow_null=True)
    shifts = ShiftOut(many=True)
    gaps = GapOut(many=True)


class OverrideOut(Output):
    """Somebody has a duty instead."""

    example = {"reason": "Swapped."}

    person = NamedOut()

    class Meta:
        model = Override
        fields = ["id", "person", "starts_at", "ends_at", "reason", "removed_at", "created_at"]


class OverrideIn(Input):
    """Who has a duty instead, and when."""

    example = {"starts_at": "2027-07-01T09:00:00+02:00", "ends_at": "2027-07-02T09:00:00+02:00", "reason": "Swapped."}

    person = serializers.PrimaryKeyRelatedField(queryset=User.objects.filter(is_active=True, is_machine=False))
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    reason = serializers.CharField(max_length=200, required=False, allow_blank=True)


class WhichOverrideIn(Input):
    """One override."""

    override = serializers.PrimaryKeyRelatedField(queryset=Override.objects.all())


class Rosters(ReadViewSet):
    """GET, POST, PATCH /api/v1/rosters/ and …/ID/duty|overrides|add-override|remove-override|retire|bring-back/"""

    queryset = Roster.objects.none()
    serializer_class = RosterOut
    permission_classes = [*ReadViewSet.permission_classes]
    about = _("Duties that people have in turn.")
    lists = _("Rosters.")
    shows = _("One roster.")
    filterset_fields = ["is_active", "manager"]
    search_fields = ["name", "description"]
    ordering_fields = ["created_at", "name"]

    def get_queryset(self) -> QuerySet[Roster]:
        """Those in use for whoever may know the duty of others; all for those who keep or audit them."""
        return visible_rosters(self.request.user).select_related("manager")

    def get_permissions(self) -> list[Any]:
        """Who keeps rosters is one question, who agrees otherwise another."""
        found = list(super().get_permissions())
        return found if self.action in {"add_override", "remove_override"} else [*found, AdministratorsChange()]

    @operation(_("Name a duty."), takes=RosterIn, gives={201: RosterOut})
    def create(self, request: Request) -> Response:
        """Name a duty."""
        return self.answer(services.add_roster(by=self.by, **self.checked(RosterIn, request)), status=201)

    @operation(_("Change a roster."), takes=RosterIn(partial=True), gives=RosterOut)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Change it. Needs If-Match."""
        found, version = self.get_object(), expected_version(request)
        details = self.checked(RosterIn, request, partial=True)
        return self.answer(services.change_roster(roster_id=found.pk, by=self.by, version=version, **details))

    @operation(_("Take a roster out of use."), gives=RosterOut)
    @action(detail=True, methods=["post"])
    def retire(self, request: Request, pk: str) -> Response:
        """Take it out of use. Calling twice is safe."""
        return self.answer(services.retire_roster(roster_id=self.get_object().pk, by=self.by))

    @operation(_("Put a roster back into use."), gives=RosterOut)
    @action(detail=True, methods=["post"], url_path="bring-back")
    def bring_back(self, request: Request, pk: str) -> Response:
        """Put it back into use. Calling twice is safe."""
        return self.answer(services.bring_back_roster(roster_id=self.get_object().pk, by=self.by))

    @operation(_("Who has a duty now and in the next eight weeks, and when nobody has."), gives=RotaOut)
    @action(detail=True, methods=["get"], pagination_class=None, filter_backends=[])
    def duty(self, request: Request, pk: str) -> Response:
        """Reckoned afresh."""
        roster, now = self.get_object(), timezone.now()
        found, gaps = shifts(roster, now, now + AHEAD)
        return Response(RotaOut({"on_duty": on_duty(roster, now), "shifts": found, "gaps": gaps}).data)

    @operation(_("What was agreed otherwise, and is not over."), gives=OverrideOut(many=True))
    @action(detail=True, methods=["get"], pagination_class=None, filter_backends=[])
    def overrides(self, request: Request, pk: str) -> Response:
        """By their beginning."""
        rows = self.get_object().overrides.filter(removed_at=None, ends_at__gt=timezone.now())
        return Response(OverrideOut(rows.select_related("person").order_by("starts_at")[:500], many=True).data)

    @operation(
        _("Let somebody have a duty instead."),
        takes=OverrideIn,
        gives={201: OverrideOut},
        more=_("For those who are in the roster, its manager, managers and administrators."),
    )
    @action(detail=True, methods=["post"], url_path="add-override")
    def add_override(self, request: Request, pk: str) -> Response:
        """A swap is two of these."""
        roster = self._changed()
        override = services.add_override(roster_id=roster.pk, by=self.by, **self.checked(OverrideIn, request))
        return Response(OverrideOut(override).data, status=201)

    @operation(_("Take an override back."), takes=WhichOverrideIn, gives=OverrideOut)
    @action(detail=True, methods=["post"], url_path="remove-override")
    def remove_override(self, request: Request, pk: str) -> Response:
        """The rotations count again. Calling twice is safe."""
        roster = self._changed()
        given = self.checked(WhichOverrideIn, request)["override"]
        override = get_object_or_404(roster.overrides, pk=given.pk)
        return Response(OverrideOut(services.remove_override(override_id=override.pk, by=self.by)).data)

    def _changed(self) -> Roster:
        roster: Roster = self.get_object()
        if not may_change_duty(self.by, roster):
            raise NotAllowed
        return roster


class RotationOut(Output):
    """People who have a duty in turn, in their order."""

    example = {
        "name": "Weeks", "period": "weeks", "length": 1, "hand_over_at": "09:00:00", "position": 1, "ends_on": None,
        "weekdays": [0, 1, 2, 3, 4], "from_time": "08:00:00", "until_time": "18:00:00",
        "people": ["180e3a47-cfd2-502e-95ad-25c447ac6bdc"],
    }  # fmt: skip

    roster = NamedOut()
    people = serializers.SerializerMethodField()

    class Meta:
        model = Rotation
        fields = [
            "id", "roster", "position", "name", "period", "length", "starts_on", "ends_on", "hand_over_at", "weekdays",
            "from_time", "until_time", "people", "created_at", "version",
        ]  # fmt: skip

    def get_people(self, rotation: Rotation) -> list[str]:
        """Their ids."""
        return [str(each.person_id) for each in rotation.participants.all()]


class RotationIn(Input):
    """Turns. Monday is 0. The hours narrow it to a part of each day."""

    example = {
        "name": "Weeks", "period": "weeks", "length": 1, "starts_on": "2027-01-04", "hand_over_at": "09:00:00",
        "weekdays": [0, 1, 2, 3, 4], "from_time": "08:00:00", "until_time": "18:00:00",
        "people": ["180e3a47-cfd2-502e-95ad-25c447ac6bdc"],
    }  # fmt: skip

    roster = serializers.PrimaryKeyRelatedField(queryset=Roster.objects.all())
    position = serializers.IntegerField(min_value=1, max_value=20, required=False)
    name = serializers.CharField(max_length=120)
    period = serializers.ChoiceField(choices=Period.choices, required=False)
    length = serializers.IntegerField(min_value=1, max_value=366, required=False)
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(required=False, allow_null=True)
    hand_over_at = serializers.TimeField(required=False)
    weekdays = serializers.ListField(
        child=serializers.IntegerField(min_value=0, max_value=6), required=False, max_length=7
    )
    from_time = serializers.TimeField(required=False, allow_null=True)
    until_time = serializers.TimeField(required=False, allow_null=True)
    people = serializers.PrimaryKeyRelatedField(queryset=User.objects.filter(is_machine=False), many=True)


class Rotations(ReadViewSet):
    """GET, POST, PATCH, DELETE /api/v1/rotations/"""

    queryset = Rotation.objects.none()
    serializer_class = RotationOut
    permission_classes = [*ReadViewSet.permission_classes, AdministratorsChange]
    about = _("Turns of which rosters are made.")
    lists = _("Rotations.")
    shows = _("One rotation.")
    filterset_fields = ["roster"]
    search_fields = ["name"]
    ordering_fields = ["created_at"]

    def get_queryset(self) -> QuerySet[Rotation]:
        """Those of the rosters that the caller sees."""
        turns = Prefetch("participants", queryset=Participant.objects.order_by("position"))
        seen = Rotation.objects.filter(roster__in=visible_rosters(self.request.user))
        return seen.select_related("roster").prefetch_related(turns)

    @operation(_("Let people have a duty in turn."), takes=RotationIn, gives={201: RotationOut})
    def create(self, request: Request) -> Response:
        """In the order in which they are named."""
        given = self.checked(RotationIn, request)
        made = services.add_rotation(roster_id=given.pop("roster").pk, by=self.by, **given)
        return self._fresh(made, status=201)

    @operation(_("Change a rotation."), takes=RotationIn(partial=True), gives=RotationOut)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Turn otherwise. A rotation stays in its roster. Needs If-Match."""
        found, version = self.get_object(), expected_version(request)
        given = self.checked(RotationIn, request, partial=True)
        given.pop("roster", None)
        return self._fresh(services.change_rotation(rotation_id=found.pk, by=self.by, version=version, **given))

    @operation(_("Remove a rotation."), gives={204: None})
    def destroy(self, request: Request, pk: str) -> Response:
        """These people do not have the duty in turn any more."""
        services.remove_rotation(rotation_id=self.get_object().pk, by=self.by)
        return Response(status=204)

    def _fresh(self, rotation: Rotation, status: int = 200) -> Response:
        return self.answer(self.get_queryset().get(pk=rotation.pk), status=status)
