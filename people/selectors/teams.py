"""Who belongs together, and who answers for whom."""

from django.db.models import Q, QuerySet

from people.choices import Role
from people.models import Membership, Team, User
from people.selectors.persons import Anyone, has_role, roles_of


def visible_teams(user: Anyone) -> QuerySet[Team]:
    """Teams that the user may see: those in use for everybody with a role; all for administrators and auditors."""
    if has_role(user, Role.ADMINISTRATOR, Role.AUDITOR):
        return Team.objects.all()
    if not roles_of(user):
        return Team.objects.none()
    return Team.objects.filter(is_active=True)


def teams_of(user: Anyone) -> QuerySet[Team]:
    """Teams in use that the person belongs to or manages."""
    return Team.objects.filter(Q(members=user.pk) | Q(manager=user.pk), is_active=True).distinct()


def members_of(team: Team) -> QuerySet[User]:
    """The people of the team who may sign in."""
    return User.objects.filter(teams=team, is_active=True)


def manager_of(person: User) -> User | None:
    """Who answers for the person: their own manager, else the manager of one of their teams. None: nobody is known.

    Managers who may not sign in any more answer for nobody.
    """
    own = person.manager
    if own is not None and own.is_active:
        return own
    teams = Team.objects.filter(members=person, is_active=True, manager__is_active=True).exclude(manager=person)
    led = teams.select_related("manager").order_by("name").first()
    return led.manager if led else None


def reports_of(manager: User) -> QuerySet[User]:
    """People who may sign in and for whom the manager answers: own reports, and the members of managed teams."""
    return User.objects.filter(_reports(manager), is_active=True).exclude(pk=manager.pk).distinct()


def people_of_manager(user: Anyone) -> QuerySet[User]:
    """Those whose things the user sees as *own team's*: nobody without the role Manager.

    For subqueries: `filter(owner__in=people_of_manager(user))`. Also people who have left.
    """
    if not isinstance(user, User) or not has_role(user, Role.MANAGER):
        return User.objects.none()
    return User.objects.filter(_reports(user)).exclude(pk=user.pk)


def managed_teams(user: Anyone) -> QuerySet[Team]:
    """Teams in use that the user leads as a manager: none without that role."""
    teams = Team.objects.filter(manager=user.pk, is_active=True)
    return teams if has_role(user, Role.MANAGER) else teams.none()


def _reports(manager: User) -> Q:
    in_team = Membership.objects.filter(team__manager=manager.pk, team__is_active=True).values("person")
    return Q(manager=manager.pk) | Q(pk__in=in_team)
