"""What a request may say about the catalog. The rules themselves are the services'."""

from rest_framework import serializers

from catalog.choices import Criticality, DependencyKind
from catalog.models import Service, Site, System
from common.api import Input, Seconds
from people.models import EscalationPolicy, User


def owner_field() -> serializers.PrimaryKeyRelatedField:
    people = User.objects.filter(is_active=True, is_machine=False)
    return serializers.PrimaryKeyRelatedField(queryset=people, required=False, allow_null=True)


class SiteIn(Input):
    """A place."""

    example = {
        "name": "Hall 2",
        "address": "Harbour Street 4",
    }

    name = serializers.CharField(max_length=120)
    address = serializers.CharField(max_length=300, required=False, allow_blank=True)


class ServiceIn(Input):
    """What the business needs."""

    example = {
        "name": "Supplier invoices",
        "description": "Invoices are received, checked and paid.",
        "criticality": "important",
        "recovery_time_objective_seconds": 14400,
        "recovery_point_objective_seconds": 86400,
        "maximum_tolerable_downtime_seconds": 259200,
        "minimum_objective": "Urgent invoices are paid by hand.",
    }

    name = serializers.CharField(max_length=120)
    description = serializers.CharField(max_length=4000, required=False, allow_blank=True)
    criticality = serializers.ChoiceField(choices=Criticality.choices, required=False)
    owner = owner_field()
    recovery_time_objective_seconds = Seconds(source="recovery_time_objective", required=False, allow_null=True)
    recovery_point_objective_seconds = Seconds(source="recovery_point_objective", required=False, allow_null=True)
    maximum_tolerable_downtime_seconds = Seconds(source="maximum_tolerable_downtime", required=False, allow_null=True)
    minimum_objective = serializers.CharField(max_length=300, required=False, allow_blank=True)
    review_every_days = serializers.IntegerField(min_value=1, max_value=3650, required=False)
    escalation_policy = serializers.PrimaryKeyRelatedField(
        queryset=EscalationPolicy.objects.filter(is_active=True), required=False, allow_null=True
    )


class SystemIn(Input):
    """What services run on."""

    example = {
        "name": "Invoice archive",
        "description": "Keeps what suppliers sent.",
        "release": "4.2",
        "recovery_time_objective_seconds": 14400,
        "recovery_point_objective_seconds": 86400,
    }

    name = serializers.CharField(max_length=120)
    description = serializers.CharField(max_length=4000, required=False, allow_blank=True)
    site = serializers.PrimaryKeyRelatedField(queryset=Site.objects.all(), required=False, allow_null=True)
    owner = owner_field()
    release = serializers.CharField(max_length=120, required=False, allow_blank=True)
    recovery_time_objective_seconds = Seconds(source="recovery_time_objective", required=False, allow_null=True)
    recovery_point_objective_seconds = Seconds(source="recovery_point_objective", required=False, allow_null=True)


class DependencyIn(Input):
    """One of service and system needs one of on_service and on_system."""

    example = {
        "service": "180e3a47-cfd2-502e-95ad-25c447ac6bdc",
        "on_system": "731de6e4-6cff-5688-b2e7-2bb0b1650ac5",
    }

    service = serializers.PrimaryKeyRelatedField(queryset=Service.objects.all(), required=False)
    system = serializers.PrimaryKeyRelatedField(queryset=System.objects.all(), required=False)
    on_service = serializers.PrimaryKeyRelatedField(queryset=Service.objects.all(), required=False)
    on_system = serializers.PrimaryKeyRelatedField(queryset=System.objects.all(), required=False)
    kind = serializers.ChoiceField(choices=DependencyKind.choices, required=False)
