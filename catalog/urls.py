"""Addresses of the pages of the catalog."""

from django.urls import path

from catalog import views

urlpatterns = [
    path("catalog/", views.services, name="catalog"),
    path("catalog/systems/", views.systems, name="catalog_systems"),
    path("catalog/providers/", views.providers, name="catalog_providers"),
    path("catalog/documents/", views.documents, name="catalog_documents"),
    path("catalog/documents/<uuid:pk>/", views.document, name="catalog_document"),
    path("catalog/documents/<uuid:pk>/file/", views.document_file, name="catalog_document_file"),
    path("catalog/services/<uuid:pk>/", views.service, name="catalog_service"),
    path("catalog/services/<uuid:pk>/review/", views.confirm_review, name="catalog_review"),
    path("catalog/systems/<uuid:pk>/", views.system, name="catalog_system"),
    path("catalog/providers/<uuid:pk>/", views.provider, name="catalog_provider"),
]
