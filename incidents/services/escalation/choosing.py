"""Which policy counts for an incident, and from when on it calls."""

from datetime import datetime
from typing import Any

from catalog.choices import Criticality
from incidents.models import Incident
from notify.ladders import quiet_until
from people.choices import Beyond
from people.models import EscalationPolicy, Patience
from people.selectors import default_policy, steps_of, working_hours, zone_of

#: The most needed service has the say.
ORDER = {Criticality.CRITICAL: 0, Criticality.IMPORTANT: 1, Criticality.NORMAL: 2}


def policy_for(incident: Incident) -> EscalationPolicy | None:
    """That of the most needed service which has one, else the organisation's. Exercises call nobody."""
    if incident.cause_key.startswith("exercise:"):
        return None
    having = incident.services.filter(escalation_policy__is_active=True).select_related("escalation_policy")
    services = sorted(having, key=lambda service: (ORDER[Criticality(service.criticality)], service.name))
    return services[0].escalation_policy if services else default_policy()


def calls_from(policy: EscalationPolicy, severity: int, now: datetime) -> datetime | None:
    """When calls about this severity may begin. None: nobody is called."""
    if severity <= policy.calls_up_to:
        return now
    return in_working_hours(now) if policy.beyond == Beyond.WORKING_HOURS else None


def in_working_hours(at: datetime) -> datetime:
    """This moment, or when people begin to work again."""
    return quiet_until(at, working_hours(zone_of(None))) or at


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


def _id(pk: Any) -> str | None:
    return str(pk) if pk else None
