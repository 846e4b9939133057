"""What the person who reported it may change: correct it, take it back, and say at the end how it went."""

import uuid
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from incidents.choices import EventKind, Stars, State
from incidents.errors import IsOver, NotOverYet, RatedBefore, Unfit
from incidents.models import Incident, Rating
from incidents.services.audience import stop_telling, tell_workers
from incidents.services.escalation import end_escalation
from incidents.services.reporting import check_lengths, first_words
from incidents.services.rows import BY_LINK, lock, save, write_down
from incidents.services.task_ends import drop_all
from incidents.services.times import check_order
from incidents.times import check_occurred
from people.models import User

#: What a reporter may correct, and nothing else.
CORRECTED = ("description", "place", "error_code", "steps_tried", "occurred_at")
#: A rating may be thought over for so long.
RATING_CHANGES_FOR = timedelta(days=7)
RATED_IN = (State.RESOLVED, State.IN_REVIEW, State.CLOSED)
REASON_LENGTH, RATING_LENGTH = 4000, 2000


@transaction.atomic
def correct(*, incident_id: uuid.UUID, by: User, changes: dict[str, Any], version: int | None = None) -> Incident:
    """The reporter says it better while somebody still works on it.

    changes: {one of CORRECTED: value}. A title that was made of the first words follows them until somebody took it
    over. Those who work on it hear of it. Raises Unfit, IsOver, ChangedSince.
    """
    incident, now = lock(incident_id, version), timezone.now()
    if not incident.is_live:
        raise IsOver
    wanted = {name: _plain(changes[name]) for name in CORRECTED if name in changes}
    check_lengths({name: text for name, text in wanted.items() if isinstance(text, str)})
    check_occurred(wanted.get("occurred_at"), now=incident.reported_at)
    changed = [name for name, value in wanted.items() if getattr(incident, name) != value]
    if not changed:
        return incident
    if not wanted.get("description", incident.description):
        raise Unfit(fields={"description": [_("Say what is wrong.")]})
    renamed = _name_anew(incident, wanted) if "description" in changed else []
    for name in changed:
        setattr(incident, name, wanted[name])
    check_order(incident, *changed)
    save(incident, *changed, *renamed)
    write_down(
        incident,
        EventKind.CORRECTED,
        verb="incident.corrected",
        by=by,
        now=now,
        text=incident.description if "description" in changed else "",
        values={"changed": sorted(changed)},
        is_public=True,
    )
    tell_workers(incident, "incident.corrected", but=by)
    return incident


@transaction.atomic
def withdraw(*, incident_id: uuid.UUID, by: User, reason: str, version: int | None = None) -> Incident:
    """The reporter takes it back: what nobody took over or has too is cancelled, else those at work are asked.

    What was to do in it is dropped, as with every end.

    Raises Unfit without a reason, IsOver, ChangedSince.
    """
    reason = reason.strip()
    if not reason or len(reason) > REASON_LENGTH:
        raise Unfit(fields={"reason": [_("Say why, in at most %(limit)s characters.") % {"limit": REASON_LENGTH}]})
    incident, now = lock(incident_id, version), timezone.now()
    if not incident.is_live:
        raise IsOver
    if _concerns_others(incident):
        values = {"asks_to_withdraw": True}
        write_down(
            incident,
            EventKind.REPLY,
            verb="incident.withdrawal_asked",
            by=by,
            now=now,
            text=reason,
            values=values,
            is_public=True,
        )
        tell_workers(incident, "incident.reply", but=by, asks_to_withdraw=True)
        return incident
    drop_all(incident, because=reason, by=by)
    incident.state, incident.cancelled_at = State.CANCELLED, now
    save(incident, "state", "cancelled_at")
    moved: dict[str, Any] = {"from": State.TRIAGE, "to": State.CANCELLED, "by_reporter": True}
    write_down(
        incident, EventKind.MOVED, verb="incident.withdrawn", by=by, now=now, text=reason, values=moved, is_public=True
    )
    end_escalation(incident, now=now)
    stop_telling(incident, now)
    tell_workers(incident, "incident.withdrawn", but=by)
    return incident


@transaction.atomic
def rate(*, incident_id: uuid.UUID, by: User | None, stars: int, text: str = "") -> Rating:
    """How it was handled, in the reporter's eyes: once, to be thought over for seven days.

    by: None for whoever used the tracking link. The same again changes nothing.
    Raises Unfit, NotOverYet, RatedBefore.
    """
    text = text.strip()
    if stars not in Stars.values:
        raise Unfit(fields={"stars": [_("Choose from 1 to 5.")]})
    if len(text) > RATING_LENGTH:
        raise Unfit(fields={"text": [_("At most %(limit)s characters.") % {"limit": RATING_LENGTH}]})
    incident, now = lock(incident_id), timezone.now()
    if _state_at_work(incident) not in RATED_IN:
        raise NotOverYet
    rating = Rating.objects.filter(incident=incident).first() or Rating(incident=incident, created_at=now)
    if (rating.stars, rating.text) == (stars, text):
        return rating
    if now - rating.created_at > RATING_CHANGES_FOR:
        raise RatedBefore
    rating.stars, rating.text, rating.by, rating.changed_at = stars, text, by, now
    rating.save()
    write_down(
        incident,
        EventKind.RATED,
        verb="incident.rated",
        by=by or BY_LINK,
        now=now,
        text=text,
        values={"stars": stars},
        is_public=True,
    )
    return rating


def _concerns_others(incident: Incident) -> bool:
    """Whether it is no longer its reporter's alone: in somebody's hands, joined, or what other reports went into."""
    is_in_hands = incident.state != State.TRIAGE or incident.is_major
    return is_in_hands or incident.followers.exists() or incident.merged.exists()


def _plain(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value


def _name_anew(incident: Incident, wanted: dict[str, Any]) -> list[str]:
    """Names that were made of the description follow it. Returns the columns that changed."""
    if incident.reported_as != first_words(incident.description):
        return []
    before, incident.reported_as = incident.reported_as, first_words(wanted["description"])
    if incident.state != State.TRIAGE or incident.title != before:
        return ["reported_as"]
    incident.title = incident.reported_as
    return ["reported_as", "title"]


def _state_at_work(incident: Incident) -> str:
    """How it stands where it is worked on, which may be another one."""
    return (incident.merged_into or incident).state


def may_still_rate(incident: Incident) -> bool:
    """Whether its reporter may rate it, or change the rating, now."""
    if _state_at_work(incident) not in RATED_IN:
        return False
    rating = Rating.objects.filter(incident=incident).first()
    return rating is None or timezone.now() - rating.created_at <= RATING_CHANGES_FOR
