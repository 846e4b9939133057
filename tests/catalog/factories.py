"""Valid rows of the catalog with the fewest facts."""

from datetime import timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from catalog.choices import Origin, Outcome
from catalog.models import Dependency, RecoveryMeasurement, Service, Site, System


class SiteFactory(DjangoModelFactory):
    class Meta:
        model = Site

    name = factory.Sequence("Site {}".format)


class ServiceFactory(DjangoModelFactory):
    class Meta:
        model = Service

    name = factory.Sequence("Service {}".format)
    recovery_time_objective = timedelta(hours=4)


class SystemFactory(DjangoModelFactory):
    class Meta:
        model = System

    name = factory.Sequence("System {}".format)


class DependencyFactory(DjangoModelFactory):
    """Needs: service or system, on_service or on_system."""

    class Meta:
        model = Dependency


class MeasurementFactory(DjangoModelFactory):
    """A restore test of a system that passed an hour ago in an hour."""

    class Meta:
        model = RecoveryMeasurement

    origin = Origin.RESTORE_TEST
    reference = factory.Sequence("RT-{:04}".format)
    url = "/backups/runs/RT-0001/"
    outcome = Outcome.PASS
    measured_at = factory.LazyFunction(lambda: timezone.now() - timedelta(hours=1))
    recovery_time = timedelta(hours=1)
