"""What this app refuses."""

from django.utils.translation import gettext_lazy as _

from common.errors import DomainError


class NotGivenUp(DomainError):
    """Only what was given up, or taken by a web hook, can be sent again by hand; the rest is tried by itself."""

    code = "delivery_not_given_up"
    template = _("This delivery is “%(now)s”. Only one that was given up can be tried again by hand.")


class TextForgotten(DomainError):
    """Of a code nothing is kept once it was sent or given up."""

    code = "delivery_text_forgotten"
    template = _("What this said is kept nowhere any more. Whoever needs it asks for a new one.")


class TriedJustNow(DomainError):
    """A channel is tried out once a minute: it is somebody else's server."""

    code = "channel_tried_just_now"
    status = 429
    template = _("“%(name)s” was tried out less than a minute ago. See what came of it first.")


class ChannelOff(DomainError):
    """Nothing is sent to a channel that is off."""

    code = "channel_off"
    template = _("“%(name)s” is off. Switch it on first.")


class NoSecret(DomainError):
    """Only web hooks are signed."""

    code = "channel_has_no_secret"
    template = _("“%(name)s” is no web hook: its messages are not signed.")


class WrongChannel(DomainError):
    """Details of a channel, a subscription or a text that do not hold; `fields` says which."""

    code = "wrong_details"
    status = 400
    template = _("Correct what is marked.")
