"""Messages and deliveries, as programs see them."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from common.api import Output, ReadViewSet, operation
from common.errors import NotAllowed
from notify import services
from notify.models import Delivery, Message, Reminder
from notify.selectors import address_of, deliveries_visible_to, led, may_retry, messages_of, reminders_visible_to


class MessageOut(Output):
    """One text to the caller. `url` is a page of the product."""

    example = {
        "kind": "incident.reported",
        "about_type": "incidents.incident",
        "about_id": "731de6e4-6cff-5688-b2e7-2bb0b1650ac5",
        "about_label": "INC-0042",
        "url": "/incidents/INC-0042/",
        "language": "en",
        "subject": "INC-0042: Invoices are missing",
        "body": "Somebody reported that invoices are missing.",
    }

    class Meta:
        model = Message
        fields = [
            "id", "kind", "about_type", "about_id", "about_label", "url", "language", "subject", "body", "urgency",
            "created_at", "read_at",
        ]  # fmt: skip


class DeliveryOut(Output):
    """How far one message to one person by one channel came. Its text is the person's own."""

    example = {
        "kind": "incident.reported",
        "about_type": "incidents.incident",
        "about_id": "731de6e4-6cff-5688-b2e7-2bb0b1650ac5",
        "to_name": "Duty desk",
        "address": "desk@example.org",
        "last_error": "",
        "state": "sent",
        "answer": "",
    }

    kind = serializers.CharField(source="message.kind")
    about_type = serializers.CharField(source="message.about_type")
    about_id = serializers.CharField(source="message.about_id")
    to = serializers.UUIDField(source="message.to_id", allow_null=True)
    to_name = serializers.CharField(source="recipient")
    address = serializers.SerializerMethodField()

    class Meta:
        model = Delivery
        fields = [
            "id", "message", "kind", "about_type", "about_id", "to", "to_name", "way", "channel", "address",
            "state", "due_at", "tries", "sent_at", "last_error", "answer", "created_at",
        ]  # fmt: skip

    def get_address(self, delivery: Delivery) -> str:
        """Whole for administrators, masked for auditors."""
        return address_of(delivery, to=self.context["request"].user)


class Messages(ReadViewSet):
    """GET /api/v1/messages/ and POST …/ID/read/, …/read/: the caller's own."""

    queryset = Message.objects.none()
    serializer_class = MessageOut
    about = _("What Holdfast told the caller.")
    lists = _("The caller’s own messages.")
    shows = _("One message of the caller’s.")
    filterset_fields = {
        "read_at": ["isnull"],
        "kind": ["exact"],
        "urgency": ["exact"],
        "about_type": ["exact"],
        "about_id": ["exact"],
        "created_at": ["gte", "lt"],
    }
    search_fields = ["subject"]

    def get_queryset(self) -> QuerySet[Message]:
        """Nobody reads another's."""
        return messages_of(self.request.user)

    def paginate_queryset(self, queryset: Any) -> Any:
        """A page, without links to what the caller may not open any more."""
        return led(super().paginate_queryset(queryset) or [], self.request.user)

    def get_object(self) -> Message:
        """One of them, the same."""
        return led([super().get_object()], self.request.user)[0]

    @operation(_("Say that the caller has seen a message."), gives=MessageOut, more=_("Safe to call twice."))
    @action(detail=True, methods=["post"])
    def read(self, request: Request, pk: str) -> Response:
        """The caller has seen the message. Calling twice is safe."""
        services.mark_read(message_id=self.get_object().pk, by=self.by)
        return self.answer(self.get_object())

    @operation(_("Say that the caller has seen all messages."), gives={204: None})
    @action(detail=False, methods=["post"], url_path="read", url_name="read-all")
    def read_all(self, request: Request) -> Response:
        """The caller has seen all messages."""
        services.mark_all_read(by=self.by)
        return Response(status=204)


class Deliveries(ReadViewSet):
    """GET /api/v1/deliveries/ for administrators and auditors, and POST …/ID/retry/."""

    queryset = Delivery.objects.none()
    serializer_class = DeliveryOut
    about = _("How far messages came, by person and channel.")
    lists = _("Deliveries.")
    shows = _("One delivery.")
    filterset_fields = {
        "state": ["exact", "in"],
        "way": ["exact"],
        "channel": ["exact"],
        "contact": ["exact"],
        "message": ["exact"],
        "message__kind": ["exact"],
        "message__to": ["exact"],
        "message__about_type": ["exact"],
        "message__about_id": ["exact"],
        "message__about_label": ["istartswith"],
        "created_at": ["gte", "lt"],
    }
    ordering_fields = ["created_at", "due_at"]

    def get_queryset(self) -> QuerySet[Delivery]:
        """None for anybody else."""
        return deliveries_visible_to(self.request.user)

    @operation(
        _("Send again what was given up, or what a program took and lost."),
        gives={202: DeliveryOut},
        more=_("A program is sent the same id, by which it knows a repeat."),
    )
    @action(detail=True, methods=["post"])
    def retry(self, request: Request, pk: str) -> Response:
        """By hand, from the first try on."""
        delivery: Any = self.get_object()
        if not may_retry(self.by):
            raise NotAllowed
        services.retry(delivery_id=delivery.pk, by=self.by)
        return self.answer(self.get_object(), status=202)


class ReminderOut(Output):
    """One person to be reminded of one thing. `next_at` is null when nothing more will be said."""

    example = {
        "kind": "catalog.document_ends",
        "subject_type": "catalog.document",
        "subject_id": "731de6e4-6cff-5688-b2e7-2bb0b1650ac5",
        "subject_label": "Certificate of the shop",
    }

    class Meta:
        model = Reminder
        fields = [
            "id", "kind", "subject_type", "subject_id", "subject_label", "to", "due_at", "next_at", "last_told_at",
            "cancelled_at", "created_at",
        ]  # fmt: skip


class Reminders(ReadViewSet):
    """GET /api/v1/reminders/: the caller's own; all of them for administrators and auditors."""

    queryset = Reminder.objects.none()
    serializer_class = ReminderOut
    about = _("What people are reminded of, and when.")
    lists = _("Reminders.")
    shows = _("One reminder.")
    filterset_fields = {"kind": ["exact"], "subject_id": ["exact"], "to": ["exact"]}
    ordering_fields = ["created_at", "due_at"]

    def get_queryset(self) -> QuerySet[Reminder]:
        """Others' reminders are for those who keep the product."""
        return reminders_visible_to(self.request.user)
