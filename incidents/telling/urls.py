"""Addresses of the status page, of updates, and of reports to authorities."""

from django.urls import path

from incidents import views

STATUS = [
    path("status/", views.status, name="status"),
    path("status/subscribe/", views.subscribe, name="status_subscribe"),
    path("status/confirm/<str:token>/", views.confirm, name="status_confirm"),
    path("status/unsubscribe/<str:token>/", views.unsubscribe, name="status_unsubscribe"),
    path("status/<path:name>", views.status, name="status_page"),
]
_ONE = "incidents/<str:reference>"
_UPDATE = f"{_ONE}/updates/<uuid:update_id>"
_REPORT = f"{_ONE}/reports/<uuid:report_id>"
OF_INCIDENTS = [
    path("incidents/news/", views.my_news, name="my_news"),
    path(f"{_ONE}/update/", views.update, name="incident_update"),
    path(f"{_UPDATE}/", views.told_of, name="incident_told"),
    path(f"{_UPDATE}/approve/", views.approve, name="incident_approve_update"),
    path(f"{_UPDATE}/decline/", views.decline, name="incident_decline_update"),
    path(f"{_ONE}/unpublish/", views.unpublish, name="incident_unpublish"),
    path(f"{_ONE}/stakeholders/", views.stakeholders, name="incident_stakeholders"),
    path(
        f"{_ONE}/stakeholders/<uuid:stakeholder_id>/remove/",
        views.remove_stakeholder,
        name="incident_stakeholder_remove",
    ),
    path(f"{_ONE}/reports/", views.require_report, name="incident_require_report"),
    path(f"{_REPORT}/", views.authority_report, name="authority_report"),
    path(f"{_REPORT}/<str:step>/", views.authority_step, name="authority_step"),
]
