"""Who is told about an incident."""

from datetime import datetime
from itertools import chain
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from incidents.models import Incident
from incidents.selectors.roles import held_now
from notify.choices import Urgency
from notify.events import Matter
from notify.models import Message
from notify.services import cancel, tell, tell_address
from people.choices import WORKING, Role
from people.models import User
from people.selectors import absent_now, with_role

#: Messages by which people who work on incidents hear of one.
WORKERS_HEAR = ("incident.reported", "incident.opened", "incident.came_back", "incident.failed_again")

#: Of these, channels hear as people who work on incidents do.
CHANNELS_HEAR = {
    *WORKERS_HEAR,
    *("incident.reopened", "incident.resumed", "incident.urgent", "incident.major", "incident.clock_over"),
}
#: Of these, reporters hear that something moved, and channels that it did.
MOVES = {"report.acknowledged", "report.mitigated", "report.resolved", "report.cancelled"}


def urgency_of(incident: Incident) -> str:
    """Severity 1 and 2 may not wait."""
    return Urgency.URGENT if incident.is_urgent else Urgency.NORMAL


def matter_of(incident: Incident) -> Matter | None:
    """By what channels choose it. None: it is restricted, or an exercise, and no channel hears of it."""
    if incident.is_restricted or incident.cause_key.startswith("exercise:"):
        return None
    services = frozenset(str(each) for each in incident.services.values_list("pk", flat=True))
    return Matter(str(incident.severity), services)


def tell_workers(
    incident: Incident, kind: str, *, but: User | None = None, urgency: str | None = None, **more: Any
) -> None:
    """The one in charge; without one the owners of what is affected and all responders; else administrators.

    Of a restricted one without anybody in charge its team hears, else administrators: others may not know of it.

    Whoever acts for those who are away hears of it too.  more: what the words of the message need beside it.
    """
    people = [incident.owner] if incident.owner and _is_answered_for(incident.owner) else _responders(incident)
    people = [*people, *in_roles(incident)]
    tell(
        kind=kind,
        about=incident,
        to=people,
        asks=True,
        but=[but],
        context={"incident": incident, **more},
        urgency=urgency or urgency_of(incident),
        matter=matter_of(incident) if kind in CHANNELS_HEAR else None,
    )


def tell_channels_only(incident: Incident, kind: str, **more: Any) -> None:
    """The same where people are called instead: channels hear it, and nobody else."""
    context = {"incident": incident, **more}
    tell(
        kind=kind, about=incident, to=[], context=context, matter=matter_of(incident) if kind in CHANNELS_HEAR else None
    )


def tell_everybody(incident: Incident, kind: str, *, but: User | None = None, **more: Any) -> None:
    """All who work on incidents, at once; of a restricted one only those who have a part in it."""
    people = [incident.owner, *in_roles(incident), *team_of(incident)]
    if not incident.is_restricted:
        people += [*owners_of(incident), *with_role(Role.RESPONDER, Role.MANAGER)]
    context = {"incident": incident, **more}
    tell(
        kind=kind,
        about=incident,
        to=people,
        asks=True,
        but=[but],
        context=context,
        urgency=Urgency.URGENT,
        matter=matter_of(incident),
    )


def tell_reporters(
    incident: Incident, kind: str, *, text: object = "", but: User | None = None, dedupe_key: str | None = None
) -> None:
    """Who reported it, on the tracking page; who joined, on the page of what they joined.

    Those of what was merged into it hear the same, each under their own title; nobody twice.
    """
    if kind in MOVES:
        tell_moved(incident, text=text)
    told = {but.pk} if but else set()
    for each in [incident, *incident.merged.select_related("reporter")]:
        told |= _tell_those_of(each, kind, text=text, told=told, dedupe_key=dedupe_key)


def tell_moved(incident: Incident, *, text: object = "") -> None:
    """Channels hear that its state is another one. What is told them under a name of its own is not told twice."""
    context = {"incident": incident, "text": text}
    tell(kind="incident.moved", about=incident, to=[], context=context, matter=matter_of(incident))


def _tell_those_of(incident: Incident, kind: str, *, text: object, told: set[Any], dedupe_key: str | None) -> set[Any]:
    """Returns the ids, and the addresses of those without an account, that were told now."""
    context = {"incident": incident, "text": text}
    new: set[Any] = set()
    if incident.reporter and incident.reporter.pk not in told:
        new.add(incident.reporter.pk)
        tell(
            kind=kind,
            about=incident,
            to=[incident.reporter],
            context={**context, "title": incident.told_title},
            url=incident.tracking_url,
            dedupe_key=dedupe_key,
        )
    address = incident.reporter_email.lower()
    if address and not incident.reporter and address not in told:
        new.add(address)
        tell_address(
            kind=kind,
            about=incident,
            address=address,
            language=incident.reporter_language,
            context={**context, "title": incident.told_title},
            url=incident.tracking_url,
            dedupe_key=dedupe_key,
        )
    joined = [person for person in incident.followers.all() if person.pk not in told | new]
    tell(
        kind=kind, about=incident, to=joined, context={**context, "title": incident.public_title}, dedupe_key=dedupe_key
    )
    return new | {person.pk for person in joined}


def tell_receipt(incident: Incident, by: User | str | None) -> None:
    """Somebody else entered the report: its reporter gets the tracking link, by mail where they have no account."""
    context = {"incident": incident, "title": incident.told_title, "by": by if isinstance(by, User) else None}
    url = incident.tracking_url
    if incident.reporter:
        tell(kind="report.received", about=incident, to=[incident.reporter], context=context, url=url)
    elif incident.reporter_email:
        address, language = incident.reporter_email, incident.reporter_language
        tell_address(
            kind="report.received", about=incident, address=address, language=language, context=context, url=url
        )


def stop_telling(incident: Incident, now: datetime) -> None:
    """What is still queued about it is old news."""
    cancel(about=incident, now=now)


def told_workers(incident: Incident) -> QuerySet[User]:
    """Those who heard of it as people who work on it."""
    about = {"about_type": incident._meta.label_lower, "about_id": str(incident.pk)}
    told = Message.objects.filter(**about, kind__in=WORKERS_HEAR).values("to")
    return User.objects.filter(pk__in=told)


def owners_of(incident: Incident) -> list[User]:
    """Owners of the affected systems and services, each once."""
    systems = [system.owner for system in incident.systems.select_related("owner")]
    services = [service.owner for service in incident.services.select_related("owner")]
    return list({owner.pk: owner for owner in [*systems, *services] if owner}.values())


def _is_answered_for(owner: User) -> bool:
    """Whether the one in charge is here, or somebody acts for them."""
    away = absent_now(timezone.now())
    return owner.is_active and (owner.pk not in away or away[owner.pk] is not None)


def in_roles(incident: Incident) -> list[User]:
    """Who has a role in a major incident."""
    return [role.person for role in held_now(incident)] if incident.is_major else []


def team_of(incident: Incident) -> list[User]:
    """Those of its team who work on incidents."""
    return list(with_role(*WORKING).filter(teams=incident.team)) if incident.team else []


def _responders(incident: Incident) -> list[User]:
    """Without one in charge: its team, else the owners of what is affected and all who may know of it."""
    if team := team_of(incident):
        return team
    if incident.is_restricted:
        return list(with_role(Role.ADMINISTRATOR))
    found = {person.pk: person for person in chain(owners_of(incident), with_role(Role.RESPONDER))}
    return list(found.values()) or list(with_role(Role.ADMINISTRATOR))
