"""An administrator at the admin, and one row of every kind."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.test import Client
from django.utils import timezone

from actions.services import add_plan, open_action
from backups.choices import Outcome, RunKind
from backups.models import Assertion
from backups.services import set_schedule
from backups.services.policies import note_method
from catalog.services import add_document, add_provider
from common.files import store
from common.models import Heartbeat, PendingFact
from incidents import services as telling
from incidents.mail.keeping import add_mailbox
from incidents.mail.taking import keep_mail
from incidents.models import ClockNotice, Incident, Review, SeverityMatrix, StatusSubscriber
from incidents.services import acknowledge, begin_promises, report, set_deadline
from ledger.services import seal_pending
from notify.services import add_channel, add_template, remind, subscribe
from people.choices import Role
from people.services import (
    add_contact,
    add_day,
    add_override,
    add_policy,
    add_roster,
    add_rotation,
    add_team,
    begin_calendars,
    create_api_key,
    create_person,
    make_feed,
    name_organisation,
    note_session,
    plan_absence,
)
from runbooks.services import create_plan, draft_version, write_text
from tests.backups import rows as backup_rows
from tests.catalog.factories import DependencyFactory, MeasurementFactory, ServiceFactory, SiteFactory, SystemFactory


@pytest.fixture
def administrator(db):
    return create_person(username="ada", name="Ada Admin", roles=[Role.ADMINISTRATOR], by="system:test")


@pytest.fixture
def desk(administrator):
    """A browser in which the administrator signed in."""
    client = Client()
    client.force_login(administrator)
    return client


@pytest.fixture
def everyone(db):
    """A browser for each role but the administrator's."""
    browsers = {}
    for role in set(Role) - {Role.ADMINISTRATOR}:
        person = create_person(username=role.lower(), name=str(role), roles=[role], by="system:test")
        browsers[role] = Client()
        browsers[role].force_login(person)
    return browsers


@pytest.fixture
def rows(administrator):
    """One row at least of every kind that the admin shows, as the product makes them."""
    service, system = ServiceFactory(), SystemFactory()
    SeverityMatrix.objects.get_or_create(pk=1)
    SiteFactory()
    DependencyFactory(service=service, on_system=system)
    MeasurementFactory(system=system)
    plan_of_backup = backup_rows.policy(system=system)
    set_schedule(policy=plan_of_backup, kind=RunKind.BACKUP, rule="0 2 * * *", time_zone="UTC", by=administrator)
    note_method(system, now=timezone.now())
    copy = backup_rows.copy_of(plan_of_backup)
    run = backup_rows.ended(plan_of_backup, RunKind.RESTORE_TEST, Outcome.FAIL, copy=copy)
    backup_rows.step(run, "restore", outcome="fail")
    Assertion.objects.create(
        run=run, position=1, label_code="own", label_values={"label": "x"}, expected="1", found="2", outcome="fail"
    )
    plan = create_plan(reference="P-1", by=administrator, services=[service])
    version = draft_version(plan_id=plan.pk, by=administrator)
    write_text(version_id=version.pk, language="en", title="Restore", text="First …", by=administrator)
    responder = create_person(
        username="rosa", name="Rosa", email="r@example.org", roles=["Responder"], by="system:test"
    )
    broken = report(by=administrator, title="Nothing works", services=[service])
    set_deadline(incident_id=broken.pk, due_at=timezone.now() + timedelta(days=1), reason="Month-end", by=administrator)
    ClockNotice.objects.create(
        incident=broken, kind="resolve", level="near", began_at=timezone.now(), due_at=timezone.now()
    )
    Review.objects.create(incident=broken, title="Nothing worked")
    provider = add_provider(name="Carrier", systems=[system], by=administrator)
    add_document(title="Contract", provider=provider, by=administrator)
    open_action(
        title="Look", kind="other", owner=responder, due_on=timezone.now().date() + timedelta(days=9), by=administrator
    )
    add_plan(title="Better", owner=responder, by=administrator)
    create_api_key(name="robot", role=Role.REPORTER, by=administrator)
    now = timezone.now()
    name_organisation(name="Harbour Ltd", time_zone="UTC", by=administrator)
    add_team(name="Shared services", manager=administrator, members=[responder], by=administrator)
    office, always = begin_calendars(by=administrator)
    begin_promises(working=office, always=always, by=administrator)
    add_day(calendar=office, date=date(2026, 10, 1), label="National Day", by=administrator)
    roster = add_roster(name="First line", time_zone="UTC", manager=administrator, by=administrator)
    add_rotation(roster_id=roster.pk, name="Weeks", people=[responder], starts_on=now.date(), by=administrator)
    until = now + timedelta(days=1)
    add_override(roster_id=roster.pk, person=responder, starts_at=now, ends_at=until, by=administrator)
    add_policy(
        name="Shared",
        is_default=True,
        calls_up_to=4,
        steps=[{"whom": "roster", "roster": roster}],
        patience={3: (timedelta(hours=1), timedelta(hours=1))},
        by=administrator,
    )
    taken = report(by=responder, description="Somebody has to come")
    acknowledge(incident_id=taken.pk, by=responder)
    make_feed(person=responder, roster=roster)
    plan_absence(person=responder, starts_at=now, ends_at=now + timedelta(days=1), by=administrator)
    add_contact(person=responder, kind="app", address="ntfy://topic", by=administrator)
    note_session(person=responder, session_key="x", device="Firefox", address="::1", now=now)
    channel = add_channel(name="Pager", kind="hook", address="https://example.org/hook", by=administrator).row
    subscribe(channel=channel, by=administrator)
    add_template(kind="ledger.head", language="en", subject="{head}", body="{head}", by=administrator)
    remind(subject=system, kind="test.due", due_at=now + timedelta(days=1), to=[responder])
    PendingFact.objects.create(fact="x", receiver="y", due_at=timezone.now(), last_error="z")
    Heartbeat.objects.create(name="beat", at=timezone.now())
    store(BytesIO(b"text"), name="a.txt")
    desk = add_mailbox(
        name="Desk", address="desk@example.org", host="mail.example.org", user="desk", password="x", by=administrator
    )
    keep_mail(desk, b"Subject: Nothing works\r\n\r\n", uid_validity=1, uid=1)
    _telling(administrator, responder)
    seal_pending(now=timezone.now())
    return responder


def _telling(administrator, responder):
    """What people are told, and what has to be reported."""
    incident = Incident.objects.get(title="Nothing works")
    telling.acknowledge(incident_id=incident.pk, by=responder)
    telling.set_up_status_page(by=administrator, audience="staff")
    entry = telling.list_service(by=administrator, names={"en": ("Mail", "Office")})
    now = timezone.now()
    telling.plan_work(
        by=administrator, starts_at=now, ends_at=now + timedelta(hours=1), texts={"en": ("Move", "")}, entries=[entry]
    )
    telling.post_update(
        incident_id=incident.pk,
        by=responder,
        audience="public",
        public_state="investigating",
        texts={"en": telling.Words("We look.", "Trouble")},
        effects={entry: "degraded"},
    )
    values = {"audience": "reporters", "public_state": "", "name": "Ours", "title": "", "text": "{next}"}
    telling.keep_template(by=administrator, code="ours", language="en", **values)
    telling.name_stakeholder(incident_id=incident.pk, by=responder, person=administrator)
    telling.subscribe_to_news(person=administrator, by=administrator)
    StatusSubscriber.objects.create(address="who@example.org", language="en")
    authority = telling.keep_authority(
        by=administrator, name="Authority", deadline=timedelta(hours=24), template="{number}", language="en"
    )
    telling.require_report(incident_id=incident.pk, authority_id=authority.pk, by=responder)
