"""Services, systems and documents as files, each row by the services of this room."""

from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog import services
from catalog.choices import Criticality, DependencyKind, DocumentKind
from catalog.models import Dependency, Document, Provider, Service, Site, System
from ledger.admin.sheets import Choice, Day, Duration, Flag, Named, Number, Reference, References, Sheet, Text
from people.models import User

PERSON = Named(get_user_model(), by=("username", "email"), folds=True)
SERVICE, SYSTEM, SITE, PROVIDER = Named(Service), Named(System), Named(Site), Named(Provider)

NAME = Text("name", gettext_lazy("name"), is_required=True)
DESCRIPTION = Text("description", gettext_lazy("description"))
OWNER = Reference("owner", gettext_lazy("owner"), named=PERSON)
TARGETS = (
    Duration("recovery_time_objective", gettext_lazy("recovery time objective (RTO)")),
    Duration("recovery_point_objective", gettext_lazy("recovery point objective (RPO)")),
)
#: What a column of dependencies is called, by what is needed and how hard.
NEEDS = {
    ("on_system", DependencyKind.REQUIRED): gettext_lazy("systems it requires"),
    ("on_system", DependencyKind.DEGRADED): gettext_lazy("systems without which it works worse"),
    ("on_system", DependencyKind.OPTIONAL): gettext_lazy("systems it can do without"),
    ("on_service", DependencyKind.REQUIRED): gettext_lazy("services it requires"),
    ("on_service", DependencyKind.DEGRADED): gettext_lazy("services without which it works worse"),
    ("on_service", DependencyKind.OPTIONAL): gettext_lazy("services it can do without"),
}


def _use(subject: Any, is_active: bool, by: User) -> None:
    turn = services.bring_back if is_active else services.retire
    turn(subject=subject, by=by)


IN_USE = Flag("is_active", gettext_lazy("in use"), write=_use)


def _needed(side: str, kind: str, dependent: Service | System) -> list[Service | System]:
    return [getattr(each, side) for each in dependent.needs.all() if each.kind == kind and getattr(each, side)]


def _need(side: str, kind: str, dependent: Service | System, wanted: Collection[Any], by: User) -> None:
    """Exactly these of this kind. What was needed in another way is so no longer."""
    own = {"service" if isinstance(dependent, Service) else "system": dependent}
    there = Dependency.objects.filter(**own, **{f"{side}__isnull": False})
    names = {each.pk for each in wanted}
    for dependency in there:
        if (dependency.kind == kind) != (getattr(dependency, f"{side}_id") in names):
            services.remove_dependency(dependency_id=dependency.pk, by=by)
    known = set(there.values_list(f"{side}_id", flat=True))
    for each in sorted(wanted, key=lambda found: found.name):
        if each.pk not in known:
            services.add_dependency(**own, **{side: each}, kind=kind, by=by)  # type: ignore[arg-type]


def _dependencies(*sides: str) -> tuple[References, ...]:
    return tuple(
        References(
            f"{side.removeprefix('on_')}s_{kind}",
            label,
            is_late=True,
            write=partial(_need, side, str(kind)),
            named=SYSTEM if side == "on_system" else SERVICE,
            get=partial(_needed, side, str(kind)),
        )
        for (side, kind), label in NEEDS.items()
        if side in sides
    )


def _check_kinds(*sides: str) -> Callable[[Any, Mapping[str, Any], Collection[str]], Mapping[str, str]]:
    """One thing is needed in one way."""

    def check(row: Any, values: Mapping[str, Any], changed: Collection[str]) -> Mapping[str, str]:
        seen: dict[Any, str] = {}
        for column in _dependencies(*sides):
            for each in values.get(column.name, ()):
                if seen.setdefault(each.pk, column.name) != column.name:
                    said = _("“%(name)s” stands in two columns: it is needed in one way only.") % {"name": each}
                    return {column.name: said}
        return {}

    return check


#: A dependency with what it is on, so that a row is read without a question of its own.
_NEEDS_READ = (Prefetch("needs", Dependency.objects.select_related("on_system", "on_service")),)

SERVICES = Sheet(
    model=Service,
    key=("name",),
    related=("owner",),
    prefetched=_NEEDS_READ,
    check=_check_kinds("on_system", "on_service"),
    columns=(
        NAME,
        DESCRIPTION,
        Choice("criticality", gettext_lazy("criticality"), choices=Criticality.choices),
        OWNER,
        *TARGETS,
        Duration("maximum_tolerable_downtime", gettext_lazy("maximum tolerable period of disruption (MTPD)")),
        Text("minimum_objective", gettext_lazy("minimum business continuity objective (MBCO)")),
        Number("review_every_days", gettext_lazy("days between two reviews")),
        IN_USE,
        *_dependencies("on_system", "on_service"),
    ),
)

SYSTEMS = Sheet(
    model=System,
    key=("name",),
    related=("site", "owner"),
    prefetched=_NEEDS_READ,
    check=_check_kinds("on_system"),
    columns=(
        NAME,
        DESCRIPTION,
        Text("release", gettext_lazy("release")),
        Reference("site", gettext_lazy("site"), named=SITE),
        OWNER,
        *TARGETS,
        IN_USE,
        *_dependencies("on_system"),
    ),
)

DOCUMENTS = Sheet(
    model=Document,
    key=("title", "number", "provider", "service", "system"),
    related=("provider", "service", "system", "owner"),
    columns=(
        Text("title", gettext_lazy("title"), is_required=True),
        Choice("kind", gettext_lazy("kind"), choices=DocumentKind.choices),
        Text("number", gettext_lazy("number")),
        Reference("provider", gettext_lazy("provider"), named=PROVIDER),
        Reference("service", gettext_lazy("service"), named=SERVICE),
        Reference("system", gettext_lazy("system"), named=SYSTEM),
        OWNER,
        Day("expires_on", gettext_lazy("expires on")),
        IN_USE,
    ),
)
