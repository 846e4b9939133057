"""Talking with the people who reported it."""

from django.utils.translation import gettext_lazy as _
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from common.api import operation
from incidents import services
from incidents.api.acting import Acting
from incidents.api.bodies import NewsIn
from incidents.api.shapes import IncidentOut


class Talking(Acting):
    """What they are told."""

    @operation(_("Tell those who reported an incident how it stands."), takes=NewsIn, gives=IncidentOut)
    @action(detail=True, methods=["post"], url_path="update")
    def update_reporters(self, request: Request, pk: str) -> Response:
        """Tell those who reported it how it stands."""
        return self.carry_out(services.update_reporters, request, NewsIn)
