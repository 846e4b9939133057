"""Channels and what they hear: set up here, through services."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ledger.admin import LedgerAdmin, SecretField, SeenForm, SignedInRequest, by_service
from notify import services
from notify.events import channel_events
from notify.models import Channel, Subscription
from notify.services.subscribing import SEVERITIES


class ChannelForm(SeenForm):
    """A channel; its address and secret are only ever written."""

    address = SecretField(label=_("address"))
    secret = SecretField(label=_("secret of a web hook"))

    class Meta:
        model = Channel
        fields = ["name", "kind", "language", "is_on"]


@admin.register(Channel)
class ChannelAdmin(LedgerAdmin):
    form = ChannelForm
    list_display = ["name", "kind", "address_shown", "is_on", "off_reason", "failures", "rests_until"]
    list_filter = ["kind", "is_on"]
    search_fields = ["name"]
    fields = ["name", "kind", "address", "secret", "language", "is_on", "address_shown", "off_reason"]
    readonly_fields = ["address_shown", "off_reason"]
    secret_fields = ("address", "secret")
    actions = [by_service(services.try_channel, _("Send a test message"), key="channel_id")]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """What kind it is stays."""
        return [*self.readonly_fields, "kind"] if obj else [*self.readonly_fields, "is_on"]

    def view_on_site(self, obj: Channel) -> str:
        """How it does, on the page of channels."""
        return f"{reverse('channels')}#channel-{obj.pk}"

    def add_by(self, request: SignedInRequest, values: dict[str, Any]) -> Channel:
        """Set it up. A secret that was made is shown this once."""
        values.pop("is_on", None)
        made = services.add_channel(by=request.user, **values)
        if made.secret and not values.get("secret"):
            self._show(request, made.secret)
        return made.row

    def change_by(self, request: SignedInRequest, row: Channel, values: dict[str, Any], version: int | None) -> bool:
        """Change it; a secret that was typed takes the place of the one before."""
        secret = values.pop("secret", "")
        services.change_channel(channel_id=row.pk, by=request.user, version=version, **values)
        if secret:
            services.exchange_secret(channel_id=row.pk, by=request.user, secret=secret)
        return True

    def _show(self, request: HttpRequest, secret: str) -> None:
        said = _("The secret of this web hook, shown only now: %(secret)s") % {"secret": secret}
        self.message_user(request, said, messages.WARNING)


def _kinds() -> list[tuple[str, Any]]:
    return [(event.kind, event.label) for event in channel_events()]


class SubscriptionForm(SeenForm):
    """Choices instead of lists to type."""

    kinds = forms.MultipleChoiceField(label=_("events"), choices=_kinds, required=False)
    severities = forms.MultipleChoiceField(
        label=_("severities"), choices=[(each, each) for each in SEVERITIES], required=False
    )


@admin.register(Subscription)
class SubscriptionAdmin(LedgerAdmin):
    form = SubscriptionForm
    list_display = ["channel", "kinds", "severities"]
    list_filter = ["channel"]
    list_select_related = ["channel"]
    search_fields = ["channel__name"]
    fields = ["channel", "kinds", "severities", "services"]
    autocomplete_fields = ["channel", "services"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Whose it is stays."""
        return ["channel"] if obj else []

    def add_by(self, request: SignedInRequest, values: dict[str, Any]) -> Subscription:
        """Let the channel hear."""
        return services.subscribe(by=request.user, **values)

    def change_by(
        self, request: SignedInRequest, row: Subscription, values: dict[str, Any], version: int | None
    ) -> bool:
        """Let it hear something else."""
        services.change_subscription(subscription_id=row.pk, by=request.user, version=version, **values)
        return True

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """No history hangs on it: the ledger keeps what it was."""
        return bool(self.has_change_permission(request, obj))

    def delete_model(self, request: SignedInRequest, obj: Subscription) -> None:
        """The channel hears nothing more of this."""
        services.unsubscribe(subscription_id=obj.pk, by=request.user)

    def delete_queryset(self, request: SignedInRequest, queryset: Any) -> None:
        """Each through the service."""
        for row in queryset:
            self.delete_model(request, row)
