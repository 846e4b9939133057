"""Addresses of the plan pages."""

from django.urls import path

from runbooks import views

urlpatterns = [
    path("plans/", views.plans, name="plans"),
    path("plans/<str:reference>/", views.plan, name="plan"),
]
