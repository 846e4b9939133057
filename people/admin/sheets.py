"""People and teams as files."""

from collections.abc import Collection, Mapping
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ledger.admin.sheets import Choice, Choices, Column, Day, Flag, Named, Reference, References, Sheet, Text
from people import services
from people.calendars import Window
from people.choices import Role
from people.models import CalendarDay, Team, User
from people.windows import read_windows, write_windows

#: By sign-in name; an e-mail address is understood as well.
PERSON = Named(User, by=("username", "email"), folds=True)
#: What a file never changes of somebody who may do everything: by these the account could be taken over, or closed.
GUARDED = {"email", "roles", "ends_on", "is_active"}


class Roles(Choices):
    """The roles that the product knows, in their order."""

    def of(self, row: User) -> frozenset[str]:
        return frozenset(group.name for group in row.groups.all() if group.name in Role.values)


class CalendarName(Text):
    """The calendar of a day, by its name."""

    def of(self, row: CalendarDay) -> str:
        return row.calendar.name


class Windows(Column):
    """The hours of one day: “09:00-12:00, 13:00-17:30”."""

    def of(self, row: CalendarDay) -> tuple[Window, ...]:
        return tuple(Window(each.opens, each.closes) for each in row.windows.all())

    def read(self, text: str) -> tuple[Window, ...]:
        return read_windows(text)

    def show(self, value: Any) -> str:
        return write_windows(value)


def check_person(row: User | None, values: Mapping[str, Any], changed: Collection[str]) -> Mapping[str, str]:
    """Nobody comes to do everything by a line in a file, and nobody who does is changed by one."""
    if row is None:
        return {"roles": _only_there()} if Role.ADMINISTRATOR in values.get("roles", ()) else {}
    if changed and row.is_machine:
        return {"username": _("This is a program, not a person. It is kept on its own page.")}
    if changed and row.anonymised_at is not None:
        return {"username": _("This person was anonymised and cannot come back. Let them in anew.")}
    is_guarded = row.is_superuser or Role.ADMINISTRATOR in {group.name for group in row.groups.all()}
    if is_guarded or Role.ADMINISTRATOR in values.get("roles", ()):
        return dict.fromkeys(sorted(GUARDED & set(changed)), _only_there())
    return {}


def _only_there() -> str:
    return _("An administrator is made, and changed in this, on the person's own page only, never by a file.")


def _here(people: QuerySet[User]) -> QuerySet[User]:
    """Without programs, and without those who were made unknown."""
    return people.filter(is_machine=False, anonymised_at=None)


def _let_in(person: User, is_active: bool, by: User) -> None:
    turn = services.reactivate if is_active else services.deactivate
    turn(person_id=person.pk, by=by)


def _use(team: Team, is_active: bool, by: User) -> None:
    turn = services.bring_back_team if is_active else services.retire_team
    turn(team_id=team.pk, by=by)


PEOPLE = Sheet(
    model=User,
    key=("username",),
    related=("manager",),
    prefetched=("groups",),
    only=_here,
    check=check_person,
    columns=(
        Text("username", gettext_lazy("sign-in name"), is_required=True, folds=True),
        Text("name", gettext_lazy("name"), is_required=True),
        Text("email", gettext_lazy("e-mail"), folds=True),
        Roles("roles", gettext_lazy("roles"), choices=Role.choices),
        Reference("manager", gettext_lazy("manager"), named=PERSON, is_late=True),
        Day("ends_on", gettext_lazy("account ends on")),
        Choice("language", gettext_lazy("language"), choices=settings.LANGUAGES, empty=""),
        Text("time_zone", gettext_lazy("time zone")),
        Flag("is_active", gettext_lazy("may sign in"), write=_let_in),
    ),
)

TEAMS = Sheet(
    model=Team,
    key=("name",),
    related=("manager",),
    prefetched=("members",),
    columns=(
        Text("name", gettext_lazy("name"), is_required=True, folds=True),
        Text("description", gettext_lazy("description")),
        Reference("manager", gettext_lazy("manager"), named=PERSON),
        References("people", gettext_lazy("members"), named=PERSON, get=lambda team: team.members.all()),
        Flag("is_active", gettext_lazy("in use"), write=_use),
    ),
)

DAYS = Sheet(
    model=CalendarDay,
    key=("calendar__name", "date"),
    related=("calendar",),
    prefetched=("windows",),
    columns=(
        CalendarName("calendar__name", gettext_lazy("calendar"), is_required=True, folds=True),
        Day("date", gettext_lazy("day"), is_required=True),
        Flag("is_working", gettext_lazy("is worked"), empty=False),
        Windows("windows", gettext_lazy("hours of this day"), empty=()),
        Text("label", gettext_lazy("what day it is")),
    ),
)
