"""Who is being called about an incident: what was done, and what comes next."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from incidents.choices import CallState, State
from incidents.models import EscalationRun, EscalationStepTaken, Incident
from people.choices import Whom
from people.models import Roster, Team, User
from people.selectors import called_by

#: Where somebody can be called at all.
CALLABLE = (State.TRIAGE, State.ACTIVE)


@dataclass(frozen=True)
class Next:
    """The step that comes. names: whom it would call now; empty: everybody who works on incidents, or nobody.

    is_last: it tells everybody that nobody answered.
    """

    position: int
    round: int
    due_at: datetime
    names: str
    whom: str
    is_last: bool


@dataclass(frozen=True)
class Calling:
    """The newest calls. run: None where nobody was ever called.  taken: newest first.  next: None: nobody comes.

    may_escalate, may_confirm: whether the state allows to call on, and to say that somebody is on it.
    """

    run: EscalationRun | None
    taken: list[EscalationStepTaken]
    next: Next | None
    may_escalate: bool
    may_confirm: bool

    @property
    def last_step(self) -> int:
        """The number of its last step; the one after it tells everybody."""
        return len(self.run.plan["steps"]) if self.run else 0

    @property
    def is_shown(self) -> bool:
        """Whether there is anything to say or to do."""
        return self.run is not None or self.may_escalate


def calling_of(incident: Incident) -> Calling:
    """What the page shows of it, in a number of queries that does not grow."""
    run = incident.escalations.order_by("-started_at").first()
    steps = list(run.steps.order_by("-round", "-position")) if run else []
    due = next((step for step in steps if step.state == CallState.DUE), None)
    goes_on = run is not None and run.ended_at is None
    return Calling(
        run=run,
        taken=[step for step in steps if step.state in {CallState.TAKEN, CallState.UNREACHED}],
        next=_next(due, run, incident) if due and run and goes_on else None,
        may_escalate=incident.state in CALLABLE,
        may_confirm=goes_on and incident.state == State.ACTIVE,
    )


def _next(due: EscalationStepTaken, run: EscalationRun, incident: Incident) -> Next:
    steps = run.plan["steps"]
    if due.position > len(steps):
        return Next(due.position, due.round + 1, due.due_at, "", "", is_last=True)
    step = steps[due.position - 1]
    people = called_by(
        whom=step["whom"],
        person=User.objects.filter(pk=step["person"]).first() if step["person"] else None,
        roster=Roster.objects.filter(pk=step["roster"]).first() if step["roster"] else None,
        team=Team.objects.filter(pk=step["team"]).first() if step["team"] else incident.team,
        owners=_owners(incident) if step["whom"] == Whom.SERVICE_OWNER else [],
        at=max(due.due_at, timezone.now()),
    )
    names = ", ".join(str(person) for person in people)
    return Next(due.position, due.round + 1, due.due_at, names, str(Whom(step["whom"]).label), is_last=False)


def _owners(incident: Incident) -> list[User]:
    found = [each.owner for each in incident.services.select_related("owner") if each.owner]
    return list(dict.fromkeys(found))
