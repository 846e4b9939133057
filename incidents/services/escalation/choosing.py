"""Which policy counts for an incident, from when on it calls, and by whose working hours."""

from datetime import datetime
from typing import Any

from catalog.choices import Criticality
from catalog.models import Service
from incidents.models import ClockTarget, Incident
from notify.ladders import quiet_until
from people.calendars import Hours
from people.choices import Beyond
from people.models import EscalationPolicy, Patience
from people.selectors import default_policy, hours_of, steps_of, working_hours, zone_of

#: The most needed service has the say.
ORDER = {Criticality.CRITICAL: 0, Criticality.IMPORTANT: 1, Criticality.NORMAL: 2}


def policy_for(incident: Incident) -> EscalationPolicy | None:
    """That of the most needed service which has one, else the organisation's. Exercises call nobody."""
    if incident.cause_key.startswith("exercise:"):
        return None
    having = incident.services.filter(escalation_policy__is_active=True).select_related("escalation_policy")
    services = sorted(having, key=_need)
    return services[0].escalation_policy if services else default_policy()


def calls_from(policy: EscalationPolicy, incident: Incident, now: datetime) -> datetime | None:
    """When calls about it may begin. None: nobody is called about what is no more severe."""
    if incident.severity <= policy.calls_up_to:
        return now
    return in_working_hours(incident, now) if policy.beyond == Beyond.WORKING_HOURS else None


def in_working_hours(incident: Incident, at: datetime) -> datetime:
    """This moment, or when people begin to work again on what is affected. Where they never do: this moment."""
    return quiet_until(at, hours_for(incident)) or at


def speaks_from(incident: Incident, now: datetime) -> datetime:
    """When reminders of it may come: at once where its policy calls at any hour, else in working hours."""
    policy = policy_for(incident)
    is_at_any_hour = policy is not None and incident.severity <= policy.calls_up_to
    return now if is_at_any_hour else in_working_hours(incident, now)


def hours_for(incident: Incident) -> Hours:
    """The calendar by which time counts for the most needed service with a time limit of its own, as its clock has it.

    Where none has one, that of the organisation.
    """
    own = ClockTarget.objects.filter(until=None, severity=incident.severity, service__in=incident.services.all())
    found = sorted(own.select_related("service", "calendar"), key=lambda target: _need(target.service))  # type: ignore[arg-type]  # of a service
    return hours_of([found[0].calendar])[found[0].calendar_id] if found else working_hours(zone_of(None))


def patience_for(incident: Incident) -> Patience | None:
    """How long it may stay silent. None: nobody minds."""
    policy = policy_for(incident)
    return policy.patience.filter(severity=incident.severity).first() if policy else None


def plan_of(policy: EscalationPolicy) -> dict[str, Any]:
    """The policy as it stands now: see EscalationRun. Empty where it calls nobody."""
    steps = [
        {
            "after": int(step.after.total_seconds()),
            "whom": step.whom,
            "person": _id(step.person_id),
            "roster": _id(step.roster_id),
            "team": _id(step.team_id),
            "urgency": step.urgency,
        }
        for step in steps_of(policy)
    ]
    pause = int(policy.pause.total_seconds())
    return {"steps": steps, "pause": pause, "repeat_count": policy.repeat_count} if steps else {}


def _need(service: Service) -> tuple[int, str]:
    return ORDER[Criticality(service.criticality)], service.name


def _id(pk: Any) -> str | None:
    return str(pk) if pk else None
