"""Mails are taken from a real server: each once, none lost, wherever a worker is killed."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from incidents import doctor
from incidents.mail import keeping, reading, taking
from incidents.mail.adapters import imap
from incidents.mail.choices import MailState, Security, Trouble
from incidents.mail.errors import MailboxUnusable, WrongMailbox
from incidents.models import InboxMessage, Incident, Mailbox
from people.choices import Role
from people.services import create_person
from tests.incidents.mail.conftest import add, written
from tests.notify.sinks import dripping, free_port, mute
from tests.support.mailserver import PASSWORD

pytestmark = pytest.mark.django_db


def visit(mailbox):
    Mailbox.objects.filter(pk=mailbox.pk).update(due_at=timezone.now() - timedelta(seconds=1))
    taken = taking.take_mails(mailbox_id=mailbox.pk)
    mailbox.refresh_from_db()
    return taken


@pytest.mark.parametrize(("security", "port"), [("tls", "tls"), ("starttls", "starttls"), ("none", "plain")])
def test_a_mail_becomes_an_incident_and_is_marked(post, ana, security, port):
    mailbox = add(post, security=security, port=getattr(post, port))
    mail = post.inbox.put(bytes(written()))
    assert visit(mailbox) == 1
    incident = Incident.objects.get()
    assert (incident.title, incident.description, incident.reporter) == ("Printer", "The printer is on fire.", ana)
    assert incident.source == "email"
    assert "\\Seen" in mail.flags
    assert InboxMessage.objects.get().marked_at is not None
    assert (mailbox.trouble, mailbox.failures, mailbox.lease_token) == ("", 0, None)
    assert mailbox.read_at is not None


def test_what_was_taken_goes_to_its_folder(post, ana):
    mailbox = add(post, taken_folder="Done")
    post.inbox.put(bytes(written()))
    visit(mailbox)
    assert (len(post.inbox.mails), len(post.done.mails)) == (0, 1)


def test_a_mail_is_taken_once_however_often_the_server_is_visited(mailbox, post, ana):
    post.inbox.put(bytes(written()))
    assert [visit(mailbox) for _ in range(3)] == [1, 0, 0]
    assert Incident.objects.count() == 1


def test_when_the_server_numbers_anew_nothing_is_taken_twice(mailbox, post, ana):
    post.inbox.put(bytes(written("one")))
    visit(mailbox)
    post.inbox.number_anew()
    post.inbox.put(bytes(written("two")))
    visit(mailbox)
    assert sorted(Incident.objects.values_list("description", flat=True)) == ["one", "two"]
    assert InboxMessage.objects.count() == 2
    assert mailbox.uid_validity == post.inbox.uid_validity


def test_the_same_mail_in_the_folder_twice_is_one(mailbox, post, ana):
    mails = [post.inbox.put(bytes(written())) for _ in range(2)]
    visit(mailbox)
    assert Incident.objects.count() == 1
    assert all("\\Seen" in each.flags for each in mails)


def test_mails_from_before_are_left_alone(mailbox, post, ana):
    old = post.inbox.put(bytes(written()), arrived_at=datetime.now(UTC) - timedelta(days=3))
    post.inbox.put(bytes(written("new")))
    visit(mailbox)
    assert Incident.objects.get().description == "new"
    assert old.flags == set()


class Killed(BaseException):
    """What a kill -9 leaves behind: no end of anything is written."""


def killed_at(monkeypatch, room, name, mailbox, *, after=False):
    """A visit that is killed as it comes to a step, or right behind it."""
    real = getattr(room, name)

    def dies(*arguments, **options):
        if after:
            real(*arguments, **options)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(room, name, dies)
        with pytest.raises(Killed):
            visit(mailbox)


@pytest.mark.parametrize(
    ("room", "name", "after"),
    [
        (imap.Visit, "fetch", True),  # between fetching and keeping
        (taking, "keep_mail", True),  # between keeping and reading
        (reading, "read", True),  # while it is read
        (reading, "file", True),  # taken up, not committed
        (taking, "read_mail", True),  # between taking up and marking
        (imap.Visit, "mark", False),
        (imap.Visit, "mark", True),  # between marking and writing it down
    ],
)
def test_a_worker_killed_at_any_step_loses_and_doubles_nothing(mailbox, post, ana, monkeypatch, room, name, after):
    post.inbox.put(bytes(written()))
    killed_at(monkeypatch, room, name, mailbox, after=after)
    # A minute later every lease of the dead has run out.
    Mailbox.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    InboxMessage.objects.filter(lease_until__isnull=False).update(lease_until=timezone.now() - timedelta(seconds=1))
    visit(mailbox)
    for mail in InboxMessage.objects.filter(state=MailState.NEW):
        reading.read_mail(mail_id=mail.pk)
    visit(mailbox)
    assert (Incident.objects.count(), InboxMessage.objects.count()) == (1, 1)
    mail = InboxMessage.objects.get()
    assert (mail.state, mail.incident) == (MailState.REPORTED, Incident.objects.get())
    assert mail.marked_at is not None
    assert "\\Seen" in post.inbox.mails[0].flags


def test_one_mail_that_breaks_the_reading_holds_up_no_other(mailbox, post, ana, monkeypatch):
    real = reading.file

    def breaks(row, letter, raw, **more):
        if letter.subject == "Bad":
            raise ZeroDivisionError
        return real(row, letter, raw, **more)

    monkeypatch.setattr(reading, "file", breaks)
    for subject in ("Bad", "Good"):
        post.inbox.put(bytes(written(subject=subject)))
    visit(mailbox)
    bad, good = (InboxMessage.objects.get(subject=each) for each in ("Bad", "Good"))
    assert (bad.state, bad.reason, bad.said) == ("failed", "broke", "ZeroDivisionError: ")
    assert good.state == "reported"
    monkeypatch.setattr(reading, "file", real)
    reading.read_again(mail_id=bad.pk, by=ana)
    reading.read_mail(mail_id=bad.pk)
    bad.refresh_from_db()
    assert bad.state == "reported"


def test_what_three_workers_did_not_survive_is_given_up_and_stays_visible(mailbox, post, ana):
    mail_id, _is_new = taking.keep_mail(mailbox, bytes(written()), uid_validity=7, uid=1)
    past = timezone.now() - timedelta(minutes=2)
    InboxMessage.objects.update(attempts=3, lease_until=past)
    assert reading.hand_out(now=timezone.now()) == 0
    mail = InboxMessage.objects.get(pk=mail_id)
    assert (mail.state, mail.reason) == ("failed", "gave_up")


def test_beats_hand_out_what_is_due_and_what_a_dead_worker_left(mailbox, post):
    now = timezone.now()
    assert taking.hand_out(now=now + timedelta(seconds=1)) == 1
    taking.keep_mail(mailbox, bytes(written()), uid_validity=7, uid=1)
    assert reading.hand_out(now=now) == 1
    Mailbox.objects.update(is_active=False)
    assert taking.hand_out(now=now + timedelta(seconds=1)) == 0


def test_a_mail_that_is_too_big_is_kept_in_part_and_that_is_said(mailbox, post, ana, monkeypatch):
    monkeypatch.setattr(taking, "MOST_BYTES", 2000)
    monkeypatch.setattr(taking, "BEGINNING_BYTES", 1000)
    post.inbox.put(bytes(written("x " * 2000)))
    visit(mailbox)
    mail = InboxMessage.objects.get()
    assert mail.is_cut
    assert mail.raw.size_bytes == 1000
    assert "too big" in mail.said


def trouble_of(post, **more):
    mailbox = add(post, **more)
    visit(mailbox)
    return mailbox


@pytest.mark.parametrize(
    ("more", "trouble"),
    [
        ({"password": "wrong"}, Trouble.SIGN_IN),
        ({"user": "some body"}, Trouble.SIGN_IN),
        ({"folder": "Elsewhere"}, Trouble.NO_FOLDER),
        ({"folder": "报修"}, Trouble.NO_FOLDER),
        ({"host": "nowhere.invalid"}, Trouble.UNKNOWN_NAME),
        ({"host": "127.0.0.1"}, Trouble.WRONG_NAME),
        ({"host": "169.254.169.254"}, Trouble.REFUSED_ADDRESS),
    ],
)
def test_what_is_wrong_is_said_in_words(post, more, trouble):
    mailbox = trouble_of(post, **more)
    assert (mailbox.trouble, mailbox.failures) == (trouble, 1)
    assert PASSWORD not in mailbox.trouble_said
    assert mailbox.due_at > timezone.now() + timedelta(seconds=50)


def test_other_ways_to_be_wrong(post, settings):
    assert trouble_of(post, name="a", port=post.plain).trouble == Trouble.NO_TLS
    assert trouble_of(post, name="b", port=post.plain, security=Security.STARTTLS, folder="b").trouble == "no_starttls"
    assert trouble_of(post, name="c", port=free_port(), folder="c").trouble == Trouble.NOT_REACHED
    settings.OUTGOING_CA_FILE = ""
    assert trouble_of(post, name="d", folder="d").trouble == Trouble.UNTRUSTED
    settings.OUTGOING_LOOPBACK = False
    assert trouble_of(post, name="e", folder="e").trouble == Trouble.REFUSED_ADDRESS


@pytest.mark.parametrize("server", [mute, dripping])
def test_a_server_that_hangs_is_not_waited_for(server, settings):
    settings.OUTGOING_LOOPBACK = True
    with server() as port:
        place = imap.Place("127.0.0.1", port, Security.NONE, "desk", "x", "INBOX")
        began = timezone.now()
        with pytest.raises(imap.MailboxTrouble) as trouble, imap.visit(place, deadline_seconds=0.5):
            pass
        assert timezone.now() - began < timedelta(seconds=5)
        assert trouble.value.why == Trouble.LATE


def test_servers_that_hang_leave_threads_for_others(mailbox, post, ana):
    post.inbox.put(bytes(written()))
    for _ in range(taking.VISITS_AT_ONCE):
        assert taking._slots.acquire(blocking=False)
    try:
        assert visit(mailbox) == 0
        assert mailbox.lease_token is None  # it stays due
    finally:
        for _ in range(taking.VISITS_AT_ONCE):
            taking._slots.release()
    assert visit(mailbox) == 1


def test_a_failing_mailbox_is_visited_less_often_and_as_ever_once_it_answers(mailbox, post):
    mailbox.failures, mailbox.port = 3, free_port()
    mailbox.save()
    visit(mailbox)
    assert mailbox.due_at > timezone.now() + timedelta(minutes=14)
    mailbox.port = post.tls
    mailbox.save()
    visit(mailbox)
    assert (mailbox.failures, mailbox.trouble) == (0, "")


def test_trying_says_what_was_found_and_marks_nothing(mailbox, post, ana):
    mail = post.inbox.put(bytes(written()))
    assert "1" in keeping.try_mailbox(mailbox_id=mailbox.pk, by=ana)
    assert mail.flags == set()
    assert InboxMessage.objects.count() == 0
    Mailbox.objects.update(taken_folder="Elsewhere")
    with pytest.raises(MailboxUnusable, match="Elsewhere"):
        keeping.try_mailbox(mailbox_id=mailbox.pk, by=ana)
    keeping.change_mailbox(mailbox_id=mailbox.pk, by=ana, password="wrong")
    with pytest.raises(MailboxUnusable, match="refused the user name"):
        keeping.try_mailbox(mailbox_id=mailbox.pk, by=ana)


def test_a_password_does_not_follow_to_another_server(mailbox, ana):
    with pytest.raises(WrongMailbox) as refusal:
        keeping.change_mailbox(mailbox_id=mailbox.pk, by=ana, host="mail.elsewhere.example")
    assert "password" in refusal.value.fields
    mailbox.refresh_from_db()
    assert mailbox.host == "localhost"


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"password": ""}, "password"),
        ({"password": "a\r\nb"}, "password"),
        ({"port": 0}, "port"),
        ({"security": "magic"}, "security"),
        ({"taken_folder": "INBOX"}, "taken_folder"),
        ({"has_plus": True, "address": "a+b@example.org"}, "address"),
        ({"has_plus": True, "address": f"{'a' * 22}@example.org"}, "address"),
    ],
)
def test_what_no_mailbox_can_be_is_refused(post, more, field):
    with pytest.raises(WrongMailbox) as refusal:
        add(post, **more)
    assert list(refusal.value.fields) == [field]
    assert Mailbox.objects.count() == 0


def test_how_mailboxes_do_is_seen_by_doctor_and_on_the_page_of_jobs(mailbox, post, rob, client):
    assert [found.verdict for found in doctor.mailboxes()] == ["ok"]
    client.force_login(rob)
    taking.keep_mail(mailbox, bytes(written()), uid_validity=7, uid=1)
    Mailbox.objects.update(trouble=Trouble.SIGN_IN, trouble_said="NO", security=Security.NONE)
    InboxMessage.objects.update(state="failed", reason="broke")
    found = {found.verdict: found.found for found in doctor.mailboxes()}
    assert "refused the user name or the password" in found["broken"]
    page = client.get("/jobs/").content.decode()
    assert "refused the user name or the password" in page
    assert "1 mail could not be read" in page
    Mailbox.objects.update(trouble="", read_at=timezone.now() - timedelta(hours=1))
    assert "not read since" in next(doctor.mailboxes()).found


def administrator():
    return create_person(username="ada", name="Ada Admin", roles=[Role.ADMINISTRATOR], by="system:test")


def test_what_came_is_saved_by_administrators_alone_and_never_opened(mailbox, rob, client):
    raw = bytes(written())
    mail_id, _is_new = taking.keep_mail(mailbox, raw, uid_validity=7, uid=1)
    address = f"/admin/incidents/inboxmessage/{mail_id}/raw/"
    client.force_login(rob)
    assert client.get(address).status_code in (302, 404)
    client.force_login(administrator())
    answer = client.get(address)
    assert b"".join(answer) == raw
    assert answer["Content-Disposition"].startswith("attachment")
    assert client.get(f"/admin/incidents/inboxmessage/{uuid4()}/raw/").status_code == 404


def test_an_administrator_tries_a_mailbox_and_reads_again_in_the_administration(mailbox, post, client):
    client.force_login(administrator())
    chosen = {"action": "try_out", "_selected_action": [str(mailbox.pk)]}
    assert "It answers" in client.post("/admin/incidents/mailbox/", chosen, follow=True).content.decode()
    Mailbox.objects.update(folder="Elsewhere")
    assert "no such folder" in client.post("/admin/incidents/mailbox/", chosen, follow=True).content.decode()
