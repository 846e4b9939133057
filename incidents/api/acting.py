"""What every action on one incident stands on."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from common.api import Input, ViewSet, seen_version
from common.errors import NotAllowed, Stale
from incidents import selectors
from incidents.errors import ChangedSince
from incidents.models import Incident
from incidents.references import number_of


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

    def named(self, other: str, *, within: str = "") -> UUID:
        """One that goes on, by id or reference, among those that the caller works on. Raises ValidationError."""
        number, others = number_of(other), selectors.actionable_by(self.by)
        try:
            others = others.filter(pk=UUID(other)) if number is None else others.filter(number=number)
        except ValueError:
            others = others.none()
        found = others.values_list("pk", flat=True).first()
        if found is None:
            wrong: dict[str, Any] = {"into": [_("There is no such incident.")]}
            raise ValidationError({within: wrong} if within else wrong)
        return found

    def stale(self, row: Incident, version: int) -> Stale:
        """Who acts on it reads what others did since."""
        if not selectors.can_act(self.by):
            return super().stale(row, version)
        return ChangedSince(selectors.happened_since(row, version))
