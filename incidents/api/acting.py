"""What every action on one incident stands on."""

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from common.api import Input, ViewSet, seen_version
from common.errors import NotAllowed, Stale
from incidents import selectors
from incidents.errors import ChangedSince
from incidents.models import Incident


class Acting(ViewSet):
    """Actions of one kind are a class of their own on top of this one, and one more base of `Incidents`."""

    queryset = Incident.objects.none()

    def acted_on(self) -> Incident:
        """The incident. Raises NotAllowed for those who see it and do not work on it."""
        incident = self.get_object()
        if not selectors.can_act(self.by):
            raise NotAllowed
        return incident

    def carry_out(self, service: Any, request: Request, body: type[Input] | None = None) -> Response:
        """One move. With If-Match only on the version that was seen."""
        incident = self.acted_on()
        version = seen_version(request)
        given = self.checked(body, request) if body else {}
        return self.answer(service(incident_id=incident.pk, by=self.by, version=version, **given))

    def stale(self, row: Incident, version: int) -> Stale:
        """Who acts on it reads what others did since."""
        if not selectors.can_act(self.by):
            return super().stale(row, version)
        return ChangedSince(selectors.happened_since(row, version))
