"""What becomes of mails: reports, answers, nothing. A sender's address proves nobody."""

from datetime import timedelta

import pytest
from django.utils import timezone

from incidents import services
from incidents.choices import EventKind, State
from incidents.mail import filing, keeping, reading, threads
from incidents.mail.errors import CannotReadAgain
from incidents.models import Attachment, Incident, Mailbox
from incidents.selectors import public_events_of
from ledger.models import Entry
from notify.choices import DeliveryState, Way
from notify.models import Delivery, Message
from notify.services import send_due
from people.choices import Role
from people.models import Membership, Team
from people.services import name_organisation
from tests.incidents.factories import person, reported
from tests.incidents.mail.conftest import add, written

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + b"x" * 50


def answer_to(incident, text="It works again.", **headers):
    """As mail programs answer: with the id of what they answer."""
    return written(text, In_Reply_To=f"<{threads.token_of(incident)}@{domain()}>", **headers)


def domain():
    return threads.own_domain()


def test_a_mail_of_a_person_is_that_persons_report_with_its_files(kept, ana, mailbox):
    mail = written("The invoices are gone.\n\n-- \nAna", subject="Invoices")
    mail.add_attachment(PNG, maintype="image", subtype="png", filename="screen.png")
    row = kept(mail)
    incident = Incident.objects.get()
    assert (row.state, row.incident) == ("reported", incident)
    assert (incident.title, incident.description) == ("Invoices", "The invoices are gone.")
    assert (incident.reporter, incident.source, incident.state) == (ana, "email", State.TRIAGE)
    assert Attachment.objects.get(incident=incident).name == "screen.png"
    assert not Entry.objects.filter(data__icontains="ana@example.org").exists()


def test_who_wrote_learns_where_it_is_followed_and_may_answer(kept, ana, sink, mailbox):
    kept(written())
    send_due(urgency="normal")
    (mail,) = sink.mails
    incident = Incident.objects.get()
    assert mail["To"] == "ana@example.org"
    assert mail["Subject"].startswith(incident.reference)
    assert incident.tracking_url in mail.get_content()
    assert mail["Reply-To"] == "desk@example.org"
    assert mail["References"] == f"<{threads.token_of(incident)}@example.org>"
    assert mail["Auto-Submitted"] == "auto-generated"
    # An answer to the Message-ID alone, as programs send that drop the rest.
    row = kept(written("More.", In_Reply_To=mail["Message-ID"], message_id="<2@x>"))
    assert (row.state, row.incident) == ("joined", incident)


def test_with_a_plus_the_address_itself_finds_the_incident(kept, ana, sink, mailbox):
    Mailbox.objects.update(has_plus=True)
    kept(written())
    send_due(urgency="normal")
    reply_to = sink.mails[0]["Reply-To"]
    assert len(reply_to.partition("@")[0]) <= 64
    assert kept(written("More.", to=f"Desk <{reply_to.upper()}>")).state == "joined"


def test_an_answer_joins_its_incident_without_what_it_answers(kept, ana, rob):
    incident = reported(by=ana)
    row = kept(answer_to(incident, "Still broken.\n\nOn Monday, Desk <d@example.org> wrote:\n> old"))
    event = incident.events.get(kind=EventKind.MAIL)
    assert (row.state, row.incident) == ("joined", incident)
    assert (event.text, event.by, event.is_public) == ("Still broken.", ana, True)
    assert event.sentence == "Ana Ivanova wrote by mail"
    assert event in public_events_of(incident, with_reporter=True)
    assert event not in public_events_of(incident, with_reporter=False)
    assert Message.objects.filter(kind="incident.mail", to=rob).exists()


def test_a_mail_below_the_own_first_one_joins_it(kept, ana):
    first = kept(written(message_id="<first@x>"))
    second = kept(written("And the scanner.", References="<first@x>", message_id="<second@x>"))
    assert (second.state, second.incident) == ("joined", first.incident)


def test_the_number_in_a_subject_proves_nothing(kept, ana):
    incident = reported(by=ana)
    row = kept(written(subject=f"Re: [{incident.reference}] Printer"))
    assert row.state == "reported"
    assert row.incident != incident
    (event,) = row.incident.events.filter(kind=EventKind.MAIL)
    assert incident.reference in event.sentence
    assert not event.is_public


@pytest.mark.parametrize(
    "change", [lambda token: "a" * 42, lambda token: token[:-8] + "aaaaaaaa", lambda token: token[1:]]
)
def test_a_made_up_token_proves_nothing(kept, ana, change):
    token = change(threads.token_of(reported(by=ana)))
    assert kept(written(In_Reply_To=f"<{token}@{domain()}>")).state == "reported"


def test_with_a_new_tracking_address_old_tokens_are_void(kept, ana):
    incident = reported(by=ana)
    mail = answer_to(incident)
    Incident.objects.filter(pk=incident.pk).update(tracking_token="another")
    assert kept(mail).state == "reported"


def test_who_works_on_it_answers_inside_and_a_stranger_with_the_token_too(kept, ana, rob):
    incident = reported(by=ana)
    kept(answer_to(incident, "Looking.", from_="rob@example.org"))
    mail = answer_to(incident, "We sent a part.", from_="Vendor <help@vendor.example>")
    mail.add_attachment(PNG, maintype="image", subtype="png", filename="part.png")
    kept(mail)
    texts = {event.text: event for event in incident.events.filter(kind=EventKind.MAIL)}
    assert texts["Looking."].by == rob
    assert texts["We sent a part."].by is None
    assert texts["We sent a part."].sentence == "Vendor <help@vendor.example> wrote by mail"
    assert not any(event.is_public for event in texts.values())
    assert not Attachment.objects.get().is_public
    assert Incident.objects.get().state == State.TRIAGE  # no mail moves anything


def test_strangers_report_only_where_anyone_may(kept, ana, mailbox, sink):
    mail = written(from_="Zed <zed@elsewhere.example>")
    row = kept(mail)
    assert (row.state, row.reason, Incident.objects.count()) == ("ignored", "stranger", 0)
    assert not Message.objects.exists()
    name_organisation(name="Harbour", time_zone="UTC", anyone_may_report=True, by=ana)
    reading.read_again(mail_id=row.pk, by=ana)
    reading.read_mail(mail_id=row.pk)
    incident = Incident.objects.get()
    assert (incident.reporter, incident.reporter_name, incident.reporter_email) == (
        None,
        "Zed",
        "zed@elsewhere.example",
    )
    send_due(urgency="normal")
    assert sink.recipients == ["zed@elsewhere.example"]
    row = kept(answer_to(incident, "Still.", from_="zed@elsewhere.example"))
    assert row.state == "joined"
    assert incident.events.get(text="Still.").is_public


def test_only_what_was_not_taken_up_is_read_again(kept, ana):
    row = kept(written())
    with pytest.raises(CannotReadAgain):
        reading.read_again(mail_id=row.pk, by=ana)
    assert reading.read_mail(mail_id=row.pk) is None
    assert Incident.objects.count() == 1


def test_who_only_reads_opens_nothing(kept, db):
    person(Role.AUDITOR, email="aud@example.org")
    row = kept(written(from_="aud@example.org"))
    assert (row.state, row.reason) == ("ignored", "no_role")


def test_who_left_and_programs_are_strangers(kept, ana):
    ana.is_active = False
    ana.save()
    person(Role.RESPONDER, email="robot@example.org", is_machine=True)
    assert [kept(written(from_=each)).reason for each in ("ana@example.org", "robot@example.org")] == ["stranger"] * 2


@pytest.mark.parametrize(
    ("verdict", "state"),
    [
        ("mx.example.org; dmarc=fail header.from=example.org; spf=pass", "ignored"),
        ("mx.example.org 1; spf=fail (bad) smtp.mailfrom=x; dkim=none", "ignored"),
        ("mx.example.org; dmarc=pass; spf=fail", "reported"),
        ("mx.example.org; spf=fail; dkim=pass", "reported"),
        ("elsewhere.example; dmarc=fail", "reported"),
        ("mx.example.org; none", "reported"),
    ],
)
def test_a_sender_that_our_server_found_false_is_a_stranger(kept, ana, verdict, state):
    Mailbox.objects.update(authserv_id="mx.example.org")
    assert kept(written(Authentication_Results=verdict)).state == state


def test_only_the_topmost_verdict_counts(kept, ana):
    Mailbox.objects.update(authserv_id="mx.example.org")
    mail = written(Authentication_Results="mx.example.org; dmarc=fail")
    mail["Authentication-Results"] = "mx.example.org; dmarc=pass"
    assert kept(mail).state == "ignored"


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ({"Auto_Submitted": "auto-replied (vacation)"}, "automatic"),
        ({"Auto_Submitted": "no"}, ""),
        ({"X_Auto_Response_Suppress": "All"}, "automatic"),
        ({"X_Autoreply": "yes"}, "automatic"),
        ({"Return_Path": "<>"}, "automatic"),
        ({"Return_Path": "<ana@example.org>"}, ""),
        ({"Precedence": "bulk"}, "list"),
        ({"Precedence": "auto_reply"}, "list"),
        ({"List_Id": "Sports <sports.example.org>"}, "list"),
        ({"List_Unsubscribe": "<mailto:x@example.org>"}, "list"),
        ({"List_Id": "Desk <desk.lists.example.org>", "Precedence": "list"}, ""),
        ({"subject": "自动回复: 发票"}, "automatic"),
        ({"subject": "Automatic reply: x"}, "automatic"),
        ({"subject": "Automatic door is stuck"}, ""),
        ({"from_": "no-reply@shop.example"}, "automatic"),
        ({"from_": "holdfast@example.org"}, "own"),
        ({"from_": "Desk <DESK@example.org>"}, "own"),
        ({"from_": "nobody"}, "no_sender"),
    ],
)
def test_mails_that_no_person_wrote_are_not_taken_up(kept, ana, settings, headers, reason):
    settings.DEFAULT_FROM_EMAIL = "Holdfast <holdfast@example.org>"
    Mailbox.objects.update(own_list="desk.lists.example.org")
    row = kept(written(**headers))
    assert (row.reason, Incident.objects.count()) == (reason, int(not reason))
    assert row.state == ("ignored" if reason else "reported")


def test_our_own_mail_that_comes_back_is_known_by_its_id(kept, ana, sink):
    kept(written())
    send_due(urgency="normal")
    row = kept(sink.taken[0].replace(b"Auto-Submitted", b"X-Was"))
    assert row.reason in ("own", "no_sender")
    assert Incident.objects.count() == 1


def test_who_writes_without_end_is_stopped_and_that_is_said(kept, ana, monkeypatch):
    monkeypatch.setattr(filing, "MOST_AN_HOUR", 2)
    admin = person(Role.ADMINISTRATOR)
    rows = [kept(written(f"mail {number}", message_id=f"<{number}@x>")) for number in range(4)]
    assert [row.reason for row in rows[-3:]] == ["", "too_many", "too_many"]
    assert Incident.objects.count() == 2
    assert Message.objects.filter(kind="mail.too_many", to=admin).count() == 1


def bounce(about: bytes, *, action="failed") -> bytes:
    return (
        b"From: Mail Delivery System <MAILER-DAEMON@mx.example>\r\nReturn-Path: <>\r\nSubject: Undelivered\r\n"
        b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
        b"--b\r\n\r\nSorry.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n"
        b"Reporting-MTA: dns; mx.example\r\n\r\n"
        b"Final-Recipient: rfc822; ana@example.org\r\nAction: " + action.encode() + b"\r\nStatus: 5.1.1\r\n"
        b"Diagnostic-Code: smtp; 550 5.1.1 <ana@example.org>:\r\n no such user\r\n"
        b"--b\r\nContent-Type: message/rfc822\r\n\r\n" + about + b"\r\n--b--\r\n"
    )


def test_a_mail_that_came_back_is_noted_at_its_delivery(kept, ana, sink):
    kept(written())
    send_due(urgency="normal")
    delivery = Delivery.objects.get(way=Way.EMAIL, state=DeliveryState.SENT, message__to=ana)
    assert kept(bounce(sink.taken[0], action="delayed")).reason == "delayed"
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.SENT
    row = kept(bounce(sink.taken[0]))
    delivery.refresh_from_db()
    assert row.state == "bounced"
    assert (delivery.state, delivery.last_error) == (
        DeliveryState.DEAD,
        "smtp; 550 5.1.1 <ana@example.org>: no such user",
    )
    assert Incident.objects.count() == 1


def test_a_mail_that_came_back_and_is_not_ours_is_not_taken_up(kept, ana):
    assert kept(bounce(b"Message-ID: <x@elsewhere.example>\r\n\r\nx")).reason == "not_ours"


def closed(by, *, days, worker=None):
    incident = reported(by=by)
    services.acknowledge(incident_id=incident.pk, by=worker or by)
    services.resolve(incident_id=incident.pk, by=worker or by)
    at = timezone.now() - timedelta(days=days)
    Incident.objects.filter(pk=incident.pk).update(state=State.CLOSED, resolved_at=at, closed_at=at)
    incident.refresh_from_db()
    return incident


def test_an_answer_to_what_is_over_is_answered_with_how_to_report_anew(kept, ana, sink):
    incident = closed(ana, days=30)
    row = kept(answer_to(incident))
    send_due(urgency="normal")
    assert row.state == "answered"
    assert "write a new mail to desk@example.org" in sink.mails[-1].get_content()
    assert not incident.events.filter(kind=EventKind.MAIL).exists()
    assert kept(answer_to(incident, from_="zed@elsewhere.example")).reason == "over"


def test_soon_after_the_end_an_answer_is_still_heard(kept, ana, rob):
    incident = closed(ana, days=2, worker=rob)
    assert kept(answer_to(incident)).state == "joined"
    assert Message.objects.filter(kind="incident.mail", to=rob).exists()
    incident.refresh_from_db()
    assert incident.state == State.CLOSED


def test_an_answer_to_a_merged_incident_goes_where_the_work_goes_on(kept, ana):
    other, incident = reported(by=ana), reported(by=ana)
    Incident.objects.filter(pk=incident.pk).update(state=State.MERGED, merged_into=other)
    incident.refresh_from_db()
    assert kept(answer_to(incident)).incident == other


def test_too_long_a_text_is_shortened_in_words_and_the_rest_is_kept(kept, ana):
    row = kept(written("long words " * 2000))
    text = row.incident.description
    assert len(text) <= 10_000
    assert text.endswith("[Shortened: the mail goes on, and is kept whole as it came.]")
    assert row.raw.size_bytes > 20_000


def test_files_that_are_not_taken_in_are_named_with_the_reason(kept, ana, sink):
    mail = written()
    mail.add_attachment(b"MZ\x90\0", maintype="application", subtype="octet-stream", filename="invoice.pdf.exe")
    for number in range(11):
        mail.add_attachment(PNG + bytes([number]), maintype="image", subtype="png", filename=f"{number}.png")
    row = kept(mail)
    (event,) = row.incident.events.filter(kind=EventKind.MAIL)
    assert "invoice.pdf.exe" in event.text
    assert "2 more files" in event.text
    assert Attachment.objects.count() == 9
    send_due(urgency="normal")
    assert "invoice.pdf.exe" in sink.mails[-1].get_content()


def test_a_mail_built_to_cost_is_kept_and_shown_as_unreadable(kept, ana):
    bomb = b"From: ana@example.org\r\n" + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n" * 400
    row = kept(bomb)
    assert (row.state, row.reason) == ("failed", "unreadable")


def test_an_empty_mail_is_a_report_too(kept, ana):
    assert kept(written("", subject="")).incident.title == "Mail without words"


def test_the_ledger_keeps_no_password_and_knows_who_set_it_up(mailbox, ana):
    keeping.change_mailbox(mailbox_id=mailbox.pk, by=ana, password="another secret")
    entries = Entry.objects.filter(subject_id=str(mailbox.pk))
    assert {entry.verb for entry in entries} == {"mailbox.added", "mailbox.changed"}
    assert not any("another secret" in str(entry.data) or "reads only" in str(entry.data) for entry in entries)


def test_mails_of_two_mailboxes_go_to_their_teams_and_services(post, kept, ana):
    from people.services import add_team
    from tests.catalog.factories import ServiceFactory

    team, service = add_team(name="Printing", by=ana), ServiceFactory()
    other = add(post, name="Printing", folder="Printing", team=team, service=service)
    incident = kept(written(), into=other).incident
    assert (incident.team, list(incident.services.all())) == (team, [service])


def waiting(by, worker, hold_reason):
    incident = services.acknowledge(incident_id=reported(by=by).pk, by=worker)
    more = {"reason": "x", "resume_at": timezone.now() + timedelta(days=3)}
    return services.hold(incident_id=incident.pk, by=worker, hold_reason=hold_reason, **more)


def test_an_answer_goes_on_with_what_waited_for_its_reporter_and_with_nothing_else(kept, ana, rob):
    asked, vendor = waiting(ana, rob, "caller"), waiting(ana, rob, "vendor")
    kept(answer_to(asked, from_="Rob <rob@example.org>"))
    asked.refresh_from_db()
    assert asked.state == State.ON_HOLD
    kept(answer_to(asked, "It is the third floor."))
    kept(answer_to(vendor, "Any news?"))
    asked.refresh_from_db()
    vendor.refresh_from_db()
    assert (asked.state, asked.hold_reason, asked.resume_at) == (State.ACTIVE, "", None)
    assert vendor.state == State.ON_HOLD
    moved = asked.events.filter(kind=EventKind.MOVED).first()
    assert (moved.by, moved.values["by_answer"]) == (ana, True)


def test_the_reporter_of_what_was_merged_is_heard_by_mail_too(kept, ana, rob):
    merged, other = reported(by=ana), reported()
    services.acknowledge(incident_id=other.pk, by=rob)
    services.merge(incident_id=merged.pk, into_id=other.pk, by=rob)
    more = {"hold_reason": "caller", "reason": "x", "resume_at": timezone.now() + timedelta(days=3)}
    services.hold(incident_id=other.pk, by=rob, **more)
    assert kept(answer_to(merged, "It is in hall 7.")).incident == other
    merged.refresh_from_db()
    other.refresh_from_db()
    assert "It is in hall 7." in {each.text for each in public_events_of(merged, with_reporter=True)}
    assert "It is in hall 7." not in {each.text for each in public_events_of(other, with_reporter=True)}
    assert other.state == State.ACTIVE
    services.resolve(incident_id=other.pk, by=rob)
    services.close(incident_id=other.pk, by=rob)
    assert kept(answer_to(merged, "Broken again.", message_id="<again@x>")).state == "joined"


def test_who_only_joined_learns_that_it_is_over_and_not_the_link_of_its_reporter(kept, ana, rob, sink):
    joined = person(Role.REPORTER, email="bo@example.org")
    incident = closed(ana, days=200, worker=rob)
    incident.followers.add(joined)
    kept(answer_to(incident, from_="Bo <bo@example.org>"))
    send_due(urgency="normal")
    (mail,) = (each for each in sink.mails if each["To"] == "bo@example.org")
    assert incident.tracking_token not in mail.get_content()


def test_a_mail_to_the_mailbox_of_a_team_is_told_to_that_team(kept, ana, rob, mailbox):
    member = person(Role.RESPONDER)
    team = Team.objects.create(name="Printing")
    Membership.objects.create(team=team, person=member)
    Mailbox.objects.update(team=team)
    kept(written())
    assert set(Message.objects.filter(kind="incident.reported").values_list("to", flat=True)) == {member.pk}
