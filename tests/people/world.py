"""One of everything, each with a name of its own, so that a test can tell whose answer holds it."""

from dataclasses import dataclass
from datetime import date, time, timedelta
from io import BytesIO
from typing import Any

from django.utils import timezone

from actions import services as actions
from actions.links import About
from actions.models import Action, ImprovementPlan, Phase
from backups.choices import Outcome as RunOutcome
from backups.choices import RunKind
from backups.models import BackupPolicy, Copy, Repository, Run, Schedule
from catalog import services as catalog
from catalog.models import Dependency, Document, Provider, RecoveryMeasurement, Service, Site, System
from common.secrets import seal
from incidents import services as incidents
from incidents.models import Attachment, ClockTarget, Incident, IncidentTask, Review, SavedView
from ledger.models import Entry
from notify import services as notify
from notify.choices import DeliveryState, Outcome, Way
from notify.models import Attempt, Channel, Delivery, Message, Reminder, Subscription, Template
from people import services as people
from people.calendars import Window
from people.choices import Role
from people.models import (
    Absence,
    ApiKey,
    BrowserSession,
    Calendar,
    ContactMethod,
    DutyFeed,
    EscalationPolicy,
    Override,
    Roster,
    Rotation,
    Team,
    User,
)
from runbooks import services as runbooks
from runbooks.models import Plan
from tests.backups import rows
from tests.catalog.factories import DependencyFactory, MeasurementFactory, ServiceFactory, SiteFactory, SystemFactory
from tests.people.world_of_telling import Telling, make_telling
from tests.support.people import person

SOURCE_PASSWORD = "Zulu-source-password"
CONTACT_ADDRESS = "zulu.contact@example.org"
DEAD_ADDRESS = "zulu.recipient@example.org"
TAIL = "Zulu tail of pg_restore"


@dataclass
class World:
    """The rows. Names begin with Zulu, which stands nowhere else."""

    actor: User
    ana: User
    gone: User
    site: Site
    service: Service
    system: System
    idle: System
    dependency: Dependency
    spare: Dependency
    measurement: RecoveryMeasurement
    provider: Provider
    document: Document
    action: Action
    secret_action: Action
    done_action: Action
    over_action: Action
    improvement: ImprovementPlan
    phase: Phase
    repository: Repository
    policy: BackupPolicy
    copy: Copy
    backup: Run
    check: Run
    test: Run
    own: Incident
    plain: Incident
    restricted: Incident
    known: Incident
    active: Incident
    held: Incident
    resolved: Incident
    paper: Attachment
    picture: Attachment
    secret_paper: Attachment
    view: SavedView
    own_view: SavedView
    major: Incident
    merged: Incident
    task: IncidentTask
    done_task: IncidentTask
    drafted: Review
    waiting: Review
    case: Review
    plan: Plan
    draft: Plan
    message: Message
    others: Message
    delivery: Delivery
    attempt: Attempt
    channel: Channel
    subscription: Subscription
    template: Template
    reminder: Reminder
    key: ApiKey
    entry: Entry
    team: Team
    calendar: Calendar
    limit: ClockTarget
    roster: Roster
    idle_roster: Roster
    rotation: Rotation
    override: Override
    feed: DutyFeed
    feed_token: str
    own_feed: DutyFeed
    escalation: EscalationPolicy
    called: Incident
    absence: Absence
    own_absence: Absence
    contact: ContactMethod
    own_contact: ContactMethod
    own_session: BrowserSession
    own_key: ApiKey
    telling: Telling


def make_world(actor: User) -> World:
    """Everything once. actor: who looks at it; `own` and `message` are theirs."""
    return seen_by(actor, make_things())


def make_things() -> dict[str, Any]:
    """All rows that do not depend on who looks at them."""
    ana = person(Role.RESPONDER, username="zulu-ana", name="Zulu Ana", email=DEAD_ADDRESS)
    gone = person(Role.REPORTER, username="zulu-gone", name="Zulu Gone")
    people.deactivate(person_id=gone.pk, by="system:tests")
    around = {**_people(ana), **_catalog(), **_actions(ana)}
    incidents_made = _incidents(ana)  # they are about what is around
    things = {
        "ana": ana,
        "gone": gone,
        "entry": Entry.objects.filter(subject_id=str(ana.pk)).earliest("id"),
        "key": people.create_api_key(name="Zulu robot", role=Role.REPORTER, by="system:tests").row,
        **around,
        **incidents_made,
        "telling": make_telling(ana, *(incidents_made[name] for name in ("plain", "active", "held"))),
        **_duty(ana),
        **_messages(ana),
        **_plans(),
        **_backups(),
    }
    for thing in things.values():
        if isinstance(thing, Incident):
            thing.refresh_from_db()  # what came after it has moved it on
    return things


def seen_by(actor: User, things: dict[str, Any]) -> World:
    """The same rows, and what belongs to whoever looks at them. A program has no rows of its own: they are made."""
    now, day = timezone.now(), timedelta(days=1)
    mine = _message(actor, things["ana"], "Zulu message of mine")
    return World(
        actor=actor,
        own=incidents.report(by=actor, description="Zulu own incident"),
        own_view=SavedView.objects.create(owner=actor, name="Zulu own view", query="state=all"),
        message=mine,
        reminder=notify.remind(subject=mine, kind="zulu.due", due_at=now + 90 * day, to=[things["ana"]])[0],
        own_feed=people.make_feed(person=actor).row,
        own_absence=Absence.objects.create(person=actor, starts_at=now + day, ends_at=now + 2 * day),
        own_contact=ContactMethod.objects.create(person=actor, kind="email", address="own@example.org"),
        own_session=BrowserSession.objects.create(
            person=actor, session_key=str(actor.pk), device="Zulu device", address="::1", last_seen_at=now
        ),
        own_key=people.create_api_key(
            name="Zulu own key", role=Role.REPORTER, owner=actor, expires_at=now + day, by="system:tests"
        ).row,
        **things,
    )


def _people(ana: User) -> dict[str, Any]:
    now, day = timezone.now(), timedelta(days=1)
    people.begin_calendars(by="system:tests")
    calendar = people.add_calendar(name="Zulu hours", hours={0: [Window(time(9), time(17))]}, by="system:tests")
    people.add_day(calendar=calendar, date=date(2026, 10, 1), label="Zulu holiday", by="system:tests")
    return {
        "calendar": calendar,
        "team": people.add_team(name="Zulu team", members=[ana], by="system:tests"),
        "absence": people.plan_absence(person=ana, starts_at=now, ends_at=now + day, by="system:tests"),
        "contact": people.add_contact(person=ana, kind="email", address=CONTACT_ADDRESS, by="system:tests"),
    }


def _duty(ana: User) -> dict[str, Any]:
    now, day = timezone.now(), timedelta(days=1)
    roster, idle = (
        people.add_roster(name=name, time_zone="UTC", by="system:tests") for name in ("Zulu roster", "Zulu idle")
    )
    rotation = people.add_rotation(
        roster_id=roster.pk, name="Zulu turns", people=[ana], starts_on=now.date(), by="system:tests"
    )
    escalation = people.add_policy(
        name="Zulu calls", steps=[{"whom": "roster", "roster": roster, "after": day}], by="system:tests"
    )
    service = ServiceFactory(name="Zulu called service", escalation_policy=escalation)
    feed = people.make_feed(person=ana, roster=roster)
    called = incidents.report(by=ana, description="Zulu called incident", scales=(1, 1), services=[service])
    return {
        "roster": roster,
        "idle_roster": idle,
        "rotation": rotation,
        "override": people.add_override(
            roster_id=roster.pk, person=ana, starts_at=now + day, ends_at=now + 2 * day, by="system:tests"
        ),
        "feed": feed.row,
        "feed_token": feed.token,
        "escalation": escalation,
        "called": called,
    }


def _catalog() -> dict[str, Any]:
    service, system = ServiceFactory(name="Zulu service"), SystemFactory(name="Zulu system")
    other = SystemFactory(name="Zulu other system")
    provider = catalog.add_provider(name="Zulu provider", systems=[system], by="system:tests")
    document = catalog.add_document(title="Zulu document", provider=provider, by="system:tests")
    document = catalog.attach_file(
        document_id=document.pk, stream=BytesIO(b"Zulu paper"), name="zulu.txt", by="system:tests"
    )
    return {
        "provider": provider,
        "document": document,
        "idle": SystemFactory(name="Zulu idle system"),
        "site": SiteFactory(name="Zulu site"),
        "service": service,
        "system": system,
        "dependency": DependencyFactory(service=service, on_system=system),
        "spare": DependencyFactory(service=service, on_system=other),
        "measurement": MeasurementFactory(system=system, reference="RT-ZULU"),
    }


def _actions(ana: User) -> dict[str, Any]:
    day = timezone.now().date() + timedelta(days=9)

    def opened(title: str, **details: Any) -> Action:
        given = {"kind": "other", "owner": ana, "due_on": day, "by": "system:tests"} | details
        return actions.open_action(title=title, **given)

    done, over = opened("Zulu done action"), opened("Zulu cancelled action")
    phase = {"title": "Zulu phase", "starts_on": day, "ends_on": day}
    plan = actions.add_plan(title="Zulu improvement", owner=ana, phases=[phase], by="system:tests")
    about = About("catalog.system:zulu", "Zulu thing")
    return {
        "action": opened("Zulu action", kind="retest", about=about),
        "secret_action": opened("Zulu secret action", is_restricted=True),
        "done_action": actions.finish(action_id=done.pk, by=ana),
        "over_action": actions.cancel(action_id=over.pk, by="system:tests", reason="x"),
        "improvement": plan,
        "phase": plan.phases.get(),
    }


def _backups() -> dict[str, Any]:
    policy = rows.policy(
        "zulu-policy",
        source_secret=seal(SOURCE_PASSWORD),
        source={"host": "db", "port": 5432, "database": "zulu", "user": "zulu"},
    )
    Schedule.objects.create(policy=policy, kind=RunKind.BACKUP, rule="0 2 * * *", time_zone="UTC")
    copy = rows.copy_of(policy, name="zulu-copy")
    backup = rows.ended(policy, RunKind.BACKUP, RunOutcome.PASS, copy=copy, level=1)
    check = rows.ended(policy, RunKind.CHECK, RunOutcome.PASS, copy=copy, level=3)
    test = rows.ended(policy, RunKind.RESTORE_TEST, RunOutcome.PASS, copy=copy, level=5)
    rows.step(test, "restore", tail=TAIL, tool="pg_restore", command=["pg_restore", "--zulu-argument"])
    return {
        "repository": policy.repository,
        "policy": policy,
        "copy": copy,
        "backup": backup,
        "check": check,
        "test": test,
    }


def _incidents(ana: User) -> dict[str, Any]:
    times = {"calendar": Calendar.objects.get(name="Zulu hours"), "update_every": timedelta(hours=1)}
    times |= {"severity": 3, "acknowledge_within": timedelta(hours=1), "by": "system:tests"}
    incidents.promise(**times)
    limit = incidents.promise(**times, service=Service.objects.get(name="Zulu service"))
    plain = incidents.report(by=ana, description="Zulu plain incident")
    restricted = incidents.report(by=ana, description="Zulu restricted incident")
    known = incidents.report(by=ana, description="Zulu known incident")
    Incident.objects.filter(pk=restricted.pk).update(is_restricted=True, reporter=None)
    Incident.objects.filter(pk=known.pk).update(public_title="Zulu is slow for all")
    active, held, resolved = (
        incidents.acknowledge(incident_id=incidents.report(by=ana, description=f"Zulu {state} incident").pk, by=ana)
        for state in ("active", "held", "resolved")
    )
    major = incidents.acknowledge(incident_id=incidents.report(by=ana, description="Zulu major incident").pk, by=ana)
    incidents.declare_major(incident_id=major.pk, by=ana, reason="x")
    merged = incidents.report(by=ana, description="Zulu merged incident")
    incidents.merge(incident_id=merged.pk, into_id=major.pk, by=ana)
    done = incidents.add_task(incident_id=plain.pk, title="Zulu done task", by=ana)
    other = person(Role.RESPONDER, username="zulu-other", name="Zulu Other")
    png = b"\x89PNG\r\n\x1a\n Zulu picture"
    return {
        "paper": incidents.attach(incident_id=plain.pk, stream=BytesIO(b"Zulu kept log"), name="z.log", by=other),
        "picture": incidents.attach(incident_id=plain.pk, stream=BytesIO(png), name="z.png", by=None),
        "secret_paper": incidents.attach(
            incident_id=restricted.pk, stream=BytesIO(b"Zulu secret log"), name="z.log", by=ana
        ),
        "limit": limit,
        "view": SavedView.objects.create(owner=ana, name="Zulu view of another", query="state=all"),
        "major": major,
        "merged": merged,
        "done_task": incidents.finish_task(task_id=done.pk, by=ana),
        "task": incidents.add_task(incident_id=plain.pk, title="Zulu task", by=ana),
        "plain": plain,
        "restricted": restricted,
        "known": known,
        "active": active,
        "held": incidents.hold(
            incident_id=held.pk,
            by=ana,
            hold_reason="vendor",
            reason="x",
            resume_at=timezone.now() + timedelta(days=1),
        ),
        "resolved": incidents.resolve(incident_id=resolved.pk, by=ana),
        **_reviews(ana),
    }


def _reviews(ana: User) -> dict[str, Any]:
    """One of each: begun, sent for approval, in the library."""
    words = dict.fromkeys(("summary", "root_cause", "result", "lessons"), "Zulu words") | {"category": "design"}
    made = {}
    for name in ("drafted", "waiting", "case"):
        incident = incidents.report(by=ana, description=f"Zulu {name} review")
        incidents.acknowledge(incident_id=incident.pk, by=ana)
        incidents.resolve(incident_id=incident.pk, by=ana)
        review = incidents.begin_review(incident_id=incident.pk, by=ana)
        made[name] = incidents.write_review(review_id=review.pk, by=ana, changes=words)
    for name in ("waiting", "case"):
        made[name] = incidents.submit_review(review_id=made[name].pk, by=ana)
    manager = person(Role.MANAGER, username="zulu-manager", name="Zulu manager")
    made["case"] = incidents.approve_review(review_id=made["case"].pk, by=manager)
    return made


def _messages(ana: User) -> dict[str, Any]:
    others = _message(ana, ana, "Zulu message of another")
    delivery = Delivery.objects.create(
        message=others, way=Way.EMAIL, address=DEAD_ADDRESS, state=DeliveryState.DEAD, due_at=timezone.now()
    )
    channel = notify.add_channel(
        name="Zulu pager", kind="hook", address="https://zulu.example.org/hook?zulu-token", by="system:tests"
    ).row
    attempt = Attempt.objects.create(
        delivery=delivery, way=Way.EMAIL, outcome=Outcome.REFUSED, status=550, text="Zulu answer of a server"
    )
    return {
        "others": others,
        "delivery": delivery,
        "attempt": attempt,
        "channel": channel,
        "subscription": notify.subscribe(channel=channel, by="system:tests"),
        "template": notify.add_template(
            kind="ledger.head", language="en", subject="Zulu {head}", body="Zulu", by="system:tests"
        ),
    }


def _message(to: User, about: User, subject: str) -> Message:
    return Message.objects.create(
        kind="zulu.told",
        to=to,
        about_type="people.user",
        about_id=str(about.pk),
        about_label="Zulu",
        language="en",
        subject=subject,
        body="Zulu",
        dedupe_key=f"{subject}:{to.pk}",
    )


def _plans() -> dict[str, Any]:
    plan = runbooks.create_plan(reference="ZULU-1", by="system:tests")
    version = runbooks.draft_version(plan_id=plan.pk, by="system:tests")
    runbooks.write_text(
        version_id=version.pk, language="en", title="Zulu plan in force", text="Zulu words", by="system:tests"
    )
    runbooks.publish(version_id=version.pk, by="system:tests")
    runbooks.draft_version(plan_id=plan.pk, by="system:tests")
    return {"plan": plan, "draft": runbooks.create_plan(reference="ZULU-DRAFT", by="system:tests")}
