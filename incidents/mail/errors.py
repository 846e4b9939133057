"""What mailboxes can refuse."""

from django.utils.translation import gettext_lazy as _

from common.errors import DomainError


class CannotReadAgain(DomainError):
    """A mail that was taken up is not taken up twice."""

    code = "mail_cannot_be_read_again"
    template = _("This mail is “%(now)s” already. Only what was not taken up can be read again.")


class MailForgotten(DomainError):
    """What stood in it is not kept any more."""

    code = "mail_forgotten"
    template = _("What stood in this mail is not kept any more.")


class MailboxUnusable(DomainError):
    """A mailbox that was tried does not answer as it should."""

    code = "mailbox_unusable"
    template = _("This mailbox cannot be used: %(why)s")


class WrongMailbox(DomainError):
    """A mailbox that cannot be kept so. `fields` says what is wrong."""

    code = "mailbox_wrong"
    status = 400
    template = _("Look at what you entered. Nothing was changed.")
