"""Addresses below /api/v1/."""

from rest_framework.routers import SimpleRouter

from runbooks.api import Plans

router = SimpleRouter()
router.register("plans", Plans, basename="api-plans")

urlpatterns = router.urls
