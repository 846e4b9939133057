"""/api/v1/severity-matrix/"""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from common.api import Input, Output, ReadViewSet, ViewSet, expected_version, operation
from incidents import services
from incidents.api.promises import AdministratorsPromise
from incidents.choices import SEVERITY
from incidents.models import SeverityMatrix
from incidents.selectors import reads_timeline
from incidents.selectors.matrix import COLUMNS

USUAL = {column: SEVERITY[scales] for scales, column in COLUMNS.items()}


def _cell() -> serializers.IntegerField:
    return serializers.IntegerField(min_value=1, max_value=4)


class SeverityMatrixOut(Output):
    """Which severity follows from which impact and urgency: `high_low` is high impact, low urgency. 1 is the worst."""

    example = USUAL

    class Meta:
        model = SeverityMatrix
        fields = [*COLUMNS.values(), "version"]


class SeverityMatrixIn(Input):
    """The fields that become others. Nothing that is worse may be less severe."""

    example = USUAL

    high_high = _cell()
    high_medium = _cell()
    high_low = _cell()
    medium_high = _cell()
    medium_medium = _cell()
    medium_low = _cell()
    low_high = _cell()
    low_medium = _cell()
    low_low = _cell()


class OneSeverityMatrix(ViewSet):
    """GET, PATCH /api/v1/severity-matrix/: there is one, so its address has no id."""

    queryset = SeverityMatrix.objects.none()
    serializer_class = SeverityMatrixOut
    permission_classes = [*ReadViewSet.permission_classes, AdministratorsPromise]
    about = _("Which severity follows from which impact and urgency.")

    def get_queryset(self) -> QuerySet[SeverityMatrix]:
        """Whoever reads incidents whole reads how they are judged."""
        return SeverityMatrix.objects.all() if reads_timeline(self.by) else SeverityMatrix.objects.none()

    def get_object(self) -> SeverityMatrix:
        """The one there is; as it is from the start, where it was lost."""
        if not reads_timeline(self.by):
            raise Http404
        return self.get_queryset().first() or SeverityMatrix()

    @operation(_("The severity matrix."), gives=SeverityMatrixOut)
    def retrieve(self, request: Request) -> Response:
        """As it is now."""
        return self.answer(self.get_object())

    @operation(
        _("Change the severity matrix."),
        takes=SeverityMatrixIn(partial=True),
        gives=SeverityMatrixOut,
        more=_("By administrators. What is not named stays; incidents keep the severity that they have."),
    )
    def partial_update(self, request: Request) -> Response:
        """From now on. Needs If-Match."""
        version = expected_version(request)
        given: dict[str, Any] = self.checked(SeverityMatrixIn, request, partial=True)
        cells = {scales: given[column] for scales, column in COLUMNS.items() if column in given}
        return self.answer(services.set_matrix(cells=cells, by=self.by, version=version))
