"""Services, systems, sites, dependencies and measurements over HTTP."""

from functools import cached_property
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from catalog import selectors, services
from catalog.api import inputs, outputs
from catalog.api.impact import RatingsIn
from catalog.api.permissions import CatalogViewSet
from catalog.models import Dependency, RecoveryMeasurement, Service, Site, System
from catalog.proof import Verdict
from common.api import expected_version, operation, seen_version


class Services(CatalogViewSet):
    """/api/v1/services/"""

    queryset = Service.objects.none()
    serializer_class = outputs.ServiceOut
    about = _("What the business needs, with its targets and whether they are proven.")
    lists = _("Services with their proof.")
    shows = _("One service with its proof.")
    filterset_fields = ["criticality", "is_active", "owner"]
    search_fields = ["name", "description"]
    ordering_fields = ["created_at", "name"]

    def get_queryset(self) -> QuerySet[Service]:
        """With the ratings of each."""
        return super().get_queryset().prefetch_related("impacts")

    @cached_property
    def verdicts(self) -> dict[UUID, Verdict]:
        """The proof of every service, read once a request."""
        return {pk: found.verdict for pk, found in selectors.proof_of_services().items()}

    @operation(_("Name something that the business needs."), takes=inputs.ServiceIn, gives={201: outputs.ServiceOut})
    def create(self, request: Request) -> Response:
        """Name something that the business needs."""
        return self.answer(services.add_service(by=self.by, **self.checked(inputs.ServiceIn, request)), status=201)

    @operation(
        _("Describe a service anew, or set its targets."),
        takes=inputs.ServiceIn(partial=True),
        gives=outputs.ServiceOut,
    )
    def partial_update(self, request: Request, pk: str) -> Response:
        """Describe it anew, or set its targets. Needs If-Match."""
        found, version = self.get_object(), expected_version(request)
        details = self.checked(inputs.ServiceIn, request, partial=True)
        return self.answer(services.change_service(service_id=found.pk, by=self.by, version=version, **details))

    @operation(_("Take a service out of use."), gives=outputs.ServiceOut, more=_("Safe to call twice."))
    @action(detail=True, methods=["post"])
    def retire(self, request: Request, pk: str) -> Response:
        """Take it out of use. Calling twice is safe."""
        return self.answer(services.retire(subject=self.get_object(), by=self.by))

    @operation(_("Put a service back into use."), gives=outputs.ServiceOut, more=_("Safe to call twice."))
    @action(detail=True, methods=["post"], url_path="bring-back")
    def bring_back(self, request: Request, pk: str) -> Response:
        """Put it back into use. Calling twice is safe."""
        return self.answer(services.bring_back(subject=self.get_object(), by=self.by))

    @operation(
        _("Rate what an outage of a service does as time goes by."),
        takes=RatingsIn,
        gives=outputs.ServiceOut,
        more=_("All ratings at once; a later moment is never rated lower than an earlier one."),
    )
    @action(detail=True, methods=["post"], url_path="rate-impacts")
    def rate_impacts(self, request: Request, pk: str) -> Response:
        """All ratings at once."""
        found = self.get_object()
        version = seen_version(request)
        impacts = self.checked(RatingsIn, request)["impacts"]
        return self.answer(services.set_impacts(service_id=found.pk, impacts=impacts, by=self.by, version=version))

    @operation(_("Everything that is hit when a service fails."), gives=outputs.BlastRadiusOut)
    @action(detail=True, methods=["get"], url_path="blast-radius")
    def blast_radius(self, request: Request, pk: str) -> Response:
        """Everything that is hit when it fails."""
        return Response(outputs.BlastRadiusOut(selectors.blast_radius(self.get_object())).data)


class Systems(CatalogViewSet):
    """/api/v1/systems/"""

    queryset = System.objects.none()
    serializer_class = outputs.SystemOut
    about = _("What services run on, with targets and whether they are proven.")
    lists = _("Systems with their proof.")
    shows = _("One system with its proof.")
    filterset_fields = ["site", "is_active", "owner"]
    search_fields = ["name", "description", "release"]
    ordering_fields = ["created_at", "name"]

    @cached_property
    def verdicts(self) -> dict[UUID, Verdict]:
        """The proof of every system, read once a request."""
        return {pk: found.verdict for pk, found in selectors.proof_of_systems().items()}

    @operation(_("Name something that services run on."), takes=inputs.SystemIn, gives={201: outputs.SystemOut})
    def create(self, request: Request) -> Response:
        """Name something that services run on."""
        return self.answer(services.add_system(by=self.by, **self.checked(inputs.SystemIn, request)), status=201)

    @operation(
        _("Describe a system anew."),
        takes=inputs.SystemIn(partial=True),
        gives=outputs.SystemOut,
        more=_("A new release or site makes its proof stale."),
    )
    def partial_update(self, request: Request, pk: str) -> Response:
        """Describe it anew. A new release or site makes its proof stale. Needs If-Match."""
        found, version = self.get_object(), expected_version(request)
        details = self.checked(inputs.SystemIn, request, partial=True)
        return self.answer(services.change_system(system_id=found.pk, by=self.by, version=version, **details))

    @operation(_("Take a system out of use."), gives=outputs.SystemOut, more=_("Safe to call twice."))
    @action(detail=True, methods=["post"])
    def retire(self, request: Request, pk: str) -> Response:
        """Take it out of use. Calling twice is safe."""
        return self.answer(services.retire(subject=self.get_object(), by=self.by))

    @operation(_("Put a system back into use."), gives=outputs.SystemOut, more=_("Safe to call twice."))
    @action(detail=True, methods=["post"], url_path="bring-back")
    def bring_back(self, request: Request, pk: str) -> Response:
        """Put it back into use. Calling twice is safe."""
        return self.answer(services.bring_back(subject=self.get_object(), by=self.by))

    @operation(_("Everything that is hit when a system fails."), gives=outputs.BlastRadiusOut)
    @action(detail=True, methods=["get"], url_path="blast-radius")
    def blast_radius(self, request: Request, pk: str) -> Response:
        """Everything that is hit when it fails."""
        return Response(outputs.BlastRadiusOut(selectors.blast_radius(self.get_object())).data)


class Sites(CatalogViewSet):
    """/api/v1/sites/"""

    queryset = Site.objects.none()
    serializer_class = outputs.SiteOut
    about = _("Places where systems and copies are.")
    lists = _("Sites.")
    shows = _("One site.")
    search_fields = ["name"]
    ordering_fields = ["created_at", "name"]

    @operation(_("Name a place."), takes=inputs.SiteIn, gives={201: outputs.SiteOut})
    def create(self, request: Request) -> Response:
        """Name a place."""
        return self.answer(services.add_site(by=self.by, **self.checked(inputs.SiteIn, request)), status=201)

    @operation(_("Describe a place anew."), takes=inputs.SiteIn(partial=True), gives=outputs.SiteOut)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Describe it anew. Needs If-Match."""
        found, version = self.get_object(), expected_version(request)
        details = self.checked(inputs.SiteIn, request, partial=True)
        return self.answer(services.change_site(site_id=found.pk, by=self.by, version=version, **details))


class Dependencies(CatalogViewSet):
    """/api/v1/dependencies/"""

    queryset = Dependency.objects.none()
    serializer_class = outputs.DependencyOut
    about = _("What stands on what, and how hard it is hit without it.")
    lists = _("Dependencies.")
    shows = _("One dependency.")
    filterset_fields = ["service", "system", "on_service", "on_system", "kind"]

    @operation(
        _("Say that one thing stands on another."),
        takes=inputs.DependencyIn,
        gives={201: outputs.DependencyOut},
        more=_("Circles are refused."),
    )
    def create(self, request: Request) -> Response:
        """Say that one thing cannot work without another. Circles are refused."""
        return self.answer(services.add_dependency(by=self.by, **self.checked(inputs.DependencyIn, request)), 201)

    @operation(_("Say that one thing works without the other after all."), gives={204: None})
    def destroy(self, request: Request, pk: str) -> Response:
        """Say that it works without the other after all."""
        services.remove_dependency(dependency_id=self.get_object().pk, by=self.by)
        return Response(status=204)


class Measurements(CatalogViewSet):
    """/api/v1/recovery-measurements/: only read. Restore tests, drills and incidents write them."""

    queryset = RecoveryMeasurement.objects.none()
    serializer_class = outputs.MeasurementOut
    about = _("What restore tests, drills and incidents really achieved. Only measured, never typed in.")
    lists = _("Recovery measurements.")
    shows = _("One recovery measurement.")
    filterset_fields = {
        "service": ["exact"],
        "system": ["exact"],
        "origin": ["exact"],
        "outcome": ["exact"],
        "reference": ["exact"],
        "measured_at": ["gte", "lt"],
    }
    ordering_fields = ["created_at", "measured_at"]
