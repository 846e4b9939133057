"""Addresses of actions below /api/v1/."""

from rest_framework.routers import SimpleRouter

from actions.api import Actions, ImprovementPlans

router = SimpleRouter()
router.register("actions", Actions, basename="api-actions")
router.register("improvement-plans", ImprovementPlans, basename="api-improvement-plans")
urlpatterns = router.urls
