"""What reaches people by a real mail server: a link for a new password, a code for another address."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from ledger.models import Entry
from notify import services as notify
from people import services
from people.choices import Role
from people.models import ContactMethod, PasswordReset
from tests.notify.conftest import use
from tests.notify.sinks import Sink, running
from tests.support.people import PASSWORD, person, signed_in

pytestmark = pytest.mark.django_db
NEW = "another-Good-one-8"


@pytest.fixture
def sink(settings):
    """A mail server that takes everything, and Django's own way of sending to it."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    with running(Sink()) as found:
        use(settings, found.port)
        settings.ALLOWED_HOSTS = ["*"]
        yield found


def body_of(sink: Sink) -> str:
    return sink.mails[-1].get_content()


def test_a_forgotten_password_is_made_anew_by_the_link_in_the_mail_once(sink, django_capture_on_commit_callbacks):
    ana = person(Role.REPORTER, username="ana", email="ana@example.org", password=PASSWORD)
    elsewhere = Client()
    elsewhere.post("/accounts/login/", {"login": "ana", "password": PASSWORD})

    with django_capture_on_commit_callbacks() as queued:
        Client().post("/accounts/password/reset/", {"email": "ana@example.org"})
    assert len(queued) == 1
    services.send_password_reset(person_id=ana.pk)  # what the worker does with it
    assert sink.recipients == ["ana@example.org"]
    path = re.search(r"https://holdfast\.example\.org(\S+)", body_of(sink))[1]
    browser = Client()
    form = browser.get(path, follow=True).redirect_chain[-1][0]
    browser.post(form, {"password1": NEW, "password2": NEW})

    ana.refresh_from_db()
    assert ana.check_password(NEW)
    assert elsewhere.get("/account/").status_code == 302, "whoever was signed in with the old one is out"
    assert browser.get(path).context["token_fail"]


def test_a_link_that_is_delivered_twice_is_mailed_once(sink):
    ana = person(Role.REPORTER, email="ana@example.org")
    services.request_password_reset(person=ana)

    assert [services.send_password_reset(person_id=ana.pk) for _ in range(3)] == [True, False, False]

    assert sink.recipients == ["ana@example.org"]


def test_a_link_that_the_broker_lost_is_queued_again(sink, django_capture_on_commit_callbacks):
    ana = person(Role.REPORTER, email="ana@example.org")
    services.request_password_reset(person=ana)

    with django_capture_on_commit_callbacks() as at_once:
        services.take_up_resets(now=timezone.now())
    with django_capture_on_commit_callbacks() as later:
        services.take_up_resets(now=timezone.now() + timedelta(seconds=20))

    assert (len(at_once), len(later)) == (0, 1)


def test_a_link_that_no_server_takes_is_tried_three_times_and_given_up_in_the_ledger(sink):
    sink.refuses = "451 later"
    ana = person(Role.REPORTER, email="ana@example.org")
    services.request_password_reset(person=ana)
    for _ in range(3):
        assert not services.send_password_reset(person_id=ana.pk)
        assert not services.send_password_reset(person_id=ana.pk), "it waits before it is tried again"
        PasswordReset.objects.update(lease_until=timezone.now() - timedelta(seconds=1))

    services.take_up_resets(now=timezone.now())

    assert not PasswordReset.objects.exists()
    assert Entry.objects.filter(verb="person.password_reset_given_up", subject_id=str(ana.pk)).count() == 1


def test_the_code_goes_to_the_other_address_only_and_proves_it(sink):
    browser = signed_in(Role.REPORTER, email="ana@example.org")

    browser.post("/account/contacts/add/", {"kind": "email", "address": "ana@home.example.org", "name": ""})
    notify.send_due(urgency="urgent")

    assert sink.recipients == ["ana@home.example.org"]
    code = re.search(r"\b\d{6}\b", body_of(sink))[0]
    assert code not in browser.get("/messages/").content.decode()
    contact = ContactMethod.objects.get()
    browser.post(f"/account/contacts/{contact.pk}/verify/", {"code": code})
    contact.refresh_from_db()
    assert contact.verified_at


def test_many_requests_for_links_from_one_place_are_slowed_down(sink):
    person(Role.REPORTER, email="ana@example.org", password=PASSWORD)

    statuses = [Client().post("/accounts/password/reset/", {"email": "ana@example.org"}).status_code for _ in range(7)]

    assert statuses[0] == 302
    assert statuses[-1] == 429
