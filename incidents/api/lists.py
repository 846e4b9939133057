"""/api/v1/incident-views/"""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from common.api import Input, NamedOut, Output, ReadViewSet, expected_version, operation
from common.text import safe_line
from incidents import selectors, services
from incidents.models import SavedView
from incidents.models.lists import QUERY_LENGTH
from people.models import Team


class SavedViewOut(Output):
    """Filters of the list of incidents under a name."""

    example = {"name": "Mine, the worst first", "query": "owner=me&sort=worst", "is_first": False}

    owner = NamedOut()
    team = NamedOut(allow_null=True)
    is_first = serializers.BooleanField(help_text=_("Whether the caller’s list begins with it."))

    class Meta:
        model = SavedView
        fields = ["id", "name", "query", "owner", "team", "is_first", "created_at", "version"]


class SavedViewIn(Input):
    """A name, the filters as they stand in the address of the list, and the team that sees it too."""

    example = {"name": "Mine, the worst first", "query": "owner=me&sort=worst"}

    name = serializers.CharField(max_length=60, validators=[safe_line])
    query = serializers.CharField(max_length=QUERY_LENGTH, allow_blank=True)
    team = serializers.PrimaryKeyRelatedField(
        queryset=Team.objects.filter(is_active=True), required=False, allow_null=True
    )


class SavedViews(ReadViewSet):
    """Own views and those of own teams; only their owner changes them."""

    queryset = SavedView.objects.none()
    serializer_class = SavedViewOut
    about = _("Filters of the list of incidents under a name: own ones, and those shared with a team of the caller.")
    lists = _("Saved views.")
    shows = _("One saved view.")
    search_fields = ["name"]

    def get_queryset(self) -> QuerySet[SavedView]:
        """What the caller may see."""
        return selectors.views_of(self.by)

    @operation(_("Keep filters under a name."), takes=SavedViewIn, gives={201: SavedViewOut})
    def create(self, request: Request) -> Response:
        """Keep one."""
        view = services.save_view(by=self.by, **self.checked(SavedViewIn, request))
        return self._shown(view, status=201)

    @operation(_("Change a saved view of one’s own."), takes=SavedViewIn, gives=SavedViewOut)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Change one. Needs If-Match."""
        view, version = self._own(), expected_version(request)
        changes: dict[str, Any] = self.checked(SavedViewIn, request, partial=True)
        return self._shown(services.change_view(view_id=view.pk, by=self.by, changes=changes, version=version))

    @operation(_("Remove a saved view of one’s own."), gives={204: None})
    def destroy(self, request: Request, pk: str) -> Response:
        """Remove one."""
        services.remove_view(view_id=self._own().pk, by=self.by)
        return Response(status=204)

    def _own(self) -> SavedView:
        view: SavedView = self.get_object()
        if view.owner_id != self.by.pk:
            raise NotFound
        return view

    def _shown(self, view: SavedView, status: int = 200) -> Response:
        return self.answer(self.get_queryset().get(pk=view.pk), status=status)
