"""Addresses below /api/v1/."""

from rest_framework.routers import SimpleRouter

from incidents.api import Incidents, IncidentTasks, SavedViews, TimeLimits

router = SimpleRouter()
router.register("incidents", Incidents, basename="api-incidents")
router.register("incident-tasks", IncidentTasks, basename="api-incident-tasks")
router.register("incident-views", SavedViews, basename="api-incident-views")
router.register("time-limits", TimeLimits, basename="api-time-limits")

urlpatterns = router.urls
