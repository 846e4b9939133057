"""Who reads which entries of the ledger, and how an address asks for them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.http import QueryDict
from django.utils import timezone

import actions.selectors
import backups.selectors
import catalog.selectors
import incidents.selectors
import runbooks.selectors
from actions.models import Action, ImprovementPlan
from backups.models import BackupPolicy, Run
from catalog.models import Document, Provider, Service, System
from incidents.models import Incident
from ledger.models import Entry
from ledger.selectors import LONGEST, Asked, Place, about_any, asked_for, by_people
from people.choices import Role
from people.models import User
from people.selectors import Anyone, has_role, managed_teams, people_of_manager, works
from runbooks.models import Plan

#: So many things of a kind, the newest, are asked about at once.
MOST_SUBJECTS = 2000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
#: They read every entry.
READS_ALL = (Role.AUDITOR, Role.ADMINISTRATOR)
#: Kind of subject → the rows of it that somebody may see: whoever works and sees the thing reads its thread.
SUBJECTS: dict[str, Callable[[Anyone], QuerySet[Any]]] = {
    "incidents.incident": incidents.selectors.visible_to,
    "runbooks.plan": runbooks.selectors.visible_to,
    "actions.action": actions.selectors.visible_to,
    "backups.backuppolicy": lambda user: backups.selectors.visible_to(user, BackupPolicy),
    "backups.run": lambda user: backups.selectors.visible_to(user, Run),
    "catalog.service": lambda user: catalog.selectors.visible_to(user, Service),
    "catalog.system": lambda user: catalog.selectors.visible_to(user, System),
    "people.user": people_of_manager,
    "people.team": managed_teams,
}
#: What a manager's own people answer for: the entries about it are the manager's to read, whoever wrote them.
OWNED = (Action, ImprovementPlan, Service, System, Provider, Document, BackupPolicy, Plan, Incident)


@dataclass(frozen=True)
class Question:
    """What an address asks of the ledger. What it says wrongly is as if it were not said."""

    asked: Asked
    older_than: Place | None = None
    newer_than: Place | None = None
    since: date | None = None
    until: date | None = None
    #: Days that were named and are none.
    wrong_days: tuple[str, ...] = ()

    @classmethod
    def read(cls, query: QueryDict) -> "Question":
        """Days are those of the reader's zone, the last one included."""
        since, until = _day(query.get("since")), _day(query.get("until"))
        return cls(
            Asked(
                subject=_word(query, "subject"),
                actor=_word(query, "actor"),
                verb=_word(query, "verb"),
                subject_type=_word(query, "type"),
                subject_id=_word(query, "id"),
                since=beginning_of(since) if since else None,
                until=beginning_of(until + timedelta(days=1)) if until else None,
            ),
            _place(query.get("older")),
            _place(query.get("newer")),
            since,
            until,
            tuple(text for text in (query.get("since", ""), query.get("until", "")) if text and _day(text) is None),
        )

    @property
    def address(self) -> str:
        """Everything but the place, as it stands in an address; ends in & unless it is empty."""
        asked = self.asked
        said: dict[str, object] = {
            "subject": asked.subject,
            "actor": asked.actor,
            "verb": asked.verb,
            "type": asked.subject_type,
        }
        said |= {"id": asked.subject_id, "since": self.since or "", "until": self.until or ""}
        written = urlencode({name: value for name, value in said.items() if value})
        return f"{written}&" if written else ""


def may_read_all(user: Anyone) -> bool:
    """Whether every entry is open to the user, and a period may be taken along."""
    return has_role(user, *READS_ALL)


def may_read(user: Anyone) -> bool:
    """Whether the user has a ledger of their own to look into: all of it, or that of their own people and things."""
    return may_read_all(user) or has_role(user, Role.MANAGER)


def entries_for(user: Anyone, asked: Asked) -> QuerySet[Entry] | None:
    """What the user may see of what is looked for. None: this question is not theirs to ask."""
    if may_read_all(user):
        return asked_for(Entry.objects.all(), asked)
    if asked.is_thread and works(user) and _sees(user, asked):
        return asked_for(Entry.objects.all(), asked)
    if isinstance(user, User) and has_role(user, Role.MANAGER) and not asked.is_thread:
        return asked_for(Entry.objects.filter(_own(user)), asked)
    return None


def _own(manager: User) -> Q:
    """What the manager and the own people did, and what was done to them, their teams and what is theirs.

    Ids are read first: so the database adds up three of its indexes instead of walking through all of time.
    """
    reports = list(people_of_manager(manager).values_list("pk", flat=True))
    people = [manager.pk, *reports]
    about: dict[str, list[str]] = {
        "people.user": [str(pk) for pk in reports],
        "people.team": _ids(managed_teams(manager)),
    }
    for model in OWNED:
        of_people = Q(owner__in=people) | (Q(reporter__in=people) if model is Incident else Q())
        about[model._meta.label_lower] = _ids(_visible(manager, model).filter(of_people))
    return by_people(people) | about_any(about)


def _visible(user: User, model: type[Model]) -> QuerySet[Any]:
    """The rows that the user sees; where only few may, the ledger is no way around it."""
    visible = SUBJECTS.get(model._meta.label_lower)
    return visible(user) if visible else model._default_manager.all()


def _ids(rows: QuerySet[Any]) -> list[str]:
    return [str(pk) for pk in rows.order_by("-created_at").values_list("pk", flat=True)[:MOST_SUBJECTS]]


def _sees(user: Anyone, asked: Asked) -> bool:
    visible = SUBJECTS.get(asked.subject_type)
    if visible is None:
        return False
    rows = visible(user)
    try:
        key = rows.model._meta.pk.to_python(asked.subject_id)
    except ValidationError:
        return False
    return rows.filter(pk=key).exists()


def beginning_of(day: date) -> datetime:
    """When the day begins for the reader."""
    return timezone.make_aware(datetime.combine(day, time.min))


def _word(query: QueryDict, name: str) -> str:
    return query.get(name, "").replace("\0", "").strip()[:LONGEST]


def _day(text: str | None) -> date | None:
    try:
        found = date.fromisoformat(text or "")
    except ValueError:
        return None
    return found if date(2000, 1, 1) <= found <= date(9000, 1, 1) else None


def _place(text: str | None) -> Place | None:
    """`<microseconds since 1970>-<id>`, as `mark` writes it."""
    micros, _dash, number = (text or "").partition("-")
    if not all(part.isascii() and part.isdecimal() and len(part) < 18 for part in (micros, number)):
        return None
    try:
        return Place(EPOCH + timedelta(microseconds=int(micros)), int(number))
    except OverflowError:
        return None


def mark(place: Place | None) -> str:
    """A place as it stands in an address; empty for none."""
    return f"{(place.at - EPOCH) // timedelta(microseconds=1)}-{place.id}" if place else ""
