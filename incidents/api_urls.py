"""Addresses below /api/v1/."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from incidents.api import IncidentFigures, Incidents, IncidentTasks, Reviews, SavedViews, TimeLimits

router = SimpleRouter()
router.register("incidents", Incidents, basename="api-incidents")
router.register("incident-reviews", Reviews, basename="api-incident-reviews")
router.register("incident-tasks", IncidentTasks, basename="api-incident-tasks")
router.register("incident-views", SavedViews, basename="api-incident-views")
router.register("time-limits", TimeLimits, basename="api-time-limits")

urlpatterns = [
    path("incident-figures/<str:unit>/", IncidentFigures.as_view(), name="api-incident-figures"),
    *router.urls,
]
