"""Addresses below /api/v1/."""

from rest_framework.routers import SimpleRouter

from readiness.api import Ledger

router = SimpleRouter()
router.register("ledger", Ledger, basename="api-ledger")

urlpatterns = router.urls
