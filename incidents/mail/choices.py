"""Words of mailboxes, and of what becomes of a mail."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from common.outgoing import Why


class Security(models.TextChoices):
    """How the connection to the server is kept from others."""

    TLS = "tls", _("TLS from the start (usually port 993)")
    STARTTLS = "starttls", _("STARTTLS (usually port 143)")
    NONE = "none", _("None: the password can be read on the way")


class Trouble(models.TextChoices):
    """Why a mailbox could not be read. The last of them are said by the network."""

    REFUSED_ADDRESS = "refused_address", _("Holdfast does not connect to this server's address.")
    SIGN_IN = "sign_in", _("The server refused the user name or the password.")
    NO_FOLDER = "no_folder", _("There is no such folder, or it may not be changed.")
    NO_STARTTLS = "no_starttls", _("The server does not offer STARTTLS.")
    NOT_IMAP = "not_imap", _("It does not speak IMAP as it should.")
    SECRET = "secret", _("The password that is kept cannot be read any more: enter it again.")
    NO_ROOM = "no_room", _("The disk has no room for its mails.")
    LATE = Why.LATE.value, Why.LATE.label
    UNKNOWN_NAME = Why.UNKNOWN_NAME.value, Why.UNKNOWN_NAME.label
    NOT_REACHED = Why.NOT_REACHED.value, Why.NOT_REACHED.label
    WRONG_NAME = Why.WRONG_NAME.value, Why.WRONG_NAME.label
    NOT_VALID_NOW = Why.NOT_VALID_NOW.value, Why.NOT_VALID_NOW.label
    SELF_SIGNED = Why.SELF_SIGNED.value, Why.SELF_SIGNED.label
    UNTRUSTED = Why.UNTRUSTED.value, Why.UNTRUSTED.label
    NO_TLS = Why.NO_TLS.value, Why.NO_TLS.label


class MailState(models.TextChoices):
    """What became of a mail that was taken."""

    NEW = "new", _("To be read")
    REPORTED = "reported", _("Became an incident")
    JOINED = "joined", _("Joined its incident")
    ANSWERED = "answered", _("Told that the incident is over")
    BOUNCED = "bounced", _("Says that a mail did not arrive")
    IGNORED = "ignored", _("Not taken up")
    FAILED = "failed", _("Could not be read")


#: From each state, where a mail may go next. The only place this is written.
NEXT = {
    MailState.NEW: {*MailState} - {MailState.NEW},
    MailState.IGNORED: {MailState.NEW},
    MailState.FAILED: {MailState.NEW},
    MailState.REPORTED: set(),
    MailState.JOINED: set(),
    MailState.ANSWERED: set(),
    MailState.BOUNCED: set(),
}


class MailReason(models.TextChoices):
    """Why a mail was not taken up, or could not be read."""

    OWN = "own", _("It is a mail of our own.")
    AUTOMATIC = "automatic", _("A program wrote it.")
    LIST = "list", _("It came through a mailing list.")
    NO_SENDER = "no_sender", _("It says nobody to answer to.")
    STRANGER = "stranger", _("Its sender has no account, and only people with one open incidents by mail here.")
    NO_ROLE = "no_role", _("Its sender may not report incidents.")
    TOO_MANY = "too_many", _("Its sender wrote more mails within an hour than a person does.")
    OVER = "over", _("Its incident is over, and its sender had no part in it.")
    DELAYED = "delayed", _("It says that a mail arrives later.")
    NOT_OURS = "not_ours", _("It says that a mail did not arrive which is not ours.")
    UNREADABLE = "unreadable", _("It is built so that it cannot be read.")
    GAVE_UP = "gave_up", _("Whoever read it was stopped each time.")
    REFUSED = "refused", _("What it asks for was refused.")
    BROKE = "broke", _("Something unexpected stopped the reading.")
