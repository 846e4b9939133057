"""Who is called when nobody answers."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet

from people.choices import Whom
from people.models import EscalationPolicy, EscalationStep, Roster, Team, User
from people.selectors.duty import on_duty
from people.selectors.persons import Anyone, reads_all


def visible_policies(user: Anyone) -> QuerySet[EscalationPolicy]:
    """Policies are for those who work, and those who audit."""
    return EscalationPolicy.objects.all() if reads_all(user) else EscalationPolicy.objects.none()


def default_policy() -> EscalationPolicy | None:
    """The policy of everything that has none of its own. None: nobody set one."""
    return EscalationPolicy.objects.filter(is_default=True, is_active=True).first()


def called_by(
    *, whom: str, person: User | None, roster: Roster | None, team: Team | None, owners: Iterable[User], at: datetime
) -> list[User]:
    """The people whom a step calls at this moment, as planned: whoever acts for the absent is not among them yet.

    owners: those of the services it is about.  team: that of the step, else of what it is about.
    """
    if whom == Whom.PERSON:
        return [person] if person else []
    if whom == Whom.ROSTER:
        found = on_duty(roster, at) if roster else None
        return [found.instead_of or found.person] if found else []
    if whom == Whom.TEAM:
        return list(team.members.filter(is_active=True)) if team else []
    if whom == Whom.TEAM_MANAGER:
        return [team.manager] if team and team.manager else []
    return list(owners)


def steps_of(policy: EscalationPolicy) -> QuerySet[EscalationStep]:
    """Its steps in order, with what they name."""
    return policy.steps.select_related("person", "roster", "team").order_by("position")
