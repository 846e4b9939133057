"""Addresses of messages, deliveries, channels and texts below /api/v1/."""

from rest_framework.routers import SimpleRouter

from notify import api

router = SimpleRouter()
router.register("messages", api.Messages, basename="api-messages")
router.register("deliveries", api.Deliveries, basename="api-deliveries")
router.register("delivery-attempts", api.Attempts, basename="api-delivery-attempts")
router.register("reminders", api.Reminders, basename="api-reminders")
router.register("channels", api.Channels, basename="api-channels")
router.register("subscriptions", api.Subscriptions, basename="api-subscriptions")
router.register("message-texts", api.Templates, basename="api-message-texts")
urlpatterns = router.urls
