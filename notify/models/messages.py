"""An outbox: what must be told is a row written with the change that causes it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.models import Row
from notify.choices import Channel, DeliveryState, Urgency


class Message(Row):
    """One text to one person, in that person's language, about one thing."""

    kind = models.CharField(max_length=100)
    to = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="messages", verbose_name=_("to"))
    about_type = models.CharField(max_length=100)
    about_id = models.CharField(max_length=64)
    about_label = models.CharField(max_length=200)
    url = models.CharField(max_length=300, blank=True)
    language = models.CharField(max_length=10)
    subject = models.CharField(_("subject"), max_length=250)
    body = models.TextField(_("text"))
    urgency = models.CharField(_("urgency"), max_length=10, choices=Urgency, default=Urgency.NORMAL)
    dedupe_key = models.CharField(max_length=200, unique=True)
    read_at = models.DateTimeField(_("read"), null=True)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["to", "-created_at"], name="message_of_person"),
            models.Index(fields=["about_type", "about_id"], name="message_about"),
        ]

    def __str__(self) -> str:
        return self.subject


class Delivery(Row):
    """One message on its way to one person by one channel. Held by a lease while it is sent."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="deliveries")
    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    address = models.CharField(_("address"), max_length=254, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=DeliveryState, default=DeliveryState.QUEUED)
    due_at = models.DateTimeField(_("due"))
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    lease_until = models.DateTimeField(null=True)
    lease_token = models.UUIDField(null=True)
    sent_at = models.DateTimeField(_("sent"), null=True)
    last_error = models.TextField(_("last error"), blank=True)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["due_at"], name="delivery_due", condition=Q(state__in=["queued", "failed", "sending"]))
        ]
        constraints = [
            models.CheckConstraint(name="delivery_state_is_known", condition=Q(state__in=DeliveryState.values)),
            models.UniqueConstraint(name="delivery_is_one_a_message_and_channel", fields=["message", "channel"]),
            models.CheckConstraint(
                name="delivery_sent_has_a_time", condition=~Q(state=DeliveryState.SENT) | Q(sent_at__isnull=False)
            ),
            models.CheckConstraint(
                name="delivery_sending_has_a_lease",
                condition=~Q(state=DeliveryState.SENDING) | Q(lease_until__isnull=False, lease_token__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.message} · {self.get_channel_display()}"
