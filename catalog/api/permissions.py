"""Whoever sees the catalog reads it, administrators set it up."""

from typing import Any

from django.db.models import QuerySet
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from catalog import selectors
from common.api import ReadViewSet


class EditorsChange(BasePermission):
    """Administrators set the catalog up; what anybody reads is a matter of the query."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Reading is open here."""
        return request.method in SAFE_METHODS or selectors.edits_catalog(request.user)


class CatalogViewSet(ReadViewSet):
    """A resource of the catalog."""

    permission_classes = [*ReadViewSet.permission_classes, EditorsChange]
    serializer_class: Any

    def get_queryset(self) -> QuerySet[Any]:
        """All rows, or none for those who do not see the catalog."""
        return selectors.visible_to(self.request.user, self.serializer_class.Meta.model)
