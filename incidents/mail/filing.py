"""What becomes of a mail: a new incident, an answer to one, or nothing, and why."""

import re
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from common.errors import DomainError, Stale
from common.models import StoredFile
from incidents.choices import EventKind, Source
from incidents.mail.choices import MailReason, MailState
from incidents.mail.headers import addresses_in
from incidents.mail.letters import Letter
from incidents.mail.loops import Bounce, bounce_in, why_ignored
from incidents.mail.quoting import answer_in, without_signature
from incidents.mail.senders import Sender, sender_of
from incidents.mail.threads import Thread, thread_of
from incidents.models import InboxMessage, Incident, Mailbox
from incidents.selectors import actionable_by, is_heard, may_report
from incidents.services import report
from incidents.services.attaching import AT_ONCE, place, take_in
from incidents.services.audience import tell_workers
from incidents.services.hearing import Heard, hold_both
from incidents.services.holding import go_on_with_answer
from incidents.services.reporting import first_words
from incidents.services.rows import write_down
from incidents.telling.choices import OVER
from notify.services import note_bounced, tell, tell_address
from people.choices import Role
from people.selectors import organisation, with_role

BY_MAIL = "system:mail"
TEXT_LENGTH = 10_000
#: A person does not write more to us.
MOST_AN_HOUR = 20
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@dataclass
class Outcome:
    """What became of it. said: what else there is to say."""

    state: MailState
    reason: str = ""
    incident: Incident | None = None
    said: str = ""


@dataclass(frozen=True)
class Matter:
    """A mail as it is filed."""

    row: InboxMessage
    letter: Letter
    sender: Sender
    now: datetime


def file(row: InboxMessage, letter: Letter, raw: bytes, *, now: datetime) -> Outcome:
    """Take it up, in the transaction of the caller. Raises DomainError for what the house refuses."""
    if (bounce := bounce_in(letter, raw)) is not None:
        return _bounced(bounce)
    mailbox = row.mailbox
    reason = why_ignored(letter, own_addresses=own_addresses(), own_list=mailbox.own_list)
    if reason is not None:
        return Outcome(MailState.IGNORED, reason)
    if _are_too_many(row, letter, now):
        return Outcome(MailState.IGNORED, MailReason.TOO_MANY)
    matter, thread = Matter(row, letter, sender_of(letter, mailbox), now), thread_of(letter)
    if thread.incident is not None:
        return _answered(matter, thread.incident)
    return _opened(matter, thread)


def own_addresses() -> set[str]:
    """What we send from, and what we read: a mail from there is our own coming back."""
    own = addresses_in([settings.DEFAULT_FROM_EMAIL])
    return {address for _name, address in own} | {
        each.lower() for each in Mailbox.objects.values_list("address", flat=True)
    }


def _bounced(bounce: Bounce) -> Outcome:
    if not bounce.is_final:
        return Outcome(MailState.IGNORED, MailReason.DELAYED, said=bounce.said)
    if not bounce.delivery_ids:
        return Outcome(MailState.IGNORED, MailReason.NOT_OURS, said=bounce.said)
    for delivery_id in bounce.delivery_ids[:1]:
        note_bounced(delivery_id=delivery_id, said=bounce.said)
    return Outcome(MailState.BOUNCED, said=bounce.said)


def _are_too_many(row: InboxMessage, letter: Letter, now: datetime) -> bool:
    """Whether somebody, or some program, writes without end. Administrators hear once an hour."""
    lately = InboxMessage.objects.filter(sender=letter.sender, created_at__gt=now - timedelta(hours=1))
    if lately.exclude(pk=row.pk).count() < MOST_AN_HOUR:
        return False
    tell(
        kind="mail.too_many",
        about=row.mailbox,
        to=with_role(Role.ADMINISTRATOR),
        context={"address": letter.sender, "count": MOST_AN_HOUR},
        url="/admin/incidents/inboxmessage/",
        dedupe_key=f"mail.too_many:{letter.sender}:{now:%Y-%m-%dT%H}",
    )
    return True


def _opened(matter: Matter, thread: Thread) -> Outcome:
    person, mailbox, letter = matter.sender.person, matter.row.mailbox, matter.letter
    if person is None and not organisation().anyone_may_report:
        return Outcome(MailState.IGNORED, MailReason.STRANGER)
    if person is not None and not may_report(person):
        return Outcome(MailState.IGNORED, MailReason.NO_ROLE)
    text = shortened(without_signature(letter.text))
    files, left_out = _taken_in(matter)
    incident = report(
        by=BY_MAIL,
        reporter=person,
        reporter_name=matter.sender.name or matter.sender.address,
        reporter_email=matter.sender.address,
        language=_language_of(letter),
        title=first_words(letter.subject) or ("" if text else _("Mail without words")),
        description=text,
        services=[mailbox.service] if mailbox.service else [],
        team=mailbox.team,
        source=Source.EMAIL,
        files=files,
        key=matter.row.key,
        now=matter.now,
    )
    if thread.guessed:
        _note(incident, matter, values={"guessed": thread.guessed})
    _say_what_is_left_out(incident, matter, left_out, is_public=True)
    return Outcome(MailState.REPORTED, incident=incident, said=_first(left_out))


def _answered(matter: Matter, incident: Incident) -> Outcome:
    """Where it is worked on; its reporter reads it on the report too, where that was merged into another one."""
    heard = _held(incident.pk)
    report, at_work = heard.report, heard.at_work
    is_reporter, has_part = _part_of(matter.sender, report)
    if heard.is_merged and not is_reporter:
        report = at_work
        is_reporter, has_part_there = _part_of(matter.sender, at_work)
        has_part = has_part or has_part_there
    if at_work.state in OVER:
        if not has_part:
            return Outcome(MailState.IGNORED, MailReason.OVER, at_work)
        if not is_heard(at_work, matter.now):
            _say_it_is_over(matter, report, is_reporter=is_reporter)
            return Outcome(MailState.ANSWERED, incident=at_work)
    files, left_out = _taken_in(matter)
    _write_answer(matter, report, files, is_public=is_reporter)
    if report.pk != at_work.pk:
        _write_answer(matter, at_work, files, is_public=False)
    person = matter.sender.person
    if is_reporter:
        go_on_with_answer(at_work, by=person or BY_MAIL, now=matter.now)
    _say_what_is_left_out(report, matter, left_out, is_public=is_reporter)
    tell_workers(at_work, "incident.mail", but=person, name=str(matter.sender), is_known=person is not None)
    return Outcome(MailState.JOINED, incident=at_work, said=_first(left_out))


def _held(report_id: uuid.UUID) -> Heard:
    try:
        return hold_both(report_id)
    except Stale:  # somebody merged it, or took it out, a moment ago; now that it is held nobody does
        return hold_both(report_id)


def _write_answer(matter: Matter, incident: Incident, files: list[StoredFile], *, is_public: bool) -> None:
    """is_public: it is the reporter's, and of this report."""
    text, verb = shortened(answer_in(matter.letter.text)), "incident.answered_by_mail"
    _note(incident, matter, text=text, values={}, is_public=is_public, verb=verb)
    by = matter.sender.person or BY_MAIL
    for file in files:
        place(incident, file, by=by, is_from_reporter=is_public, is_public=is_public, now=matter.now)


def _part_of(sender: Sender, incident: Incident) -> tuple[bool, bool]:
    """(whether the sender reported it, whether it concerns the sender at all)."""
    if sender.person is None:
        is_reporter = not sender.is_doubted and sender.address == incident.reporter_email.lower() != ""
        is_told = (
            not sender.is_doubted
            and incident.authority_reports.filter(authority__email__iexact=sender.address).exists()
        )
        return is_reporter, is_reporter or is_told
    if incident.reporter_id == sender.person.pk:
        return True, True
    follows = incident.followers.filter(pk=sender.person.pk).exists()
    return False, follows or actionable_by(sender.person).filter(pk=incident.pk).exists()


def _taken_in(matter: Matter) -> tuple[list[StoredFile], list[str]]:
    """The files that the house takes; and what is left out, each with its reason in words."""
    files, left_out = [], []
    for each in matter.letter.files[:AT_ONCE]:
        try:
            with transaction.atomic():
                files.append(take_in(BytesIO(each.content), each.name))
        except DomainError as refusal:
            left_out.append(str(refusal.message))
    over = max(0, len(matter.letter.files) - AT_ONCE) + matter.letter.left_out
    if over:
        said = _("%(count)s more files: only the first %(limit)s of a mail are taken over.")
        left_out.append(said % {"count": over, "limit": AT_ONCE})
    if matter.row.is_cut:
        left_out.append(_("The mail was too big: only its beginning was kept."))
    return files, left_out


def _say_what_is_left_out(incident: Incident, matter: Matter, left_out: list[str], *, is_public: bool) -> None:
    """On the timeline, and to whoever wrote, where that is the reporter."""
    if not left_out:
        return
    text = "\n".join(left_out)[:TEXT_LENGTH]
    _note(incident, matter, text=text, values={"left_out": len(left_out)}, is_public=is_public)
    if is_public:
        _write_back(matter, incident, "report.left_out", {"left_out": left_out})


def _note(
    incident: Incident,
    matter: Matter,
    *,
    values: dict[str, Any],
    text: str = "",
    is_public: bool = False,
    verb: str = "incident.noted_by_mail",
) -> None:
    write_down(
        incident,
        EventKind.MAIL,
        verb=verb,
        by=matter.sender.person or BY_MAIL,
        now=matter.now,
        text=text,
        values={"mail": str(matter.row.pk), **values},
        shown={"name": str(matter.sender)[:200]},
        is_public=is_public,
    )


def _say_it_is_over(matter: Matter, incident: Incident, *, is_reporter: bool) -> None:
    """The words and the link of the report are its reporter's alone: who joined it, or works on it, opens its page."""
    address = {"address": matter.row.mailbox.address}
    if is_reporter:
        _write_back(matter, incident, "report.is_over", address)
    else:
        title, url = incident.public_title or incident.reference, incident.get_absolute_url()
        _write_back(matter, incident, "report.is_over", {**address, "title": title}, url=url)


def _write_back(matter: Matter, incident: Incident, kind: str, more: dict[str, Any], *, url: str = "") -> None:
    """To whoever wrote, once for each mail.  url: empty for the page of the report, which only its reporter has."""
    sender, key, url = matter.sender, f"{kind}:{matter.row.pk}", url or incident.tracking_url
    context = {"incident": incident, "title": incident.told_title, **more}
    if sender.person is not None:
        tell(kind=kind, about=incident, to=[sender.person], context=context, url=url, dedupe_key=key)
    else:
        language = incident.reporter_language or _language_of(matter.letter)
        tell_address(
            kind=kind,
            about=incident,
            address=sender.address,
            language=language,
            context=context,
            url=url,
            dedupe_key=key,
        )


def _language_of(letter: Letter) -> str:
    """Chinese where there is some; else the organisation's."""
    return "zh-hans" if CHINESE.search(f"{letter.subject} {letter.text[:2000]}") else ""


def _first(left_out: list[str]) -> str:
    return left_out[0] if left_out else ""


def shortened(text: str) -> str:
    """As much as is kept of a text; that there is more is said in it."""
    if len(text) <= TEXT_LENGTH:
        return text
    said = _("[Shortened: the mail goes on, and is kept whole as it came.]")
    return f"{text[: TEXT_LENGTH - len(said) - 2].rstrip()}\n\n{said}"
