"""Who is told of an incident beside those who reported it, who decides what everybody reads, and what was told."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet
from django.db.models.functions import Substr
from django.utils.translation import gettext_lazy

from common.work import MOST, Urgency, WorkItem
from incidents.choices import RoleName
from incidents.clocks.choices import ClockKind
from incidents.clocks.counting import Clock
from incidents.clocks.reading import clocks_of
from incidents.models import (
    Authority,
    AuthorityReport,
    Incident,
    NewsSubscription,
    Stakeholder,
    StatusEntry,
    StatusPage,
    StatusSubscriber,
    Update,
    UpdateEffect,
)
from incidents.selectors.roles import held_now
from incidents.selectors.seeing import actionable_by, visible_to
from incidents.telling.choices import Audience, Effect, PageAudience, ReportState, Stage
from notify.choices import DeliveryState, Way
from notify.models import Delivery, Message
from notify.selectors import may_retry
from people.calendars import later
from people.models import User
from people.selectors import Anyone, members_of, reachable, reads_all, same_hands, works

UPDATES = 50
#: So many failed deliveries are listed one by one, the newest first.
FAILED = 20
FAILED_STATES = (DeliveryState.DEAD, DeliveryState.FAILED)
#: What a severity means to those who use a service, until somebody says otherwise.
SUGGESTED = {1: Effect.MAJOR.value, 2: Effect.PARTIAL.value, 3: Effect.DEGRADED.value, 4: Effect.DEGRADED.value}
#: What is next with a report to an authority.
REPORT_WORK = {
    ReportState.DUE: gettext_lazy("Write the report to an authority"),
    ReportState.DRAFTED: gettext_lazy("Approve the report to an authority"),
    ReportState.APPROVED: gettext_lazy("Send the report to an authority"),
    ReportState.RETURNED: gettext_lazy("Send the report to an authority"),
}


def status_page() -> StatusPage:
    """The settings of the status page; as the product has them until somebody sets it up."""
    return StatusPage.objects.first() or StatusPage()


def addresses_of_staff() -> QuerySet[User]:
    """Whose addresses are those of people who may read a status page for staff alone."""
    return User.objects.filter(is_active=True, is_machine=False, groups__isnull=False).exclude(email="")


def subscribers() -> QuerySet[StatusSubscriber]:
    """Who is written to now, the first first: no strangers while the page is for staff alone."""
    rows = StatusSubscriber.objects.filter(confirmed_at__isnull=False).order_by("confirmed_at")
    if status_page().audience == PageAudience.PUBLIC:
        return rows
    return rows.filter(address__in=addresses_of_staff().values("email"))


def publishers_of(incident: Incident) -> list[User] | None:
    """Who decides what everybody reads of it: the commander of a major incident. None: whoever works on incidents."""
    if not incident.is_major:
        return None
    commanders = [each.person for each in held_now(incident).filter(role=RoleName.COMMANDER)]
    return commanders or None


def may_publish(incident: Incident, user: Anyone) -> bool:
    """Whether the user decides what everybody reads of it."""
    deciding = publishers_of(incident)
    return works(user) if deciding is None else user.pk in {each.pk for each in deciding}


def writers_of(incident: Incident) -> list[User]:
    """Who writes the next update: communications of a major incident, else the one in charge. Empty: nobody yet."""
    if incident.is_major:
        speaking = [each.person for each in held_now(incident).filter(role=RoleName.COMMUNICATIONS)]
        if speaking:
            return speaking
    return [incident.owner] if incident.owner else []


def stakeholders_of(incident: Incident) -> list[User]:
    """People named at the incident, those of named teams, and, unless it is restricted, those who subscribed."""
    named = list(Stakeholder.objects.filter(incident=incident).select_related("person", "team"))
    people: list[User | None] = [each.person for each in named if each.person]
    for each in named:
        people += list(members_of(each.team)) if each.team else []
    if not incident.is_restricted:
        people += _subscribed(incident)
    return reachable(people)


def update_clock(incident: Incident, now: datetime) -> Clock | None:
    """The clock of the next update. None: none is promised now."""
    clock = clocks_of([incident], now)[incident.pk].of(ClockKind.UPDATE)
    return clock if clock is not None and clock.is_open else None


def next_update_by(incident: Incident, now: datetime) -> datetime | None:
    """When those who are told now hear of it again, as it is promised. None: nothing is promised."""
    clock = update_clock(incident, now)
    return later(clock.target.hours, now, clock.span) if clock else None


@dataclass
class Told:
    """One update and how far it came.

    people: how many it was written to.  reached: {way: how many took it}.  waiting, failed: how many deliveries;
    failures: those that failed, to look at.
    """

    update: Update
    people: int = 0
    reached: dict[str, int] = field(default_factory=dict)
    waiting: int = 0
    failed: int = 0
    failures: list[Delivery] = field(default_factory=list)


@dataclass(frozen=True)
class Telling:
    """What the page of an incident shows of what people were told."""

    told: list[Told]
    next_due: datetime | None
    may_publish: bool
    stakeholders: list[Stakeholder]
    public_is_behind: bool
    is_published: bool
    may_retry: bool
    reports: list[AuthorityReport]
    authorities: list[Authority]


def telling_of(incident: Incident, user: Anyone, now: datetime) -> Telling:
    """The last fifty updates with their deliveries, in a number of queries that does not grow."""
    updates = list(incident.updates.select_related("by", "settled_by").prefetch_related("texts", "effects")[:UPDATES])
    clock = update_clock(incident, now)
    publication = getattr(incident, "publication", None)
    reports = list(incident.authority_reports.select_related("incident", "authority"))
    named = {each.authority_id for each in reports}
    is_open = publication is not None and publication.resolved_at is None and publication.withdrawn_at is None
    return Telling(
        told=_told(updates),
        next_due=clock.due_at if clock else None,
        may_publish=may_publish(incident, user),
        stakeholders=list(incident.stakeholders.select_related("person", "team")),
        public_is_behind=is_open and not incident.is_live,
        is_published=publication is not None and publication.withdrawn_at is None,
        may_retry=may_retry(user),
        reports=reports,
        authorities=[each for each in Authority.objects.filter(is_active=True) if each.pk not in named],
    )


def entries_of(incident: Incident) -> list[StatusEntry]:
    """Services of the status page, those that stand for services of the incident first."""
    own = {each.pk for each in incident.services.all()}
    entries = StatusEntry.objects.filter(is_shown=True).select_related("service").prefetch_related("names")
    return sorted(entries, key=lambda entry: (entry.service_id not in own, entry.position))


def effects_so_far(incident: Incident) -> dict[Any, str]:
    """{id of a service of the status page: what was last published of it for this incident}"""
    rows = UpdateEffect.objects.filter(update__incident=incident, update__stage=Stage.SENT)
    return {row.entry_id: row.effect for row in rows.order_by("update__at")}


def effects_to_begin_with(incident: Incident, entries: list[StatusEntry]) -> dict[Any, str]:
    """What was published last, else what the severity suggests for the services of the incident."""
    own = {each.pk for each in incident.services.all()}
    suggested = {entry.pk: SUGGESTED[incident.severity] for entry in entries if entry.service_id in own}
    return effects_so_far(incident) or suggested


def updates_visible_to(user: Anyone) -> QuerySet[Update]:
    """Of incidents that the user reads whole."""
    if not reads_all(user):
        return Update.objects.none()
    return Update.objects.filter(incident__in=visible_to(user))


def waiting_updates() -> QuerySet[Update]:
    """Updates to the public that nobody has decided on."""
    return Update.objects.filter(stage=Stage.WAITING, audience=Audience.PUBLIC).select_related("incident", "by")


def messages_of_update(update: Update) -> QuerySet[Message]:
    """Who it was written to, with the deliveries, the first first."""
    deliveries = Delivery.objects.select_related("channel", "contact")
    rows = Message.objects.filter(dedupe_key__startswith=f"update:{update.pk}:").select_related("to")
    return rows.prefetch_related(Prefetch("deliveries", deliveries)).order_by("created_at", "pk")


def _told(updates: list[Update]) -> list[Told]:
    found = {str(update.pk): Told(update) for update in updates}
    mine = Q(pk__in=[])
    for pk in found:
        mine |= Q(message__dedupe_key__startswith=f"update:{pk}:")
    rows = Delivery.objects.filter(mine).annotate(update=Substr("message__dedupe_key", 8, 36))
    for row in rows.values("update", "way", "state").annotate(
        count=Count("pk"), people=Count("message", distinct=True)
    ):
        _count(found[row["update"]], dict(row))
    for each in rows.values("update").annotate(people=Count("message", distinct=True)):
        found[each["update"]].people = each["people"]
    failed = rows.filter(state__in=FAILED_STATES).select_related("message__to", "channel").order_by("-due_at")[:FAILED]
    for delivery in failed:
        found[delivery.update].failures.append(delivery)
    return list(found.values())


def _count(told: Told, row: dict[str, Any]) -> None:
    if row["state"] == DeliveryState.SENT:
        told.reached[str(Way(row["way"]).label)] = row["count"]
    elif row["state"] in FAILED_STATES:
        told.failed += row["count"]
    elif row["state"] != DeliveryState.CANCELLED:
        told.waiting += row["count"]


def _subscribed(incident: Incident) -> list[User]:
    services = {each.pk for each in incident.services.all()}
    rows = NewsSubscription.objects.select_related("person").prefetch_related("services")
    return [
        row.person
        for row in rows
        if (not row.severities or str(incident.severity) in row.severities)
        and (not (wanted := {each.pk for each in row.services.all()}) or wanted & services)
    ]


def telling_work(user: Anyone) -> list[WorkItem]:
    """News that wait for approval, and reports to authorities that are not sent: for all who may do it."""
    seen, own = actionable_by(user), same_hands(user)
    updates = [row for row in waiting_updates().filter(incident__in=seen)[:MOST] if may_publish(row.incident, user)]
    if status_page().needs_second_person:
        updates = [row for row in updates if row.by_id not in own]
    reports = AuthorityReport.objects.filter(state__in=[*REPORT_WORK], incident__in=seen).order_by("due_at")
    reports = reports.exclude(state=ReportState.DRAFTED, drafted_by__in=own).select_related("incident", "authority")
    return [*map(_update_item, updates), *map(_report_item, reports[:MOST])]


def _update_item(update: Update) -> WorkItem:
    return WorkItem(
        kind="incidents.approve_update",
        title=gettext_lazy("Approve news for the status page"),
        about=f"{update.incident.reference} {update.incident.shown_title}",
        url=f"{update.incident.get_absolute_url()}updates/{update.pk}/",
        since=update.at,
        state_word=update.get_stage_display(),
        urgency=Urgency.NOW,
    )


def _report_item(report: AuthorityReport) -> WorkItem:
    return WorkItem(
        kind="incidents.authority_report",
        title=REPORT_WORK[ReportState(report.state)],
        about=f"{report.incident.reference} · {report.authority}",
        url=report.get_absolute_url(),
        since=report.counted_from,
        due_at=report.due_at,
        state_word=report.get_state_display(),
        urgency=Urgency.NOW,
    )
