"""Reports to authorities go out by mail, count as sent once the server took them, and keep its word as proof."""

from datetime import timedelta

import pytest
from django.utils import timezone

from common.files import open_file
from incidents import services
from incidents.errors import CannotMail, CannotReport, Unfit
from incidents.models import AuthorityReport
from notify.models import Delivery, Message
from notify.services import note_bounced, send_due
from people.choices import Role
from tests.incidents.factories import person, reported
from tests.incidents.mail.conftest import written

pytestmark = pytest.mark.django_db
ADDRESS = "reports@authority.example"


@pytest.fixture
def approved(ana, rob) -> AuthorityReport:
    values = {"name": "Authority", "deadline": timedelta(hours=72), "template": "{number}: {what}", "email": ADDRESS}
    authority = services.keep_authority(by="system:test", language="en", **values)
    incident = services.acknowledge(incident_id=reported(by=ana).pk, by=rob)
    report = services.require_report(incident_id=incident.pk, authority_id=authority.pk, by=rob)
    services.draft_report(report_id=report.pk, by=rob)
    return services.approve_report(report_id=report.pk, by=person(Role.RESPONDER))


def mailed(report, by):
    services.mail_report(report_id=report.pk, by=by)
    return settled(report)


def settled(report):
    send_due(urgency="urgent")
    services.settle_mailed(now=timezone.now())
    report.refresh_from_db()
    return report


def test_it_is_sent_once_the_server_took_it_and_what_it_said_is_the_proof(approved, rob, sink):
    sink.answers.append("250 2.0.0 queued as 4F2A")
    report = services.mail_report(report_id=approved.pk, by=rob)
    assert report.state == "sending"
    assert settled(report).state == "sent"
    (mail,) = [each for each in sink.mails if each["To"] == ADDRESS]
    assert approved.text in mail.get_content()
    assert approved.incident.reference in mail["Subject"]
    delivery = Delivery.objects.get(message=report.mail)
    assert (report.sent_at, report.sent_how, report.sent_by) == (delivery.sent_at, "email", rob)
    proof = report.proofs.get()
    assert not proof.is_public
    with open_file(proof.file) as stream:
        kept = stream.read().decode()
    assert str(mail["Message-ID"]) in kept
    assert "250 2.0.0 queued as 4F2A" in kept


def test_what_the_server_refuses_did_not_arrive_and_goes_out_again(approved, rob, sink):
    sink.refuses = "550 nobody here"
    assert mailed(approved, rob).state == "returned"
    assert approved.next_reminder_at is not None
    assert Message.objects.filter(kind="incident.authority_returned", to=rob).exists()
    sink.refuses = ""
    assert mailed(approved, rob).state == "sent"


def test_a_mail_that_comes_back_later_takes_the_word_back(approved, rob, sink):
    delivery = Delivery.objects.get(message=mailed(approved, rob).mail)
    note_bounced(delivery_id=delivery.pk, said="mailbox full")
    approved.refresh_from_db()
    assert (approved.state, approved.sent_at, approved.sent_how) == ("returned", None, "")


def test_without_an_address_or_a_mail_server_it_is_refused_and_nothing_changes(approved, rob, sink, settings):
    settings.EMAIL_CONFIGURED = False
    with pytest.raises(CannotMail):
        services.mail_report(report_id=approved.pk, by=rob)
    settings.EMAIL_CONFIGURED = True
    services.keep_authority(by="system:test", authority_id=approved.authority_id, email="")
    with pytest.raises(CannotMail):
        services.mail_report(report_id=approved.pk, by=rob)
    approved.refresh_from_db()
    assert approved.state == "approved"


def test_late_it_is_mailed_only_with_the_reason_and_never_twice(approved, rob, sink):
    AuthorityReport.objects.filter(pk=approved.pk).update(due_at=timezone.now() - timedelta(hours=1))
    with pytest.raises(Unfit):
        services.mail_report(report_id=approved.pk, by=rob)
    services.mail_report(report_id=approved.pk, by=rob, late_reason="The server was away.")
    with pytest.raises(CannotReport):
        services.mail_report(report_id=approved.pk, by=rob, late_reason="Again.")
    assert settled(approved).is_late


def test_over_it_still_goes_out_but_not_once_it_was_sent_otherwise(approved, rob, sink):
    report = services.mail_report(report_id=approved.pk, by=rob)
    services.resolve(incident_id=approved.incident_id, by=rob)
    delivery = Delivery.objects.get(message=report.mail)
    assert delivery.state == "queued"
    services.note_sent(report_id=approved.pk, by=rob, how="portal")
    delivery.refresh_from_db()
    assert (delivery.state, settled(report).state, report.sent_how) == ("cancelled", "sent", "portal")


def test_what_the_authority_answers_joins_the_incident(approved, rob, sink, kept):
    mailed(approved, rob)
    (mail,) = [each for each in sink.mails if each["To"] == ADDRESS]
    row = kept(written("Our number is 4711.", from_=f"Authority <{ADDRESS}>", In_Reply_To=mail["Message-ID"]))
    assert (row.state, row.incident) == ("joined", approved.incident)
    assert not approved.incident.events.filter(is_public=True, text__contains="4711").exists()
