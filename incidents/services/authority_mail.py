"""Reports to authorities by mail: delivered as everything is, and kept with what the mail server said as proof."""

import uuid
from datetime import datetime
from io import BytesIO

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from common.errors import DomainError
from common.rounds import each_apart
from incidents.errors import CannotMail, Unfit
from incidents.models import Attachment, AuthorityReport
from incidents.services.attaching import place, take_in
from incidents.services.audience import tell_workers
from incidents.services.authorities import about_report, locked_report, move_report
from incidents.telling.choices import ReportState, SentBy
from notify.choices import DeliveryState, Urgency, Way
from notify.models import Delivery
from notify.services import as_sent, tell_address
from people.models import User

BY = "system:authority-mail"
#: In one round.
MOST = 100
GIVEN_UP = (DeliveryState.DEAD, DeliveryState.CANCELLED)


@transaction.atomic
def mail_report(
    *, report_id: uuid.UUID, by: User, late_reason: str = "", version: int | None = None
) -> AuthorityReport:
    """Send it to the authority's address as it was approved. It counts as sent once the mail server took it.

    Raises CannotReport, Stale, CannotMail, or Unfit where it is late and nobody says why.
    """
    report, now = locked_report(report_id, version), timezone.now()
    report.check_can_become(ReportState.SENDING)
    if now > report.due_at and not late_reason.strip():
        raise Unfit(fields={"late_reason": [_("It is late. Say why.")]})
    report.mail = tell_address(
        kind="authority.report",
        about=about_report(report),
        address=report.authority.email,
        language=report.authority.language,
        context={"report": report, "incident": report.incident},
        urgency=Urgency.URGENT,
        dedupe_key=f"authority-report:{report.pk}:mail:{report.version}",
    )
    if report.mail is None:
        raise CannotMail
    report.sent_by, report.late_reason = by, late_reason.strip()
    move_report(report, ReportState.SENDING, by, now, "sending")
    return report


def settle_mailed(*, now: datetime) -> int:
    """Take note of what became of reports that were mailed. Safe to call at any time. Returns how many moved on."""
    taken = Q(state__in=[ReportState.SENDING, ReportState.RETURNED], mail__deliveries__state=DeliveryState.SENT)
    lost = Q(state=ReportState.SENDING, mail__deliveries__state__in=GIVEN_UP)
    found = AuthorityReport.objects.filter(taken | lost).order_by("due_at").values_list("pk", flat=True)
    return each_apart(found[:MOST], lambda pk: settle_mail(report_id=pk, now=now), what="mailed report to an authority")


@transaction.atomic
def settle_mail(*, report_id: uuid.UUID, now: datetime) -> int:
    """The same of one report, also of one that counted as sent until its mail came back. 1 when it moved on."""
    report = locked_report(report_id)
    delivery = Delivery.objects.filter(message=report.mail_id, way=Way.EMAIL).select_related("message").first()
    if delivery is None:
        return 0
    waits = report.state in (ReportState.SENDING, ReportState.RETURNED)
    if delivery.state == DeliveryState.SENT and waits:
        _sent(report, delivery, now)
        return 1
    if delivery.state in GIVEN_UP and report.state in (ReportState.SENDING, ReportState.SENT):
        _returned(report, delivery, now)
        return 1
    return 0


def _sent(report: AuthorityReport, delivery: Delivery, now: datetime) -> None:
    report.sent_at, report.sent_how = delivery.sent_at or now, SentBy.EMAIL
    if report.is_late and not report.late_reason:
        report.late_reason = _("It was given to the mail server in time, which took it later.")
    move_report(report, ReportState.SENT, BY, now, "sent_late" if report.is_late else "sent", text=delivery.answer)
    proof = _proof(report, delivery, now)
    if proof is not None:
        report.proofs.add(proof)


def _proof(report: AuthorityReport, delivery: Delivery, now: datetime) -> Attachment | None:
    """The mail as it was handed over becomes a file of the incident. None: there is no room for it."""
    name = f"{report.incident.reference} {report.authority}.eml"
    try:
        with transaction.atomic():
            file = take_in(BytesIO(as_sent(delivery)), name)
            return place(report.incident, file, by=BY, is_from_reporter=False, is_public=False, now=now)
    except DomainError:  # the disk, or the incident, is full: that it was sent counts all the same
        return None


def _returned(report: AuthorityReport, delivery: Delivery, now: datetime) -> None:
    report.sent_at, report.sent_how = None, ""
    move_report(report, ReportState.RETURNED, BY, now, "returned", text=delivery.last_error)
    urgency = Urgency.URGENT
    tell_workers(report.incident, "incident.authority_returned", urgency=urgency, report=report, due_at=report.due_at)


def may_mail(report: AuthorityReport) -> bool:
    """Whether there is a way by mail."""
    return bool(report.authority.email) and settings.EMAIL_CONFIGURED
