"""What becomes of a mail: a new incident, an answer to one, or nothing, and why."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from common.errors import DomainError
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
from incidents.services.holding import go_on_with_answer
from incidents.services.reporting import first_words
from incidents.services.rows import lock, write_down
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
        return _answered(matter, _whole(thread.incident))
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


def _whole(incident: Incident) -> Incident:
    """Where an incident that was merged goes on."""
    for _step in range(10):
        if incident.merged_into is None:
            break
        incident = incident.merged_into
    return incident


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
        source=Source.EMAIL,
        files=files,
        key=matter.row.key,
        now=matter.now,
    )
    if mailbox.team_id:
        incident.team = mailbox.team
        incident.save(update_fields=["team"])
    if thread.guessed:
        _note(incident, matter, values={"guessed": thread.guessed})
    _say_what_is_left_out(incident, matter, left_out, is_public=True)
    return Outcome(MailState.REPORTED, incident=incident, said=_first(left_out))


def _answered(matter: Matter, incident: Incident) -> Outcome:
    incident = lock(incident.pk)
    is_reporter, has_part = _part_of(matter.sender, incident)
    if incident.state in OVER:
        if not has_part:
            return Outcome(MailState.IGNORED, MailReason.OVER, incident)
        if not is_heard(incident, matter.now):
            _say_it_is_over(matter, incident)
            return Outcome(MailState.ANSWERED, incident=incident)
    _note(
        incident,
        matter,
        text=shortened(answer_in(matter.letter.text)),
        values={},
        is_public=is_reporter,
        verb="incident.answered_by_mail",
    )
    person = matter.sender.person
    files, left_out = _taken_in(matter)
    for file in files:
        place(incident, file, by=person or BY_MAIL, is_from_reporter=is_reporter, is_public=is_reporter, now=matter.now)
    if is_reporter:
        go_on_with_answer(incident, by=person or BY_MAIL, now=matter.now)
    _say_what_is_left_out(incident, matter, left_out, is_public=is_reporter)
    tell_workers(incident, "incident.mail", but=person, name=str(matter.sender), is_known=person is not None)
    return Outcome(MailState.JOINED, incident=incident, said=_first(left_out))


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


def _say_it_is_over(matter: Matter, incident: Incident) -> None:
    _write_back(matter, incident, "report.is_over", {"address": matter.row.mailbox.address})


def _write_back(matter: Matter, incident: Incident, kind: str, more: dict[str, Any]) -> None:
    """To whoever wrote, once for each mail."""
    sender, key, url = matter.sender, f"{kind}:{matter.row.pk}", incident.tracking_url
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
