"""Addresses of the pages of actions."""

from django.urls import path

from actions import views

urlpatterns = [
    path("actions/", views.actions, name="actions"),
    path("actions/new/", views.new, name="new_action"),
    path("actions/<str:reference>/", views.action, name="action"),
    path("actions/<str:reference>/<str:name>/", views.act, name="action_act"),
    path("improvement-plans/", views.improvement_plans, name="improvement_plans"),
    path("improvement-plans/new/", views.new_plan, name="new_improvement_plan"),
    path("improvement-plans/<str:reference>/", views.improvement_plan, name="improvement_plan"),
    path("improvement-plans/<str:reference>/phases/", views.add_phase, name="add_phase"),
]
