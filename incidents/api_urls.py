"""Addresses below /api/v1/."""

from rest_framework.routers import SimpleRouter

from incidents.api import Incidents

router = SimpleRouter()
router.register("incidents", Incidents, basename="api-incidents")

urlpatterns = router.urls
