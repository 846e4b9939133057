"""The first page."""

from django.urls import path

from readiness import views

urlpatterns = [
    path("", views.OverviewPage.as_view(), name="overview"),
]
