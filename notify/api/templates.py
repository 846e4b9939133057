"""Texts of the organisation's own, as programs see them."""

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from common.api import Input, Output, ReadViewSet, expected_version, operation
from notify import services
from notify.api.channels import KeepersChange
from notify.models import Template
from notify.selectors import templates_visible_to


class TemplateIn(Input):
    """The texts of one event in one language. Placeholders stand in braces."""

    example = {"kind": "incident.opened", "language": "en", "subject": "{about}", "body": "Look at {url}"}

    kind = serializers.CharField(max_length=100)
    language = serializers.ChoiceField(choices=settings.LANGUAGES)
    subject = serializers.CharField(max_length=200)
    body = serializers.CharField(max_length=4000)


class TemplateChange(Input):
    """What changes; the rest stays."""

    example = {"subject": "{about}", "body": "Look at {url}"}

    subject = serializers.CharField(max_length=200, required=False)
    body = serializers.CharField(max_length=4000, required=False)


class TemplateOut(Output):
    """The texts of one event in one language."""

    example = {"kind": "incident.opened", "language": "en", "subject": "{about}", "body": "Look at {url}"}

    class Meta:
        model = Template
        fields = ["id", "kind", "language", "subject", "body", "created_at", "version"]


class PreviewOut(serializers.Serializer):
    """The texts with examples in place of their placeholders."""

    example = {"subject": "INC-0042", "body": "Look at https://holdfast.example.org/…"}

    subject = serializers.CharField()
    body = serializers.CharField()


class Templates(ReadViewSet):
    """/api/v1/message-texts/"""

    permission_classes = [*ReadViewSet.permission_classes, KeepersChange]
    queryset = Template.objects.none()
    serializer_class = TemplateOut
    about = _("Texts of messages that the organisation wrote, in place of those of the product.")
    lists = _("Own texts.")
    shows = _("One own text.")
    filterset_fields = ["kind", "language"]

    def get_queryset(self) -> QuerySet[Template]:
        """None for anybody else."""
        return templates_visible_to(self.request.user)

    @operation(_("Write a text of your own."), takes=TemplateIn, gives={201: TemplateOut})
    def create(self, request: Request) -> Response:
        """It counts from now on."""
        return self.answer(services.add_template(by=self.by, **self.checked(TemplateIn, request)), status=201)

    @operation(_("Change a text of your own."), takes=TemplateChange, gives=TemplateOut)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Change it. Needs If-Match."""
        found, version = self.get_object(), expected_version(request)
        details = self.checked(TemplateChange, request)
        return self.answer(services.change_template(template_id=found.pk, by=self.by, version=version, **details))

    @operation(_("Take a text of your own away."), gives={204: None}, more=_("The product's text counts again."))
    def destroy(self, request: Request, pk: str) -> Response:
        """The product's text counts again."""
        services.remove_template(template_id=self.get_object().pk, by=self.by)
        return Response(status=204)

    @operation(_("See what a text would look like."), takes=TemplateIn, gives=PreviewOut)
    @action(detail=False, methods=["post"])
    def preview(self, request: Request) -> Response:
        """Nothing is kept or sent."""
        subject, body = services.preview(**self.checked(TemplateIn, request))
        return Response({"subject": subject, "body": body})
