"""Messages and deliveries, as programs see them."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from common.api import Output, ReadViewSet
from common.errors import NotAllowed
from notify import services
from notify.models import Delivery, Message
from notify.selectors import address_of, deliveries_visible_to, may_retry, messages_of


class MessageOut(Output):
    """One text to the caller. `url` is a page of the product."""

    class Meta:
        model = Message
        fields = [
            "id", "kind", "about_type", "about_id", "about_label", "url", "language", "subject", "body", "urgency",
            "created_at", "read_at",
        ]  # fmt: skip


class DeliveryOut(Output):
    """How far one message to one person by one channel came. Its text is the person's own."""

    kind = serializers.CharField(source="message.kind")
    about_type = serializers.CharField(source="message.about_type")
    about_id = serializers.CharField(source="message.about_id")
    to = serializers.UUIDField(source="message.to_id")
    to_name = serializers.CharField(source="message.to.name")
    address = serializers.SerializerMethodField()

    class Meta:
        model = Delivery
        fields = [
            "id", "message", "kind", "about_type", "about_id", "to", "to_name", "channel", "address", "state",
            "due_at", "tries", "sent_at", "last_error", "created_at",
        ]  # fmt: skip

    def get_address(self, delivery: Delivery) -> str:
        """Whole for administrators, masked for auditors."""
        return address_of(delivery, to=self.context["request"].user)


class Messages(ReadViewSet):
    """GET /api/v1/messages/ and POST …/ID/read/, …/read/: the caller's own."""

    queryset = Message.objects.none()
    serializer_class = MessageOut
    filterset_fields = {"read_at": ["isnull"], "kind": ["exact"], "urgency": ["exact"], "about_id": ["exact"]}
    search_fields = ["subject"]

    def get_queryset(self) -> QuerySet[Message]:
        """Nobody reads another's."""
        return messages_of(self.request.user)

    @extend_schema(request=None, responses=MessageOut)
    @action(detail=True, methods=["post"])
    def read(self, request: Request, pk: str) -> Response:
        """The caller has seen the message. Calling twice is safe."""
        return self.answer(services.mark_read(message_id=self.get_object().pk, by=self.by))

    @extend_schema(request=None, responses={204: None}, operation_id="messages_read_all")
    @action(detail=False, methods=["post"], url_path="read", url_name="read-all")
    def read_all(self, request: Request) -> Response:
        """The caller has seen all messages."""
        services.mark_all_read(by=self.by)
        return Response(status=204)


class Deliveries(ReadViewSet):
    """GET /api/v1/deliveries/ for administrators and auditors, and POST …/ID/retry/."""

    queryset = Delivery.objects.none()
    serializer_class = DeliveryOut
    filterset_fields = {
        "state": ["exact", "in"],
        "channel": ["exact"],
        "message": ["exact"],
        "message__kind": ["exact"],
        "created_at": ["gte", "lt"],
    }
    ordering_fields = ["created_at", "due_at"]

    def get_queryset(self) -> QuerySet[Delivery]:
        """None for anybody else."""
        return deliveries_visible_to(self.request.user)

    @extend_schema(request=None, responses={202: DeliveryOut})
    @action(detail=True, methods=["post"])
    def retry(self, request: Request, pk: str) -> Response:
        """Try again what was given up."""
        delivery: Any = self.get_object()
        if not may_retry(self.by):
            raise NotAllowed
        services.retry(delivery_id=delivery.pk, by=self.by)
        return self.answer(self.get_object(), status=202)
