"""What has to be reported to an authority, by when, and the proof that it was."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.models import Row, Versioned, longest
from common.text import safe_line, safe_text
from incidents.errors import CannotReport
from incidents.models.attachments import Attachment
from incidents.models.incidents import Incident
from incidents.telling.choices import NEXT_REPORT, SETTLED, UNSENT, ReportState, SentBy
from notify.models import Message

REPORT_LENGTH = 20_000


class Authority(Row, Versioned):
    """Somebody to whom incidents of one kind must be reported: by which rule, how soon, where to, in which words."""

    name = models.CharField(_("name"), max_length=120, unique=True, validators=[safe_line])
    legal_basis = models.TextField(_("legal basis"), max_length=2000, blank=True, validators=[safe_text])
    deadline = models.DurationField(
        _("deadline"), help_text=_("From the moment at which the incident was noticed: 1:00:00 is one hour.")
    )
    recipients = models.TextField(
        _("where to send it"), max_length=2000, blank=True, validators=[safe_text],
        help_text=_("Addresses, numbers, the portal: whatever is needed at night."),
    )  # fmt: skip
    email = models.EmailField(
        _("e-mail address"),
        blank=True,
        help_text=_("Approved reports can be sent there by mail. Empty: they are sent otherwise, and that is noted."),
    )
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, default="en")
    template = models.TextField(_("template"), max_length=REPORT_LENGTH, validators=[safe_text])
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("authority")
        verbose_name_plural = _("authorities")
        ordering = ["name"]
        constraints = [
            longest("authority_legal_basis_has_an_end", "legal_basis", 2000),
            longest("authority_recipients_have_an_end", "recipients", 2000),
            longest("authority_template_has_an_end", "template", 20_000),
            models.CheckConstraint(
                name="authority_deadline_is_an_hour_to_a_year",
                condition=Q(deadline__gte=timedelta(hours=1), deadline__lte=timedelta(days=366)),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class AuthorityReport(Row, Versioned):
    """One report to an authority about one incident, from "it must be made" to the proof that it was sent.

    `mail`: by which it is sent, or was.
    `due_at` stays what it was when the report became due: a deadline does not move with what is learned later.
    """

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="authority_reports", verbose_name=_("incident"))
    authority = models.ForeignKey(Authority, models.PROTECT, related_name="reports", verbose_name=_("authority"))
    state = models.CharField(_("state"), max_length=10, choices=ReportState, default=ReportState.DUE)
    counted_from = models.DateTimeField(_("counted from"))
    due_at = models.DateTimeField(_("due"))
    text = models.TextField(_("text"), max_length=REPORT_LENGTH, blank=True, validators=[safe_text])
    required_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("written by")
    )
    drafted_at = models.DateTimeField(_("written"), null=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("approved by")
    )
    approved_at = models.DateTimeField(_("approved"), null=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("sent by")
    )
    mail = models.ForeignKey(
        Message, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name=_("mail")
    )
    sent_at = models.DateTimeField(_("sent"), null=True)
    sent_how = models.CharField(_("way"), max_length=10, choices=SentBy, blank=True)
    sent_reference = models.CharField(_("their reference"), max_length=100, blank=True, validators=[safe_line])
    proofs = models.ManyToManyField(Attachment, blank=True, related_name="+", verbose_name=_("proof"))
    late_reason = models.TextField(_("late because"), max_length=4000, blank=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    not_needed_reason = models.TextField(_("not needed because"), max_length=4000, blank=True)
    said_count = models.PositiveSmallIntegerField(default=0, editable=False)
    next_reminder_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("report to an authority")
        verbose_name_plural = _("reports to authorities")
        ordering = ["due_at"]
        indexes = [
            models.Index(fields=["created_at", "id"], name="authority_report_by_age"),
            models.Index(fields=["due_at"], name="authority_report_unsent", condition=Q(state__in=UNSENT)),
            models.Index(
                fields=["next_reminder_at"],
                name="authority_report_to_remind",
                condition=Q(next_reminder_at__isnull=False),
            ),
        ]
        constraints = [
            longest("authority_report_text_has_an_end", "text", 20_000),
            longest("authority_report_late_reason_has_an_end", "late_reason", 4000),
            longest("authority_report_waived_reason_has_an_end", "not_needed_reason", 4000),
            models.UniqueConstraint(name="authority_report_is_one_an_incident", fields=["incident", "authority"]),
            models.CheckConstraint(name="authority_report_state_is_known", condition=Q(state__in=ReportState.values)),
            models.CheckConstraint(
                name="authority_report_is_approved_by_another",
                condition=~Q(state__in=SETTLED)
                | Q(approved_by__isnull=True)
                | Q(drafted_by__isnull=True)
                | ~Q(approved_by=F("drafted_by")),
            ),
            models.CheckConstraint(
                name="authority_report_sent_says_how_and_when",
                condition=~Q(state=ReportState.SENT)
                | (Q(sent_at__isnull=False, approved_at__isnull=False) & Q(sent_how__in=SentBy.values)),
            ),
            models.CheckConstraint(
                name="authority_report_sent_late_says_why",
                condition=~Q(state=ReportState.SENT) | Q(sent_at__lte=F("due_at")) | ~Q(late_reason=""),
            ),
            models.CheckConstraint(
                name="authority_report_not_needed_says_why",
                condition=~Q(state=ReportState.NOT_NEEDED) | ~Q(not_needed_reason=""),
            ),
            models.CheckConstraint(
                name="authority_report_written_has_a_text",
                condition=~Q(state__in=[ReportState.DRAFTED, *SETTLED]) | ~Q(text=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.incident} · {self.authority}"

    def get_absolute_url(self) -> str:
        return f"{self.incident.get_absolute_url()}reports/{self.pk}/"

    @property
    def is_late(self) -> bool:
        """Whether it was sent after its time."""
        return self.sent_at is not None and self.sent_at > self.due_at

    @property
    def is_overdue(self) -> bool:
        """Whether its time is over and it was not sent."""
        return self.state in UNSENT and timezone.now() > self.due_at

    def check_can_become(self, wanted: str) -> None:
        """Raises CannotReport when that does not follow from where it stands."""
        if wanted not in NEXT_REPORT[ReportState(self.state)]:
            raise CannotReport(now=ReportState(self.state).label, wanted=ReportState(wanted).label)
