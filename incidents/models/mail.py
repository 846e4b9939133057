"""Mailboxes that are read, and every mail that was taken from them."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from catalog.models import Service
from common.leases import Leased
from common.models import Row, StoredFile, Versioned
from common.sealed import SealedField
from common.text import safe_line
from incidents.mail.choices import MailReason, MailState, Security, Trouble
from incidents.models.incidents import Incident
from people.models import Team

MESSAGE_ID_LENGTH = 300


class Mailbox(Row, Versioned, Leased):
    """One folder of a mail server that people write to. Held by a lease while it is read.

    `last_uid` counts within `uid_validity`: what the server numbers anew is looked through again from the start, and
    what was taken before is known by its content.
    """

    name = models.CharField(_("name"), max_length=120, unique=True, validators=[safe_line])
    address = models.EmailField(_("address that people write to"))
    has_plus = models.BooleanField(
        _("takes addresses with a plus"),
        default=False,
        help_text=_(
            "Mails to desk+anything@… arrive here too. Answers then find their incident in every mail program."
        ),
    )
    host = models.CharField(_("server"), max_length=253, validators=[safe_line])
    port = models.PositiveIntegerField(_("port"), default=993)
    security = models.CharField(_("security"), max_length=10, choices=Security, default=Security.TLS)
    user = models.CharField(_("user name"), max_length=254, validators=[safe_line])
    password = SealedField()
    folder = models.CharField(_("folder"), max_length=200, default="INBOX", validators=[safe_line])
    taken_folder = models.CharField(
        _("folder for what was taken"),
        max_length=200,
        blank=True,
        validators=[safe_line],
        help_text=_("Empty: mails stay where they are and are marked as read."),
    )
    is_active = models.BooleanField(_("active"), default=True)
    team = models.ForeignKey(Team, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("team"))
    service = models.ForeignKey(
        Service, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("service")
    )
    authserv_id = models.CharField(
        _("mail server whose checks are believed"),
        max_length=253,
        blank=True,
        validators=[safe_line],
        help_text=_(
            "Its name as it stands first in Authentication-Results. Senders it finds false count as strangers."
        ),
    )
    own_list = models.CharField(
        _("mailing list in front"),
        max_length=253,
        blank=True,
        validators=[safe_line],
        help_text=_("The List-Id of the list that this address is. Mails of other lists are not taken up."),
    )
    takes_since = models.DateTimeField(
        _("takes mails since"), default=timezone.now, help_text=_("Older mails in the folder are left alone.")
    )
    uid_validity = models.BigIntegerField(null=True, editable=False)
    last_uid = models.BigIntegerField(default=0, editable=False)
    due_at = models.DateTimeField(_("read next"), default=timezone.now, editable=False)
    read_at = models.DateTimeField(_("last read"), null=True, editable=False)
    failures = models.PositiveIntegerField(_("failures in a row"), default=0, editable=False)
    trouble = models.CharField(_("trouble"), max_length=20, choices=Trouble, blank=True, editable=False)
    trouble_said = models.CharField(_("what was said"), max_length=300, blank=True, editable=False)

    class Meta:
        verbose_name = _("mailbox")
        verbose_name_plural = _("mailboxes")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(name="mailbox_security_is_known", condition=Q(security__in=Security.values)),
            models.CheckConstraint(name="mailbox_trouble_is_known", condition=Q(trouble__in=["", *Trouble.values])),
            models.CheckConstraint(name="mailbox_port_is_one", condition=Q(port__gte=1, port__lte=65535)),
            models.CheckConstraint(name="mailbox_has_a_password", condition=~Q(password="")),
            models.UniqueConstraint(name="mailbox_is_one_a_folder", fields=["host", "user", "folder"]),
        ]

    def __str__(self) -> str:
        return self.name


class InboxMessage(Row, Leased):
    """One mail as it came, and what became of it. Its bytes are kept before anybody reads them.

    `key` is a digest of its content: the same mail is taken once, whatever the server numbers it. Where `is_cut`, it
    was bigger than is kept, and the bytes are its beginning. `marked_at`: when the server was told that it is taken.
    `raw` is null, and who wrote it and about what is empty, once that is forgotten.
    """

    mailbox = models.ForeignKey(Mailbox, models.PROTECT, related_name="mails", verbose_name=_("mailbox"))
    uid_validity = models.BigIntegerField()
    uid = models.BigIntegerField()
    key = models.CharField(max_length=64, unique=True)
    message_id = models.CharField("Message-ID", max_length=MESSAGE_ID_LENGTH, blank=True, db_index=True)
    sender = models.CharField(_("sender"), max_length=254, blank=True)
    sender_name = models.CharField(_("name of the sender"), max_length=200, blank=True)
    subject = models.CharField(_("subject"), max_length=250, blank=True)
    raw = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+", verbose_name=_("as it came"))
    size_bytes = models.BigIntegerField(_("size in bytes"))
    is_cut = models.BooleanField(_("only its beginning is kept"), default=False)
    state = models.CharField(_("state"), max_length=10, choices=MailState, default=MailState.NEW)
    reason = models.CharField(_("reason"), max_length=20, choices=MailReason, blank=True)
    said = models.CharField(_("what was said"), max_length=500, blank=True)
    incident = models.ForeignKey(Incident, models.PROTECT, null=True, related_name="mails", verbose_name=_("incident"))
    marked_at = models.DateTimeField(_("marked on the server"), null=True)

    class Meta:
        verbose_name = _("incoming mail")
        verbose_name_plural = _("incoming mails")
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["-created_at"], name="mail_by_age"),
            models.Index(fields=["sender", "-created_at"], name="mail_of_sender"),
            models.Index(fields=["created_at"], name="mail_to_read", condition=Q(state="new")),
            models.Index(fields=["mailbox", "uid"], name="mail_to_mark", condition=Q(marked_at=None)),
        ]
        constraints = [
            models.CheckConstraint(name="mail_state_is_known", condition=Q(state__in=MailState.values)),
            models.CheckConstraint(name="mail_reason_is_known", condition=Q(reason__in=["", *MailReason.values])),
            models.CheckConstraint(
                name="mail_not_taken_up_says_why",
                condition=~Q(state__in=[MailState.IGNORED, MailState.FAILED]) | ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="mail_of_an_incident_names_it",
                condition=~Q(state__in=[MailState.REPORTED, MailState.JOINED]) | Q(incident__isnull=False),
            ),
            models.CheckConstraint(
                name="mail_to_be_read_is_kept", condition=~Q(state=MailState.NEW) | Q(raw__isnull=False)
            ),
            models.UniqueConstraint(name="mail_is_taken_once", fields=["mailbox", "uid_validity", "uid"]),
        ]

    def __str__(self) -> str:
        return self.subject or self.message_id or str(self.pk)
