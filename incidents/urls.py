"""Addresses of the incident pages."""

from django.urls import path

from incidents import views

urlpatterns = [
    path("report/", views.report, name="report"),
    path("report/known/", views.known, name="report_known"),
    path("report/files/", views.report_files, name="report_files"),
    path("report/mine/<str:reference>/correct/", views.correct, name="correct_report"),
    path("report/mine/<str:reference>/withdraw/", views.withdraw, name="withdraw_report"),
    path("report/mine/", views.my_reports, name="my_reports"),
    path("report/track/<str:token>/", views.tracking, name="tracking"),
    path("report/track/<str:token>/waiting/", views.tracking_files, name="tracking_files"),
    path("report/track/<str:token>/rating/", views.rate, name="tracking_rating"),
    path("report/track/<str:token>/files/<uuid:pk>/", views.tracking_file, name="tracking_file"),
    path(
        "report/track/<str:token>/files/<uuid:pk>/picture/",
        views.tracking_file,
        {"show": True},
        name="tracking_picture",
    ),
    path("incidents/", views.incidents, name="incidents"),
    path("incidents/board/", views.board, name="incidents_board"),
    path("incidents/bulk/", views.bulk, name="incidents_bulk"),
    path("incidents/views/", views.saved_views, name="incident_views"),
    path("incidents/views/first/", views.first_view, name="incident_first_view"),
    path("incidents/views/<uuid:pk>/", views.saved_view, name="incident_view"),
    path("incidents/views/<uuid:pk>/remove/", views.remove_view, name="incident_view_remove"),
    path("incidents/<str:reference>/", views.incident, name="incident"),
    path("incidents/<str:reference>/thread/", views.thread, name="incident_thread"),
    path("incidents/<str:reference>/clocks/", views.clocks, name="incident_clocks"),
    path("incidents/<str:reference>/moves/", views.moves, name="incident_moves"),
    path("incidents/<str:reference>/note/", views.add_note, name="incident_note"),
    path("incidents/<str:reference>/escalate/", views.escalate, name="incident_escalate"),
    path("incidents/<str:reference>/still-on-it/", views.still_on_it, name="incident_still_on_it"),
    path("incidents/<str:reference>/actions/", views.add_action, name="incident_action"),
    path("incidents/<str:reference>/files/", views.incident_files, name="incident_files"),
    path("incidents/<str:reference>/files/<uuid:pk>/", views.incident_file, name="incident_file"),
    path(
        "incidents/<str:reference>/files/<uuid:pk>/picture/",
        views.incident_file,
        {"show": True},
        name="incident_picture",
    ),
    path("incidents/<str:reference>/tasks/", views.add_task, name="incident_tasks"),
    path("incidents/<str:reference>/tasks/<uuid:task_id>/", views.change_task, name="incident_task_change"),
    path("incidents/<str:reference>/tasks/<uuid:task_id>/<str:name>/", views.act_on_task, name="incident_task"),
    path("incidents/<str:reference>/<str:name>/", views.act, name="incident_act"),
]
