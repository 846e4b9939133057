"""An outbox: what must be told is a row written with the change that causes it."""

from django.conf import settings
from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from common.models import Row
from common.sealed import SealedField
from notify.choices import DeliveryState, Lane, Urgency, Way
from notify.models.channels import Channel
from people.models import ContactMethod


class Message(Row):
    """One text to one person, in that person's language, about one thing.

    Where `to` is null it goes to a channel, or to the address of somebody who has no account.

    `data` is what programs read: plain values without secrets; of a mail to somebody without an account, the page
    that ends such mails. What is not shown is no news for its person's list, such as a code that proves an address:
    its text lies sealed until it is sent, and is then forgotten. After `until` it is of no use to anybody, and is not
    sent.
    """

    kind = models.CharField(max_length=100)
    to = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="messages", verbose_name=_("to")
    )
    about_type = models.CharField(max_length=100)
    about_id = models.CharField(max_length=64)
    about_label = models.CharField(max_length=200)
    url = models.CharField(max_length=300, blank=True)
    language = models.CharField(max_length=10)
    subject = models.CharField(_("subject"), max_length=250)
    body = models.TextField(_("text"))
    urgency = models.CharField(_("urgency"), max_length=10, choices=Urgency, default=Urgency.NORMAL)
    data = models.JSONField(default=dict)
    is_shown = models.BooleanField(default=True)
    sealed_text = SealedField(blank=True, editable=False)
    until = models.DateTimeField(null=True, editable=False)
    dedupe_key = models.CharField(max_length=200, unique=True)
    read_at = models.DateTimeField(_("read"), null=True)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["to", "-created_at"], name="message_of_person"),
            models.Index(fields=["about_type", "about_id"], name="message_about"),
            models.Index(OpClass(Lower("about_label"), name="text_pattern_ops"), name="message_by_about_label"),
            models.Index(fields=["created_at"], name="message_by_age"),
            models.Index(fields=["until"], name="message_that_runs_out", condition=Q(until__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(
                name="message_that_is_not_shown_is_sealed", condition=Q(is_shown=True) | Q(subject="", body="")
            ),
        ]

    def __str__(self) -> str:
        return self.subject


class Delivery(Row):
    """One message on one way to one person or channel. Held by a lease while it is sent.

    `address` is what may be shown of where it goes. `answer` is the status and the first bytes of what came back.
    """

    message = models.ForeignKey(Message, models.CASCADE, related_name="deliveries")
    way = models.CharField(_("way"), max_length=10, choices=Way)
    lane = models.CharField(max_length=4, choices=Lane, default=Lane.MAIL)
    channel = models.ForeignKey(
        Channel, models.CASCADE, null=True, related_name="deliveries", verbose_name=_("channel")
    )
    contact = models.ForeignKey(
        ContactMethod, models.CASCADE, null=True, related_name="+", verbose_name=_("contact method")
    )
    address = models.CharField(_("address"), max_length=254, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=DeliveryState, default=DeliveryState.QUEUED)
    due_at = models.DateTimeField(_("due"))
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    lease_until = models.DateTimeField(null=True)
    lease_token = models.UUIDField(null=True)
    sent_at = models.DateTimeField(_("sent"), null=True)
    last_error = models.TextField(_("last error"), blank=True)
    answer = models.CharField(_("last answer"), max_length=250, blank=True)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["created_at", "id"], name="delivery_by_age"),
            models.Index(fields=["due_at", "id"], name="delivery_by_due"),
            models.Index(
                fields=["due_at"], name="delivery_due", condition=Q(state__in=["queued", "failed", "sending"])
            ),
        ]
        constraints = [
            models.CheckConstraint(name="delivery_state_is_known", condition=Q(state__in=DeliveryState.values)),
            models.UniqueConstraint(
                name="delivery_is_one_a_message_and_way",
                fields=["message", "way", "channel", "contact"],
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="delivery_to_a_channel_names_it",
                condition=Q(way__in=[Way.HOOK, Way.TEAM], channel__isnull=False)
                | (~Q(way__in=[Way.HOOK, Way.TEAM]) & Q(channel__isnull=True)),
            ),
            models.CheckConstraint(
                name="delivery_to_a_contact_names_it", condition=~Q(way=Way.CONTACT) | Q(contact__isnull=False)
            ),
            models.CheckConstraint(
                name="delivery_sent_has_a_time", condition=~Q(state=DeliveryState.SENT) | Q(sent_at__isnull=False)
            ),
            models.CheckConstraint(
                name="delivery_sending_has_a_lease",
                condition=~Q(state=DeliveryState.SENDING) | Q(lease_until__isnull=False, lease_token__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.message} · {self.get_way_display()}"

    @property
    def can_be_sent_again(self) -> bool:
        """By hand: what was given up; to a program also what it took, and may have lost, and what was called off.

        Of a code nothing is kept.
        """
        if not self.message.is_shown:
            return False
        again = {DeliveryState.SENT, DeliveryState.CANCELLED} if self.way == Way.HOOK else set()
        return self.state in {DeliveryState.DEAD, *again}

    @property
    def recipient(self) -> str:
        """The name of the channel or of the person it goes to; of who has no account, the address."""
        return str(self.channel or self.message.to or self.address)
