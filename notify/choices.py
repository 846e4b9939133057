"""Words of telling people."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from common.outgoing import Why


class Way(models.TextChoices):
    """How a message reaches somebody."""

    IN_APP = "in_app", _("In Holdfast")
    EMAIL = "email", _("E-mail")
    CONTACT = "contact", _("Other way of contact")
    TEAM = "team", _("Team channel")
    HOOK = "hook", _("Web hook")


class ChannelKind(models.TextChoices):
    """What takes what is told to no single person."""

    HOOK = "hook", _("Web hook")
    TEAM = "team", _("Team channel")


#: The way on which a channel is reached.
WAY_OF = {ChannelKind.HOOK: Way.HOOK, ChannelKind.TEAM: Way.TEAM}


class Lane(models.TextChoices):
    """Mails go by one server; everything else waits for many. Trouble on one lane holds up nothing on the other."""

    MAIL = "mail", _("E-mail")
    WEB = "web", _("Web hooks and apps")


class Urgency(models.TextChoices):
    """Whether a message may wait. Urgent ones are sent on commit, on the queue that is kept free."""

    NORMAL = "normal", _("Normal")
    URGENT = "urgent", _("Urgent")


class Audience(models.TextChoices):
    """Who hears a rung of a reminder's ladder: the owner, or the owner and the owner's manager."""

    OWNER = "owner", _("Owner")
    MANAGER = "manager", _("Owner and manager")


class DeliveryState(models.TextChoices):
    """How far one message to one person by one channel came."""

    QUEUED = "queued", _("Queued")
    SENDING = "sending", _("Sending")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed, will be tried again")
    DEAD = "dead", _("Given up")
    CANCELLED = "cancelled", _("Cancelled")


class Outcome(models.TextChoices):
    """What came of one try to hand a delivery over. The last of them are said by the network."""

    TAKEN = "taken", _("It was taken.")
    REFUSED = "refused", _("It was refused.")
    NOT_SENT_THERE = "not_sent_there", _("Holdfast does not send to this address.")
    STOPPED = "stopped", _("The worker that was sending it stopped.")
    LATE = Why.LATE.value, Why.LATE.label
    UNKNOWN_NAME = Why.UNKNOWN_NAME.value, Why.UNKNOWN_NAME.label
    NOT_REACHED = Why.NOT_REACHED.value, Why.NOT_REACHED.label
    WRONG_NAME = Why.WRONG_NAME.value, Why.WRONG_NAME.label
    NOT_VALID_NOW = Why.NOT_VALID_NOW.value, Why.NOT_VALID_NOW.label
    SELF_SIGNED = Why.SELF_SIGNED.value, Why.SELF_SIGNED.label
    UNTRUSTED = Why.UNTRUSTED.value, Why.UNTRUSTED.label
    NO_TLS = Why.NO_TLS.value, Why.NO_TLS.label


#: From each state, where a delivery may go next. The only place this is written.
NEXT = {
    DeliveryState.QUEUED: {DeliveryState.SENDING, DeliveryState.CANCELLED},
    DeliveryState.SENDING: {
        DeliveryState.SENT,
        DeliveryState.FAILED,
        DeliveryState.DEAD,
        DeliveryState.SENDING,
        DeliveryState.CANCELLED,
    },
    DeliveryState.FAILED: {DeliveryState.SENDING, DeliveryState.CANCELLED},
    DeliveryState.SENT: {DeliveryState.QUEUED, DeliveryState.DEAD},
    DeliveryState.DEAD: {DeliveryState.QUEUED},
    DeliveryState.CANCELLED: set(),
}
#: States in which a delivery still has to be sent.
WAITING = (DeliveryState.QUEUED, DeliveryState.FAILED)
