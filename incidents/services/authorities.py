"""Reports to authorities: due by a law's clock, written from a template, approved by another, sent, proven."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _

from common import own_names
from common.rounds import each_apart
from common.versions import check_version, raise_version
from incidents.choices import EventKind
from incidents.errors import NeedsAnother, Unfit
from incidents.models import Authority, AuthorityReport
from incidents.models.authorities import REPORT_LENGTH
from incidents.selectors.telling import writers_of
from incidents.services.audience import tell_workers, urgency_of
from incidents.services.moves import check_reason
from incidents.services.rows import LABEL_LENGTH, Who, lock, write_down
from incidents.telling.choices import UNSENT, ReportState, SentBy
from ledger.services import record
from notify.about import About
from notify.choices import Urgency
from notify.services import cancel, tell
from notify.texts import fill, placeholders_in
from people.models import User
from people.selectors import organisation, same_hands, zone_of

#: Before it is due, as shares of the time there is; below zero: hours before.
SHARES = (0.5, 0.75)
HOURS_BEFORE = (4, 1)
#: After it is due, it is said again as often as this.
EVERY = timedelta(hours=24)
#: What is due sooner than this may not wait for the morning.
PRESSING = timedelta(hours=4)
#: In one round.
MOST = 100
#: What a template may name.
NAMES = (
    "authority", "category", "detected", "due", "legal_basis", "number", "occurred", "organisation", "owner", "people",
    "reported", "resolved", "services", "severity", "state", "systems", "title", "what",
)  # fmt: skip


@transaction.atomic
def keep_authority(
    *, by: Who, authority_id: uuid.UUID | None = None, version: int | None = None, **values: Any
) -> Authority:
    """An authority, new or changed. What is due already keeps its time. Raises Unfit or Stale."""
    if authority_id is None:
        row = Authority()
    else:
        row = Authority.objects.select_for_update().get(pk=authority_id)
        check_version(row, version)
        raise_version(row)
    for name, value in values.items():
        setattr(row, name, value)
    if unknown := [name for name in placeholders_in(row.template) if name not in NAMES]:
        known = ", ".join(f"{{{name}}}" for name in NAMES)
        sentence = _("There is no {%(name)s}. You may name: %(known)s.") % {"name": unknown[0], "known": known}
        raise Unfit(fields={"template": [sentence]})
    row.save()
    record(
        verb="authority.changed" if authority_id else "authority.added", subject=row, actor=by, data={"name": row.name}
    )
    return row


@transaction.atomic
def require_report(*, incident_id: uuid.UUID, authority_id: uuid.UUID, by: User) -> AuthorityReport:
    """This incident must be reported there. The clock began when it was noticed. Asked again, it is the same report."""
    incident, now = lock(incident_id), timezone.now()
    authority = Authority.objects.filter(is_active=True).get(pk=authority_id)
    found = AuthorityReport.objects.filter(incident=incident, authority=authority).first()
    if found is not None:
        return found
    counted_from = incident.detected_at or incident.reported_at
    report = AuthorityReport(
        incident=incident,
        authority=authority,
        counted_from=counted_from,
        due_at=counted_from + authority.deadline,
        required_by=by,
    )
    report.next_reminder_at = _next_moment(report, now)
    report.save(force_insert=True)
    _note(report, by, now, "authority_report.required", "required")
    tell_workers(
        incident, "incident.authority_due", but=by, report=report, due_at=report.due_at, is_late=report.due_at <= now
    )
    return report


@transaction.atomic
def draft_report(
    *, report_id: uuid.UUID, by: User, text: str | None = None, version: int | None = None
) -> AuthorityReport:
    """Write it, or write it anew: what was approved before is not any more.  text: None fills in the template."""
    report, now = locked_report(report_id, version), timezone.now()
    report.check_can_become(ReportState.DRAFTED)
    words = drafted_text(report) if text is None else text.strip()
    if not words or len(words) > REPORT_LENGTH:
        raise Unfit(fields={"text": [_("Give a text of at most %(count)s characters.") % {"count": REPORT_LENGTH}]})
    report.text, report.drafted_by, report.drafted_at = words, by, now
    report.approved_by = report.approved_at = None
    move_report(report, ReportState.DRAFTED, by, now, "drafted")
    tell_workers(report.incident, "incident.authority_waits", but=by, report=report, by=by, due_at=report.due_at)
    return report


@transaction.atomic
def approve_report(*, report_id: uuid.UUID, by: User, version: int | None = None) -> AuthorityReport:
    """It may be sent so. Never by who wrote it. Raises CannotReport, NeedsAnother or Stale."""
    report, now = locked_report(report_id, version), timezone.now()
    report.check_can_become(ReportState.APPROVED)
    if report.drafted_by_id in same_hands(by):
        raise NeedsAnother
    report.approved_by, report.approved_at = by, now
    move_report(report, ReportState.APPROVED, by, now, "approved")
    context = {"incident": report.incident, "report": report, "by": by}
    tell(kind="incident.authority_approved", about=report.incident, to=[report.drafted_by], context=context, but=[by])
    return report


@transaction.atomic
def note_sent(
    *,
    report_id: uuid.UUID,
    by: User,
    how: str,
    sent_at: datetime | None = None,
    reference: str = "",
    late_reason: str = "",
    version: int | None = None,
) -> AuthorityReport:
    """Write down that it was sent, by whom, when and how; where that was too late, also why. Nothing is sent here,
    and a mail that still waits is not sent any more.

    Raises CannotReport, Stale, or Unfit: an unknown way, a time to come or before it was approved, late and not why.
    """
    report, now = locked_report(report_id, version), timezone.now()
    report.check_can_become(ReportState.SENT)
    sent_at = sent_at or now
    wrong: dict[str, list[str]] = {}
    if how not in SentBy.values:
        wrong["how"] = [_("Choose how it was sent.")]
    if sent_at > now:
        wrong["sent_at"] = [_("This time is still to come.")]
    elif report.approved_at and sent_at < report.approved_at.replace(second=0, microsecond=0):
        wrong["sent_at"] = [_("It was not approved yet at that time.")]
    if sent_at > report.due_at and not late_reason.strip():
        wrong["late_reason"] = [_("It is late. Say why.")]
    if wrong:
        raise Unfit(fields=wrong)
    stop_mail(report, now)
    report.sent_by, report.sent_at, report.sent_how = by, sent_at, how
    report.sent_reference, report.late_reason = reference.strip(), late_reason.strip()
    move_report(report, ReportState.SENT, by, now, "sent_late" if report.is_late else "sent")
    return report


@transaction.atomic
def add_proof(*, report_id: uuid.UUID, attachment_id: uuid.UUID, by: User) -> AuthorityReport:
    """This file of the incident shows that it was sent. Twice is once. Raises Unfit for another incident's file."""
    report = locked_report(report_id, None)
    proof = report.incident.attachments.filter(pk=attachment_id).first()
    if proof is None:
        raise Unfit(fields={"proof": [_("Choose a file of this incident.")]})
    if not report.proofs.filter(pk=proof.pk).exists():
        report.proofs.add(proof)
        raise_version(report).save(update_fields=["version"])
        _note(report, by, timezone.now(), "authority_report.proven", "proven")
    return report


@transaction.atomic
def waive_report(*, report_id: uuid.UUID, by: User, reason: str, version: int | None = None) -> AuthorityReport:
    """It need not be made, says this person, for this reason."""
    check_reason(reason)
    report, now = locked_report(report_id, version), timezone.now()
    report.check_can_become(ReportState.NOT_NEEDED)
    report.settled_by, report.not_needed_reason = by, reason.strip()
    move_report(report, ReportState.NOT_NEEDED, by, now, "not_needed", text=reason.strip())
    return report


@transaction.atomic
def need_report_again(*, report_id: uuid.UUID, by: User, version: int | None = None) -> AuthorityReport:
    """It has to be made after all, by the time that it always had."""
    report, now = locked_report(report_id, version), timezone.now()
    report.check_can_become(ReportState.DUE)
    report.settled_by, report.not_needed_reason = None, ""
    move_report(report, ReportState.DUE, by, now, "required")
    return report


def drafted_text(report: AuthorityReport) -> str:
    """The template with what is known of the incident, in the authority's language. What is not known says so."""
    incident, authority = report.incident, report.authority
    with translation.override(authority.language), timezone.override(zone_of(None)):
        unknown = _("not known yet")

        def at(moment: datetime | None) -> str:
            return formats.date_format(timezone.localtime(moment), "DATETIME_FORMAT") if moment else unknown

        values = {
            "authority": authority.name,
            "category": str(incident.get_category_display()) or unknown,
            "detected": at(incident.detected_at or incident.reported_at),
            "due": at(report.due_at),
            "legal_basis": authority.legal_basis,
            "number": incident.reference,
            "occurred": at(incident.occurred_at),
            "organisation": organisation().name,
            "owner": str(incident.owner or unknown),
            "people": str(incident.followers.count() + 1),
            "reported": at(incident.reported_at),
            "resolved": at(incident.resolved_at),
            "services": ", ".join(own_names.shown(each.name) for each in incident.services.all()) or unknown,
            "severity": str(incident.severity),
            "state": str(incident.get_state_display()),
            "systems": ", ".join(each.name for each in incident.systems.all()) or unknown,
            "title": incident.shown_title,
            "what": incident.description or unknown,
        }
        return fill(authority.template, values).strip()[:REPORT_LENGTH]


def remind_of_reports(*, now: datetime) -> int:
    """Say of every report that is not sent how much time is left. Safe to call at any time. Returns how many."""
    due = AuthorityReport.objects.filter(next_reminder_at__lte=now, state__in=UNSENT).order_by("next_reminder_at")
    keys = due.values_list("pk", flat=True)[:MOST]
    return each_apart(keys, lambda pk: _remind(pk, now), what="reminder of a report to an authority")


def _remind(pk: uuid.UUID, now: datetime) -> int:
    rows = AuthorityReport.objects.filter(pk=pk, next_reminder_at__lte=now, state__in=UNSENT)
    report = (
        rows.select_for_update(of=["self"], skip_locked=True).select_related("incident__owner", "authority").first()
    )
    if report is None:
        return 0
    incident, is_late = report.incident, report.due_at <= now
    report.said_count += 1
    report.next_reminder_at = _next_moment(report, now)
    report.save(update_fields=["said_count", "next_reminder_at"])
    is_pressing = report.due_at - now <= PRESSING
    context = {"report": report, "due_at": report.due_at, "is_late": is_late}
    urgency = Urgency.URGENT if is_pressing else urgency_of(incident)
    people = [*writers_of(incident), report.required_by]
    tell(
        kind="incident.authority_due",
        about=incident,
        to=people,
        context={"incident": incident, **context},
        urgency=urgency,
        asks=True,
        url=report.get_absolute_url(),
        dedupe_key=f"authority-report:{report.pk}:{report.said_count}",
    )
    return 1


def stop_mail(report: AuthorityReport, now: datetime) -> None:
    """It goes on another way: what is queued is not sent, and what becomes of the mail changes nothing."""
    if report.mail is not None:
        cancel(about=about_report(report), now=now)
        report.mail = None


def about_report(report: AuthorityReport) -> About:
    """What its mail is about. Authorities have no account, so there is no page to open."""
    return About(AuthorityReport._meta.label_lower, str(report.pk), str(report)[:LABEL_LENGTH], "")


def _next_moment(report: AuthorityReport, now: datetime) -> datetime:
    """When it is spoken of next: at half of its time, at three quarters, four hours and one before, then, and daily."""
    whole = report.due_at - report.counted_from
    moments = [report.counted_from + whole * share for share in SHARES]
    moments += [report.due_at - timedelta(hours=hours) for hours in HOURS_BEFORE]
    moments += [report.due_at]
    late = max(0, (now - report.due_at) // EVERY + 1)
    moments += [report.due_at + EVERY * late] if late else []
    return min(moment for moment in moments if moment > now)


def locked_report(report_id: uuid.UUID, version: int | None = None) -> AuthorityReport:
    """The report with its incident, which is locked first, as everything does. Raises Stale."""
    incident = lock(AuthorityReport.objects.values_list("incident_id", flat=True).get(pk=report_id))
    rows = AuthorityReport.objects.select_for_update(of=["self"]).select_related("authority", "mail")
    report = rows.get(pk=report_id)
    report.incident = incident
    check_version(report, version)
    return report


def move_report(
    report: AuthorityReport, wanted: ReportState, by: Who, now: datetime, step: str, *, text: str = ""
) -> None:
    """Its next state, in timeline and ledger. Reminders go on until it is sent, or not needed."""
    report.state = wanted
    report.next_reminder_at = _next_moment(report, now) if wanted in UNSENT else None
    raise_version(report).save()
    _note(report, by, now, f"authority_report.{wanted}", step, text=text)


def _note(report: AuthorityReport, by: Who, now: datetime, verb: str, step: str, *, text: str = "") -> None:
    values = {"what": report.authority.name[:LABEL_LENGTH], "step": step, "report": report.pk.hex}
    url = report.get_absolute_url()
    write_down(report.incident, EventKind.AUTHORITY, verb=verb, by=by, now=now, text=text, values=values, url=url)
