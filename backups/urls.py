"""Addresses of the pages of backups."""

from django.urls import path

from backups import views

urlpatterns = [
    path("backups/", views.MatrixPage.as_view(), name="backups"),
    path("backups/runs/<str:reference>/", views.RunDetail.as_view(), name="run"),
    path("backups/of-system/<uuid:pk>/", views.OfSystem.as_view(), name="backups_of_system"),
    path("backups/<slug:slug>/", views.PolicyPage.as_view(), name="backup_policy"),
    path("backups/<slug:slug>/start/", views.start_run, name="start_run"),
    path("restore-tests/", views.RestoreTestsPage.as_view(), name="restore_tests"),
]
