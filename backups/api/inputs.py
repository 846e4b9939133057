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

    example = {
        "name": "Vault in Hall 2",
        "location": "/srv/copies",
    }

    name = serializers.CharField(max_length=120)
    kind = serializers.ChoiceField(choices=RepositoryKind.choices, required=False)
    location = serializers.CharField(max_length=1000, help_text="Absolute path of a folder.")
    site = serializers.PrimaryKeyRelatedField(queryset=Site.objects.all(), required=False, allow_null=True)


class ScheduleIn(Input):
    """When one kind of run falls due."""

    example = {
        "kind": "backup",
        "rule": "0 2 * * *",
        "time_zone": "Europe/Berlin",
    }

    kind = serializers.ChoiceField(choices=RunKind.choices)
    rule = serializers.CharField(max_length=200, help_text="A cron line of five fields, or an RRULE.")
    time_zone = serializers.CharField(max_length=60, required=False, default="UTC")


def _password() -> serializers.CharField:
    return serializers.CharField(
        max_length=1000, required=False, allow_blank=True, write_only=True, trim_whitespace=False
    )


class SourceIn(Input):
    """One thing to save. Of those that are there, the name tells which; a password that is not given is kept."""

    example = {
        "name": "database",
        "settings": {"host": "db.example.org", "port": 5432, "database": "accounting", "user": "backup"},
        "password": "the password of the source",
    }

    name = serializers.CharField(
        max_length=40, required=False, help_text="Its files in a copy are called by it: small letters, digits, hyphens."
    )
    engine = serializers.ChoiceField(choices=Engine.choices, required=False)
    settings = serializers.DictField(
        help_text="PostgreSQL: host, port, database, user and, if wanted, encryption. "
        "Folder: path and, if wanted, exclude, a list of patterns."
    )
    password = _password()


class PolicyIn(Input):
    """What is saved, how, and where to. What is saved is `sources`, or `source`, `engine` and `password` where it is
    one. A password is sealed and never read back.
    """

    example = {
        "name": "Accounting, every night",
        "slug": "accounting",
        "source": {"host": "db.example.org", "port": 5432, "database": "accounting", "user": "backup"},
        "password": "the password of the source",
        "assertions": [
            {
                "label": "Invoices of this year",
                "query": "SELECT count(*) FROM invoice",
                "compare": ">=",
                "value": 1200,
            }
        ],
        "keep_copies": 14,
        "fresh_for_seconds": 93600,
        "smallest_bytes": 1048576,
        "wall_clock_seconds": 3600,
    }

    name = serializers.CharField(max_length=120)
    slug = serializers.CharField(max_length=60)
    system = serializers.PrimaryKeyRelatedField(queryset=System.objects.all())
    repository = serializers.PrimaryKeyRelatedField(queryset=Repository.objects.all())
    engine = serializers.ChoiceField(choices=Engine.choices, required=False)
    source = serializers.DictField(  # type: ignore[assignment]  # a field of ours, not the serializer's own
        required=False, help_text="The settings of the one source."
    )
    password = _password()
    sources = SourceIn(many=True, required=False, help_text="All that is saved, in this order. Replaces what there is.")
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
