from django.urls import path

from common.api_docs import Docs, Root, Schema

urlpatterns = [
    path("schema/", Schema.as_view(), name="api-schema"),
    path("docs/", Docs.as_view(), name="api-docs"),
    path("v1/", Root.as_view(), name="api-root"),
]
