"""Reports to authorities: due by their clock, written, approved by another, sent, proven."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from common.errors import NotAllowed, Stale
from incidents import services
from incidents.choices import EventKind
from incidents.errors import CannotReport, Unfit
from incidents.models import AuthorityReport, Incident, TimelineEvent
from incidents.selectors.work import work_of
from incidents.texts import event
from notify.models import Message
from people.choices import Role
from people.services import create_own_key
from tests.incidents.factories import reported, responder

pytestmark = pytest.mark.django_db
TEMPLATE = "To {authority}: {number}, noticed {detected}. Category: {category}. {what}"


@pytest.fixture
def ana():
    return responder(name="Ana")


@pytest.fixture
def ben():
    return responder(name="Ben")


@pytest.fixture
def incident(ana):
    return services.acknowledge(incident_id=reported().pk, by=ana)


@pytest.fixture
def authority():
    return services.keep_authority(
        by="system:tests", name="Authority", deadline=timedelta(hours=72), template=TEMPLATE, language="en"
    )


@pytest.fixture
def report(incident, authority, ana):
    return services.require_report(incident_id=incident.pk, authority_id=authority.pk, by=ana)


@pytest.fixture
def approved(report, ana, ben):
    services.draft_report(report_id=report.pk, by=ana)
    return services.approve_report(report_id=report.pk, by=ben)


def test_it_is_due_counted_from_when_the_incident_was_noticed(incident, authority, ana):
    noticed = timezone.now() - timedelta(hours=10)
    Incident.objects.filter(pk=incident.pk).update(detected_at=noticed)
    report = services.require_report(incident_id=incident.pk, authority_id=authority.pk, by=ana)
    assert report.due_at == noticed + timedelta(hours=72)
    assert services.require_report(incident_id=incident.pk, authority_id=authority.pk, by=ana).pk == report.pk


def test_its_time_does_not_move_with_what_is_learned_later(report, incident, authority):
    Incident.objects.filter(pk=incident.pk).update(detected_at=timezone.now() - timedelta(days=9))
    services.keep_authority(by="system:tests", authority_id=authority.pk, deadline=timedelta(hours=24))
    before = report.due_at
    report.refresh_from_db()
    assert report.due_at == before


def test_the_template_is_filled_and_says_what_is_not_known(report, incident, ana):
    text = services.draft_report(report_id=report.pk, by=ana).text
    assert text.startswith(f"To Authority: {incident.reference}")
    assert "Category: not known yet" in text
    assert "The invoices are gone." in text


def test_nobody_approves_what_they_wrote(report, ana):
    services.draft_report(report_id=report.pk, by=ana)
    with pytest.raises(NotAllowed):
        services.approve_report(report_id=report.pk, by=ana)
    program = create_own_key(person=ana, name="Desk", role=Role.RESPONDER, days=1).row.user
    with pytest.raises(NotAllowed):
        services.approve_report(report_id=report.pk, by=program)
    with pytest.raises(IntegrityError), transaction.atomic():
        AuthorityReport.objects.filter(pk=report.pk).update(state="approved", approved_by=ana)


def test_what_is_written_anew_has_to_be_approved_anew(approved, ana):
    again = services.draft_report(report_id=approved.pk, by=ana, text="Another text.")
    assert (again.state, again.approved_by) == ("drafted", None)


def test_only_what_was_approved_is_sent(report, ana):
    with pytest.raises(CannotReport):
        services.note_sent(report_id=report.pk, by=ana, how="portal")


def test_that_it_was_sent_is_kept_with_way_time_reference_and_proof(approved, incident, ana):
    sent = services.note_sent(report_id=approved.pk, by=ana, how="portal", reference="2026-0815")
    assert (sent.state, sent.sent_by, sent.sent_reference, sent.is_late) == ("sent", ana, "2026-0815", False)
    file = services.attach(incident_id=incident.pk, stream=BytesIO(b"received"), name="receipt.txt", by=ana)
    services.add_proof(report_id=approved.pk, attachment_id=file.pk, by=ana)
    assert list(sent.proofs.all()) == [file]
    steps = TimelineEvent.objects.filter(incident=incident, kind=EventKind.AUTHORITY).values_list(
        "values__step", flat=True
    )
    assert list(steps) == ["proven", "sent", "approved", "drafted", "required"]
    told = [
        event(each.kind, each.values)
        for each in TimelineEvent.objects.filter(incident=incident, url=sent.get_absolute_url())
    ]
    assert "Report to an authority: Authority, approved" in told


def test_a_file_of_another_incident_proves_nothing(approved, ana):
    other = reported()
    file = services.attach(incident_id=other.pk, stream=BytesIO(b"x"), name="x.txt", by=ana)
    with pytest.raises(Unfit):
        services.add_proof(report_id=approved.pk, attachment_id=file.pk, by=ana)


def test_late_it_is_sent_only_with_the_reason(approved, ana):
    AuthorityReport.objects.filter(pk=approved.pk).update(due_at=timezone.now() - timedelta(hours=1))
    with pytest.raises(Unfit) as refused:
        services.note_sent(report_id=approved.pk, by=ana, how="email")
    assert refused.value.fields.keys() == {"late_reason"}
    late = services.note_sent(report_id=approved.pk, by=ana, how="email", late_reason="Nobody was there.")
    assert late.is_late


@pytest.mark.parametrize("wrong", [{"how": "pigeon"}, {"sent_at": timedelta(hours=1)}, {"sent_at": timedelta(days=-9)}])
def test_what_cannot_have_been_is_refused(approved, ana, wrong):
    given = {"how": "portal"} | wrong
    if "sent_at" in given:
        given["sent_at"] = timezone.now() + given["sent_at"]
    with pytest.raises(Unfit):
        services.note_sent(report_id=approved.pk, by=ana, **given)


def test_not_needed_has_a_reason_and_can_be_taken_back_with_the_old_time(report, ana):
    with pytest.raises(Unfit):
        services.waive_report(report_id=report.pk, by=ana, reason=" ")
    waived = services.waive_report(report_id=report.pk, by=ana, reason="No personal data.")
    assert waived.next_reminder_at is None
    again = services.need_report_again(report_id=report.pk, by=ana)
    assert (again.state, again.due_at) == ("due", report.due_at)


def test_who_looked_at_an_older_version_changes_nothing(report, ana, ben):
    services.draft_report(report_id=report.pk, by=ana)
    with pytest.raises(Stale):
        services.waive_report(report_id=report.pk, by=ben, reason="x", version=report.version)


def test_it_is_reminded_on_a_ladder_and_daily_once_it_is_late(report, ana):
    hours = (10, 37, 37, 55, 69, 71.5, 73, 80, 98)
    for after in hours:
        services.remind_of_reports(now=report.counted_from + timedelta(hours=after))
    said = Message.objects.filter(kind="incident.authority_due", to=ana)
    assert said.count() == 6
    assert said.filter(urgency="urgent").count() == 4


def test_once_sent_nobody_is_reminded(approved, ana):
    services.note_sent(report_id=approved.pk, by=ana, how="portal")
    assert services.remind_of_reports(now=approved.due_at + timedelta(days=1)) == 0


def test_it_waits_in_the_work_of_those_who_work_on_it_and_its_author_does_not_approve(report, ana, ben):
    now = timezone.now()
    assert "incidents.authority_report" in {item.kind for item in work_of(ben, now)}
    services.draft_report(report_id=report.pk, by=ana)
    assert "incidents.authority_report" in {item.kind for item in work_of(ben, now)}
    assert "incidents.authority_report" not in {item.kind for item in work_of(ana, now)}


def test_the_page_leads_through_every_step(report, incident, ana, ben):
    writer, approver = Client(), Client()
    writer.force_login(ana)
    approver.force_login(ben)
    page = report.get_absolute_url()

    def step(client, name, **fields):
        report.refresh_from_db()
        return client.post(f"{page}{name}/", {"version": report.version, **fields})

    assert incident.reference in writer.get(page).context["steps"][0][1].initial["text"]
    assert step(writer, "draft", text="As it was.").status_code == 302
    assert step(writer, "approve").status_code == 403
    assert step(approver, "approve").status_code == 302
    assert step(writer, "sent", how="pigeon").status_code == 400
    assert step(writer, "sent", how="phone", proof=BytesIO(b"")).status_code in (302, 400)
    assert step(writer, "nonsense").status_code == 404
    report.refresh_from_db()
    assert report.state in ("sent", "approved")
    assert writer.get(page).status_code == 200
