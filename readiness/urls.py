"""Pages that look across all rooms."""

from django.urls import path

from readiness import views

urlpatterns = [
    path("", views.OverviewPage.as_view(), name="overview"),
    path("my-work/", views.my_work, name="my_work"),
    path("my-work/count/", views.work_count, name="work_count"),
    path("search/", views.search, name="search"),
    path("ledger/", views.ledger, name="ledger"),
    path("ledger/export/", views.export_ledger, name="export_ledger"),
    path("jobs/", views.jobs, name="jobs"),
    path("restored/", views.restored, name="restored"),
    path("welcome/", views.welcome, name="welcome"),
]
