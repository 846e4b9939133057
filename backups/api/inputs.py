"""What a request may say about backups. The rules themselves are the services'."""

from rest_framework import serializers

from backups.choices import Engine, Level, RepositoryKind, RunKind
from backups.models import Repository
from catalog.models import Site, System
from common.api import Input, Seconds
from people.models import User

LARGEST = 2**62


class RepositoryIn(Input):
    """A place where copies lie."""

    name = serializers.CharField(max_length=120)
    kind = serializers.ChoiceField(choices=RepositoryKind.choices, required=False)
    location = serializers.CharField(max_length=1000, help_text="Absolute path of a folder.")
    site = serializers.PrimaryKeyRelatedField(queryset=Site.objects.all(), required=False, allow_null=True)


class ScheduleIn(Input):
    """When one kind of run falls due."""

    kind = serializers.ChoiceField(choices=RunKind.choices)
    rule = serializers.CharField(max_length=200, help_text="A cron line of five fields, or an RRULE.")
    time_zone = serializers.CharField(max_length=60, required=False, default="UTC")


class PolicyIn(Input):
    """What is saved, how, and where to. `password` is sealed and never read back."""

    name = serializers.CharField(max_length=120)
    slug = serializers.CharField(max_length=60)
    system = serializers.PrimaryKeyRelatedField(queryset=System.objects.all())
    repository = serializers.PrimaryKeyRelatedField(queryset=Repository.objects.all())
    engine = serializers.ChoiceField(choices=Engine.choices, required=False)
    source = serializers.DictField(  # type: ignore[assignment]  # a field of ours, not the serializer's own
        help_text="host, port, database, user and, if wanted, encryption."
    )
    password = serializers.CharField(
        max_length=1000, required=False, allow_blank=True, write_only=True, trim_whitespace=False
    )
    owner = serializers.PrimaryKeyRelatedField(
        queryset=User.objects.filter(is_active=True, is_machine=False), required=False, allow_null=True
    )
    assertions = serializers.ListField(child=serializers.DictField(), required=False)
    fresh_for_seconds = Seconds(source="fresh_for", required=False)
    smallest_bytes = serializers.IntegerField(min_value=1, max_value=LARGEST, required=False)
    wall_clock_seconds = Seconds(source="wall_clock", required=False)
    keep_copies = serializers.IntegerField(min_value=1, max_value=10000, required=False)
    accept_no_isolation = serializers.BooleanField(required=False)
    schedules = ScheduleIn(many=True, required=False)


class CheckIn(Input):
    """How far a check climbs."""

    level = serializers.IntegerField(
        min_value=Level.PRESENT, max_value=Level.WELL_FORMED, required=False, allow_null=True
    )
