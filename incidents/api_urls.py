"""Addresses below /api/v1/."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from incidents.api import IncidentFigures, Incidents, IncidentTasks, OneSeverityMatrix, Reviews, SavedViews, TimeLimits
from incidents.api.telling import Authorities, AuthorityReports, Updates

router = SimpleRouter()
router.register("incidents", Incidents, basename="api-incidents")
router.register("incident-reviews", Reviews, basename="api-incident-reviews")
router.register("incident-tasks", IncidentTasks, basename="api-incident-tasks")
router.register("incident-views", SavedViews, basename="api-incident-views")
router.register("incident-updates", Updates, basename="api-incident-updates")
router.register("authority-reports", AuthorityReports, basename="api-authority-reports")
router.register("authorities", Authorities, basename="api-authorities")
router.register("time-limits", TimeLimits, basename="api-time-limits")

severity_matrix = OneSeverityMatrix.as_view({"get": "retrieve", "patch": "partial_update"}, detail=True)

urlpatterns = [
    path("severity-matrix/", severity_matrix, name="api-severity-matrix"),
    path("incident-figures/<str:unit>/", IncidentFigures.as_view(), name="api-incident-figures"),
    *router.urls,
]
