"""Channels and what they hear, as programs see them: administrators keep them, auditors read."""

from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.models import Service
from common.api import Input, Output, ReadViewSet, expected_version, operation, shown_once
from notify import services
from notify.api.messages import DeliveryOut
from notify.choices import ChannelKind
from notify.models import Channel, Subscription
from notify.selectors import channels_visible_to, deliveries_visible_to, may_keep_channels
from notify.services.subscribing import SEVERITIES


class KeepersChange(BasePermission):
    """Administrators change; what anybody reads is a matter of the query."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Reading is open here."""
        return request.method in SAFE_METHODS or may_keep_channels(request.user)


class ChannelIn(Input):
    """Where to send to. The secret signs web hooks; without one, one is made."""

    example = {
        "name": "Duty pager",
        "kind": "hook",
        "address": "https://pager.example.org/holdfast",
        "secret": "known to the pager too",
    }

    name = serializers.CharField(max_length=120)
    kind = serializers.ChoiceField(choices=ChannelKind.choices)
    address = serializers.CharField(max_length=1000)
    language = serializers.ChoiceField(choices=settings.LANGUAGES, required=False)
    secret = serializers.CharField(max_length=200, required=False)


class ChannelChange(Input):
    """What changes; the rest stays."""

    example = {"name": "Duty pager", "address": "https://pager.example.org/holdfast", "is_on": True}

    name = serializers.CharField(max_length=120, required=False)
    address = serializers.CharField(max_length=1000, required=False)
    language = serializers.ChoiceField(choices=settings.LANGUAGES, required=False)
    is_on = serializers.BooleanField(required=False)


class SecretIn(Input):
    """The new secret; without one, one is made."""

    example = {"secret": "at least sixteen signs"}

    secret = serializers.CharField(max_length=200, required=False)


class ChannelOut(Output):
    """A channel. Of its address only the server is shown, of its secret nothing."""

    example = {
        "name": "Duty pager",
        "kind": "hook",
        "address_shown": "https://pager.example.org:443/…",
        "language": "en",
        "off_reason": "",
    }

    class Meta:
        model = Channel
        fields = [
            "id", "name", "kind", "address_shown", "language", "is_on", "off_reason", "previous_until", "failures",
            "losses", "rests_until", "created_at", "version",
        ]  # fmt: skip


class ChannelWithSecret(ChannelOut):
    """The same with its secret, at the only moment at which it is shown."""

    example = {**ChannelOut.example, "secret": "shown once"}

    secret = serializers.CharField(allow_null=True)

    class Meta:
        model = Channel
        fields = [*ChannelOut.Meta.fields, "secret"]


class SubscriptionIn(Input):
    """What the channel hears; what is left out or empty narrows nothing."""

    example = {
        "channel": "731de6e4-6cff-5688-b2e7-2bb0b1650ac5",
        "kinds": ["incident.opened"],
        "severities": ["1", "2"],
    }

    channel = serializers.PrimaryKeyRelatedField(queryset=Channel.objects.all())
    kinds = serializers.ListField(child=serializers.CharField(max_length=100), required=False, max_length=100)
    severities = serializers.ListField(child=serializers.ChoiceField(choices=SEVERITIES), required=False, max_length=4)
    services = serializers.PrimaryKeyRelatedField(queryset=Service.objects.all(), many=True, required=False)


class SubscriptionChange(Input):
    """What changes; the rest stays."""

    example = {"kinds": ["incident.opened"], "severities": ["1"]}

    kinds = serializers.ListField(child=serializers.CharField(max_length=100), required=False, max_length=100)
    severities = serializers.ListField(child=serializers.ChoiceField(choices=SEVERITIES), required=False, max_length=4)
    services = serializers.PrimaryKeyRelatedField(queryset=Service.objects.all(), many=True, required=False)


class SubscriptionOut(Output):
    """Which kinds, severities and services a channel hears of. What is empty narrows nothing."""

    example = {"kinds": ["incident.opened"], "severities": ["1", "2"], "services": []}

    class Meta:
        model = Subscription
        fields = ["id", "channel", "kinds", "severities", "services", "created_at", "version"]


class Channels(ReadViewSet):
    """/api/v1/channels/"""

    permission_classes = [*ReadViewSet.permission_classes, KeepersChange]
    queryset = Channel.objects.none()
    serializer_class = ChannelOut
    about = _("Web hooks of programs and channels of teams, which hear what concerns no single person.")
    lists = _("Channels.")
    shows = _("One channel.")
    filterset_fields = ["kind", "is_on"]
    search_fields = ["name"]
    ordering_fields = ["created_at", "name"]
    limited = ("try_out",)

    def get_queryset(self) -> QuerySet[Channel]:
        """None for anybody else."""
        return channels_visible_to(self.request.user)

    @operation(_("Set up a channel."), takes=ChannelIn, gives={201: ChannelWithSecret})
    def create(self, request: Request) -> Response:
        """Set it up. The secret is shown in this answer and never again."""
        made = services.add_channel(by=self.by, **self.checked(ChannelIn, request))
        return self._with_secret(made, 201)

    @operation(_("Change a channel, or switch it on or off."), takes=ChannelChange, gives=ChannelOut)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Change it. Needs If-Match."""
        found, version = self.get_object(), expected_version(request)
        details = self.checked(ChannelChange, request)
        return self.answer(services.change_channel(channel_id=found.pk, by=self.by, version=version, **details))

    @operation(
        _("Give a web hook a new secret."),
        takes=SecretIn,
        gives=ChannelWithSecret,
        more=_("The one before signs too for a week."),
    )
    @action(detail=True, methods=["post"], url_path="exchange-secret")
    def exchange_secret(self, request: Request, pk: str) -> Response:
        """Both sign for a week."""
        details = self.checked(SecretIn, request)
        return self._with_secret(services.exchange_secret(channel_id=self.get_object().pk, by=self.by, **details), 200)

    @operation(
        _("Send a test message to the channel."), gives={202: DeliveryOut}, more=_("At most once a minute a channel.")
    )
    @action(detail=True, methods=["post"], url_path="try", url_name="try")
    def try_out(self, request: Request, pk: str) -> Response:
        """What comes of it shows in the delivery."""
        delivery = services.try_channel(channel_id=self.get_object().pk, by=self.by)
        shown = deliveries_visible_to(self.by).get(pk=delivery.pk)
        return Response(DeliveryOut(shown, context=self.get_serializer_context()).data, status=202)

    def _with_secret(self, made: services.NewChannel, status: int) -> Response:
        made.row.secret = made.secret  # only in the answer: the row itself is stored already
        shown = ChannelWithSecret(made.row, context=self.get_serializer_context()).data
        return shown_once(Response(shown, status=status), "secret")


class Subscriptions(ReadViewSet):
    """/api/v1/subscriptions/"""

    permission_classes = [*ReadViewSet.permission_classes, KeepersChange]
    queryset = Subscription.objects.none()
    serializer_class = SubscriptionOut
    about = _("What channels hear of.")
    lists = _("Subscriptions.")
    shows = _("One subscription.")
    filterset_fields = ["channel"]

    def get_queryset(self) -> QuerySet[Subscription]:
        """None for anybody else."""
        seen = Subscription.objects.filter(channel__in=channels_visible_to(self.request.user))
        return seen.prefetch_related("services")

    @operation(_("Let a channel hear of something."), takes=SubscriptionIn, gives={201: SubscriptionOut})
    def create(self, request: Request) -> Response:
        """From now on."""
        return self.answer(services.subscribe(by=self.by, **self.checked(SubscriptionIn, request)), status=201)

    @operation(_("Change what a channel hears of."), takes=SubscriptionChange, gives=SubscriptionOut)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Change it. Needs If-Match."""
        found, version = self.get_object(), expected_version(request)
        details = self.checked(SubscriptionChange, request)
        changed = services.change_subscription(subscription_id=found.pk, by=self.by, version=version, **details)
        return self.answer(changed)

    @operation(_("End a subscription."), gives={204: None})
    def destroy(self, request: Request, pk: str) -> Response:
        """The channel hears nothing more of this."""
        services.unsubscribe(subscription_id=self.get_object().pk, by=self.by)
        return Response(status=204)
