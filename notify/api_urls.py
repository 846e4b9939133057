"""Addresses of messages and deliveries below /api/v1/."""

from rest_framework.routers import SimpleRouter

from notify import api

router = SimpleRouter()
router.register("messages", api.Messages, basename="api-messages")
router.register("deliveries", api.Deliveries, basename="api-deliveries")
urlpatterns = router.urls
