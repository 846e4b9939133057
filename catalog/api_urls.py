"""Addresses of the catalog below /api/v1/."""

from rest_framework.routers import SimpleRouter

from catalog.api import outside, views

router = SimpleRouter()
router.register("services", views.Services, basename="api-services")
router.register("systems", views.Systems, basename="api-systems")
router.register("sites", views.Sites, basename="api-sites")
router.register("providers", outside.Providers, basename="api-providers")
router.register("documents", outside.Documents, basename="api-documents")
router.register("dependencies", views.Dependencies, basename="api-dependencies")
router.register("recovery-measurements", views.Measurements, basename="api-recovery-measurements")
urlpatterns = router.urls
