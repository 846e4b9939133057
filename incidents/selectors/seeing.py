"""Who sees which incidents, and who may act on them. Everything else is not there for them."""

from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from incidents.choices import LIVE, TO_DO
from incidents.models import Incident, IncidentRole, IncidentTask
from people.choices import Role
from people.selectors import (
    Anyone,
    has_role,
    managed_teams,
    organisation,
    people_of_manager,
    reads_all,
    roles_of,
    teams_of,
    whose_duties,
    works,
)

#: Everybody with a role may report, but those who only read.
REPORTING = (Role.REPORTER, Role.RESPONDER, Role.MANAGER, Role.REVIEWER, Role.ADMINISTRATOR)
#: Stands for somebody who is not signed in.
NOBODY = UUID(int=0)
#: Restricted ones too.
SEES_RESTRICTED = (Role.AUDITOR, Role.ADMINISTRATOR)


def visible_to(user: Anyone) -> QuerySet[Incident]:
    """Incidents that the user reads whole.

    Responders and managers: all but restricted ones in which neither they nor anybody for whom they act has a part
    (`_part`); managers also those that people of their own teams reported or own, or that are with these teams.
    Auditors and administrators: all. Reporters and reviewers: what they reported.
    """
    if has_role(user, *SEES_RESTRICTED):
        return Incident.objects.all()
    if works(user):
        return Incident.objects.filter(Q(is_restricted=False) | _part(user) | _of_own_people(user))
    return reported_by(user)


def open_to(user: Anyone) -> QuerySet[Incident]:
    """The same, and those that the user joined, of which only the public part may be shown."""
    if reads_all(user):
        return visible_to(user)
    if not roles_of(user):
        return Incident.objects.none()
    return Incident.objects.filter(_own(user))


def opened_by(user: Anyone, ids: set[str]) -> set[str]:
    """Of these ids, those whose page the user may open: for rooms below, which know incidents by name alone."""
    return {str(pk) for pk in open_to(user).filter(pk__in=ids).values_list("pk", flat=True)}


def actionable_by(user: Anyone) -> QuerySet[Incident]:
    """Incidents that the user works on."""
    return visible_to(user) if works(user) else Incident.objects.none()


def can_act(user: Anyone) -> bool:
    """Whether the user works on incidents at all."""
    return works(user)


def reads_timeline(user: Anyone) -> bool:
    """Whether the user reads more of an incident than its reporter does."""
    return reads_all(user)


def may_report(user: Anyone) -> bool:
    """Whether the user may say that something is wrong."""
    return has_role(user, *REPORTING)


def may_report_here(user: Anyone) -> bool:
    """The same on the page, which may be open to everybody."""
    return may_report(user) or (not user.is_authenticated and organisation().anyone_may_report)


def corrected_by(user: Anyone) -> QuerySet[Incident]:
    """Reports that the user may correct or take back: own ones, and those entered for somebody else."""
    if not may_report(user):
        return Incident.objects.none()
    return Incident.objects.filter(Q(reporter=user.pk) | Q(entered_by=user.pk))


def reported_by(user: Anyone) -> QuerySet[Incident]:
    """What the user reported."""
    if not roles_of(user):
        return Incident.objects.none()
    return Incident.objects.filter(reporter=user.pk)


def joinable_by(user: Anyone) -> QuerySet[Incident]:
    """Known problems that are offered to people who see the same: live, not restricted, with a public title."""
    if not may_report_here(user):
        return Incident.objects.none()
    return Incident.objects.filter(state__in=LIVE, is_restricted=False).exclude(public_title="")


def tracked(token: str) -> QuerySet[Incident]:
    """The one incident whose tracking page has this address, for whoever knows it."""
    return Incident.objects.filter(tracking_token=token)


def _own(user: Anyone) -> Q:
    joined = Incident.followers.through.objects.filter(incident_id=OuterRef("pk"), user_id=user.pk or NOBODY)
    return Q(reporter=user.pk) | Q(Exists(joined))


def _part(user: Anyone) -> Q:
    """In charge, in a role, with a task that is still to do, or in its team: oneself or for somebody who is away."""
    duties = whose_duties(user)
    roles = IncidentRole.objects.filter(incident=OuterRef("pk"), person__in=duties, until__isnull=True)
    tasks = IncidentTask.objects.filter(incident=OuterRef("pk"), assignee__in=duties, state__in=TO_DO)
    team = Q(team__in=teams_of(user).values("pk"))
    return Q(owner__in=duties) | Q(Exists(roles)) | Q(Exists(tasks)) | team | _own(user)


def _of_own_people(user: Anyone) -> Q:
    own = people_of_manager(user).values("pk")
    return Q(reporter__in=own) | Q(owner__in=own) | Q(team__in=managed_teams(user).values("pk"))
