"""Addresses of backups below /api/v1/."""

from rest_framework.routers import SimpleRouter

from backups.api import views

router = SimpleRouter()
router.register("repositories", views.Repositories, basename="api-repositories")
router.register("backup-policies", views.Policies, basename="api-backup-policies")
router.register("copies", views.Copies, basename="api-copies")
router.register("backup-runs", views.BackupRuns, basename="api-backup-runs")
router.register("checks", views.Checks, basename="api-checks")
router.register("restore-tests", views.RestoreTests, basename="api-restore-tests")
urlpatterns = router.urls
