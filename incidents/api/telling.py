"""Updates to each audience, and who decides on them; reports to authorities."""

from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from common.api import Filters, Input, NamedOut, Output, ReadViewSet, ViewSet, operation, seen_version
from common.errors import NotAllowed
from incidents import selectors, services
from incidents.api.acting import Acting
from incidents.api.bodies import ReasonIn
from incidents.models import Authority, AuthorityReport, StatusEntry, Update, UpdateEffect, UpdateText
from incidents.models.authorities import REPORT_LENGTH
from incidents.selectors.telling import updates_visible_to
from incidents.services import KEEP, Words
from incidents.telling.choices import EFFECT_CHOICES, Audience, PublicState, SentBy


class WordsIn(Input):
    """What is said in one language."""

    example = {"language": "en", "title": "Invoices cannot be found", "text": "They are being restored."}

    language = serializers.ChoiceField(choices=settings.LANGUAGES)
    title = serializers.CharField(max_length=160, required=False, allow_blank=True)
    text = serializers.CharField(max_length=10_000)


class EffectIn(Input):
    """What a service of the status page is like."""

    example = {"effect": "degraded"}

    service = serializers.PrimaryKeyRelatedField(queryset=StatusEntry.objects.filter(is_shown=True))
    effect = serializers.ChoiceField(choices=EFFECT_CHOICES)


class UpdateIn(Input):
    """An update. `public_state`, `effects` and `next_at` are for the public only."""

    example = {"audience": "stakeholders", "texts": [WordsIn.example]}

    audience = serializers.ChoiceField(choices=Audience.choices)
    texts = WordsIn(many=True, allow_empty=False, max_length=len(settings.LANGUAGES))  # type: ignore[call-arg]  # of many
    public_state = serializers.ChoiceField(choices=PublicState.choices, required=False)
    effects = EffectIn(many=True, required=False, max_length=200)  # type: ignore[call-arg]  # of many
    expected_at = serializers.DateTimeField(required=False, allow_null=True)
    next_at = serializers.DateTimeField(required=False, allow_null=True)


class UpdateTextOut(Output):
    """What was said in one language."""

    example = WordsIn.example

    class Meta:
        model = UpdateText
        fields = ["language", "title", "text"]


class EffectOut(Output):
    """What was said of one service of the status page."""

    example = {"effect": "degraded"}

    service = serializers.UUIDField(source="entry_id")

    class Meta:
        model = UpdateEffect
        fields = ["service", "effect"]


class UpdateOut(Output):
    """One update. `stage` is waiting while somebody has to approve it: nobody was told yet."""

    example = {
        "incident": "INC-0042",
        "audience": "stakeholders",
        "stage": "sent",
        "public_state": "",
        "texts": [WordsIn.example],
        "effects": [],
        "by_label": "Duty desk",
        "decline_reason": "",
    }

    incident = serializers.CharField(source="incident.reference")
    texts = UpdateTextOut(many=True)
    effects = EffectOut(many=True)

    class Meta:
        model = Update
        fields = [
            *("id", "incident", "audience", "stage", "public_state", "texts", "effects", "at", "expected_at"),
            *("next_at", "by_label", "settled_at", "decline_reason"),
        ]


class Telling(Acting):
    """Updates to any audience."""

    @operation(_("Tell reporters, stakeholders or everybody how it stands."), takes=UpdateIn, gives={201: UpdateOut})
    @action(detail=True, methods=["post"], url_path="updates")
    def post_update(self, request: Request, pk: str) -> Response:
        """With If-Match only on the version that was seen."""
        incident, version = self.acted_on(), seen_version(request)
        given = self.checked(UpdateIn, request)
        texts = {each["language"]: Words(each["text"], each.get("title", "")) for each in given["texts"]}
        effects = {each["service"]: each["effect"] for each in given.get("effects", [])}
        update = services.post_update(
            incident_id=incident.pk,
            by=self.by,
            audience=given["audience"],
            texts=texts,
            public_state=given.get("public_state", ""),
            effects=effects,
            expected_at=given.get("expected_at", KEEP),
            next_at=given.get("next_at"),
            version=version,
        )
        return Response(UpdateOut(update, context=self.get_serializer_context()).data, status=201)


class UpdateFilter(Filters):
    """By incident, audience and stage."""

    class Meta:
        model = Update
        fields = ["incident", "audience", "stage"]


class Updates(ReadViewSet):
    """/api/v1/incident-updates/"""

    queryset = Update.objects.none()
    serializer_class = UpdateOut
    about = _("What people were told about incidents.")
    lists = _("Updates.")
    shows = _("One update.")
    filterset_class = UpdateFilter
    ordering_fields = ["created_at"]

    def get_queryset(self) -> QuerySet[Update]:
        """Of incidents that the caller reads whole."""
        return updates_visible_to(self.by).select_related("incident").prefetch_related("texts", "effects")

    @operation(_("Publish an update that waits."), gives=UpdateOut)
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, pk: str) -> Response:
        """Everybody reads it."""
        return self._answer(services.approve_update(update_id=self._acted_on().pk, by=self.by))

    @operation(_("Decline an update that waits."), takes=ReasonIn, gives=UpdateOut)
    @action(detail=True, methods=["post"])
    def decline(self, request: Request, pk: str) -> Response:
        """Nobody reads it."""
        given = self.checked(ReasonIn, request)
        return self._answer(services.decline_update(update_id=self._acted_on().pk, by=self.by, **given))

    def _acted_on(self) -> Update:
        return acted_on(self)

    def _answer(self, update: Update) -> Response:
        return Response(UpdateOut(update, context=self.get_serializer_context()).data)


class AuthorityOut(Output):
    """Somebody to whom incidents are reported."""

    example = {
        "name": "Data protection authority",
        "legal_basis": "Article 33",
        "deadline": "3 00:00:00",
        "language": "en",
        "email": "reports@authority.example",
        "recipients": "",
    }

    class Meta:
        model = Authority
        fields = ["id", "name", "legal_basis", "deadline", "email", "recipients", "language", "is_active", "version"]


class AuthorityReportOut(Output):
    """One report to an authority."""

    example = {
        "incident": "INC-0042",
        "state": "due",
        "text": "",
        "sent_how": "",
        "sent_reference": "",
        "late_reason": "",
        "is_late": False,
        "not_needed_reason": "",
    }

    incident = serializers.CharField(source="incident.reference")
    authority = NamedOut()
    is_late = serializers.BooleanField()

    class Meta:
        model = AuthorityReport
        fields = [
            *("id", "incident", "authority", "state", "counted_from", "due_at", "text", "drafted_at", "approved_at"),
            *("sent_at", "sent_how", "sent_reference", "late_reason", "is_late", "not_needed_reason", "created_at"),
            "version",
        ]


class RequireIn(Input):
    """Which incident must be reported to whom."""

    example: dict[str, Any] = {}

    incident = serializers.UUIDField()
    authority = serializers.PrimaryKeyRelatedField(queryset=Authority.objects.filter(is_active=True))


class DraftIn(Input):
    """The text; without one the template is filled in."""

    example = {"text": "On 3 March …"}

    text = serializers.CharField(max_length=REPORT_LENGTH, required=False)


class SentIn(Input):
    """That it was sent."""

    example = {"how": "portal", "reference": "2026-0815", "late_reason": ""}

    how = serializers.ChoiceField(choices=SentBy.choices)
    sent_at = serializers.DateTimeField(required=False)
    reference = serializers.CharField(max_length=100, required=False, allow_blank=True)
    late_reason = serializers.CharField(max_length=4000, required=False, allow_blank=True)


class MailIn(Input):
    """Where it is late: why."""

    example = {"late_reason": ""}

    late_reason = serializers.CharField(max_length=4000, required=False, allow_blank=True)


class ProofIn(Input):
    """A file of the incident."""

    example: dict[str, Any] = {}

    attachment = serializers.UUIDField()


class AuthorityReportFilter(Filters):
    """By incident, authority and state."""

    class Meta:
        model = AuthorityReport
        fields = ["incident", "authority", "state"]


class AuthorityReports(ReadViewSet):
    """/api/v1/authority-reports/"""

    queryset = AuthorityReport.objects.none()
    serializer_class = AuthorityReportOut
    about = _("Reports of incidents to authorities, by their deadlines.")
    lists = _("Reports to authorities.")
    shows = _("One report to an authority.")
    filterset_class = AuthorityReportFilter
    ordering_fields = ["created_at", "due_at"]

    def get_queryset(self) -> QuerySet[AuthorityReport]:
        """Of incidents that the caller reads whole."""
        if not selectors.reads_timeline(self.by):
            return AuthorityReport.objects.none()
        rows = AuthorityReport.objects.filter(incident__in=selectors.visible_to(self.by))
        return rows.select_related("incident", "authority")

    @operation(_("Say that an incident must be reported."), takes=RequireIn, gives={201: AuthorityReportOut})
    def create(self, request: Request) -> Response:
        """Said again, it is the same report."""
        if not selectors.can_act(self.by):
            raise NotAllowed
        given = self.checked(RequireIn, request)
        incident = selectors.actionable_by(self.by).filter(pk=given["incident"]).first()
        if incident is None:
            raise serializers.ValidationError({"incident": [_("There is no such incident.")]})
        made = services.require_report(incident_id=incident.pk, authority_id=given["authority"].pk, by=self.by)
        return self.answer(made, status=201)

    @operation(_("Write a report."), takes=DraftIn, gives=AuthorityReportOut)
    @action(detail=True, methods=["post"])
    def draft(self, request: Request, pk: str) -> Response:
        """What was approved before is not any more."""
        return self._step(services.draft_report, request, DraftIn)

    @operation(_("Approve a report that somebody else wrote."), gives=AuthorityReportOut)
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, pk: str) -> Response:
        """It may be sent so."""
        return self._step(services.approve_report, request)

    @operation(_("Send a report by mail."), takes=MailIn, gives=AuthorityReportOut)
    @action(detail=True, methods=["post"], url_path="mail", url_name="mail")
    def send_by_mail(self, request: Request, pk: str) -> Response:
        """It counts as sent once the mail server took it."""
        return self._step(services.mail_report, request, MailIn)

    @operation(_("Write down that a report was sent."), takes=SentIn, gives=AuthorityReportOut)
    @action(detail=True, methods=["post"])
    def sent(self, request: Request, pk: str) -> Response:
        """Nothing is sent by this."""
        return self._step(services.note_sent, request, SentIn)

    @operation(_("Add a file of the incident as proof."), takes=ProofIn, gives=AuthorityReportOut)
    @action(detail=True, methods=["post"])
    def proof(self, request: Request, pk: str) -> Response:
        """Twice is once."""
        given = self.checked(ProofIn, request)
        report = acted_on(self)
        return self.answer(services.add_proof(report_id=report.pk, by=self.by, attachment_id=given["attachment"]))

    @operation(_("Say that a report is not needed."), takes=ReasonIn, gives=AuthorityReportOut)
    @action(detail=True, methods=["post"])
    def waive(self, request: Request, pk: str) -> Response:
        """With the reason."""
        return self._step(services.waive_report, request, ReasonIn)

    @operation(_("Say that a report is needed after all."), gives=AuthorityReportOut)
    @action(detail=True, methods=["post"])
    def need(self, request: Request, pk: str) -> Response:
        """By the time that it always had."""
        return self._step(services.need_report_again, request)

    def _step(self, service: Any, request: Request, body: type[Input] | None = None) -> Response:
        report, version = acted_on(self), seen_version(request)
        given = self.checked(body, request) if body else {}
        return self.answer(service(report_id=report.pk, by=self.by, version=version, **given))


class Authorities(ReadViewSet):
    """/api/v1/authorities/: set up in the admin."""

    queryset = Authority.objects.none()
    serializer_class = AuthorityOut
    about = _("Authorities to which incidents may have to be reported.")
    lists = _("Authorities.")
    shows = _("One authority.")
    ordering_fields = ["name"]
    default_ordering = "name"

    def get_queryset(self) -> QuerySet[Authority]:
        """For those who read incidents whole."""
        return Authority.objects.all() if selectors.reads_timeline(self.by) else Authority.objects.none()


def acted_on(view: ViewSet) -> Any:
    """The row. Raises NotAllowed for those who see it and do not work on its incident."""
    row = view.get_object()
    if not selectors.can_act(view.by):
        raise NotAllowed
    return row
