"""Whether this release and the database fit each other: each names the migrations that it knows."""

from dataclasses import dataclass
from functools import cache

from django.db import connection
from django.db.migrations.loader import MigrationLoader

Names = frozenset[tuple[str, str]]

#: A table that is there from the first to the last step of bringing a copy back: until then the data is not whole.
UNFINISHED = "holdfast_unfinished"


@dataclass(frozen=True)
class Fit:
    """Migrations as `app.name`. unknown: the database has them and this release does not.  missing: the reverse.

    is_unfinished: a copy was being brought back, and whoever did that was ended before the end.
    """

    unknown: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    is_unfinished: bool = False

    @property
    def is_newer(self) -> bool:
        """A newer release has worked on this database: writing to it could destroy what that release relies on."""
        return bool(self.unknown)

    @property
    def sentence(self) -> str:
        """What is wrong and what to do, on one line; empty when they fit."""
        if self.is_unfinished:
            return "A copy was being brought back, and not to the end: run manage.py restore_holdfast again."
        if self.unknown:
            return (
                f"The database was made by a newer release of Holdfast (it has {_some(self.unknown)}, unknown here): "
                "install that release, or bring back a copy from before it with manage.py restore_holdfast."
            )
        if self.missing:
            return f"The database is of an older release ({_some(self.missing)} missing): run manage.py prepare."
        return ""


def fit() -> Fit:
    """Compare. Raises what the database raises when it is away."""
    applied, (known, replaced) = _applied(), _known()
    # Once its migrations are squashed, a release knows the single ones by name only, and either way fits.
    missing = {name for name in known - applied if name not in replaced}
    return Fit(_sorted(applied - known - replaced), _sorted(missing), is_unfinished=_is_there(UNFINISHED))


def _applied() -> Names:
    if not _is_there("django_migrations"):
        return frozenset()
    with connection.cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations")
        return frozenset(cursor.fetchall())


def _is_there(table: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [table])
        return bool(cursor.fetchone()[0])


@cache
def _known() -> tuple[Names, Names]:
    """Those on this disk, and those that they replace. The code of a process does not change, so it looks once."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    disk = loader.disk_migrations or {}
    replaced = frozenset(name for migration in disk.values() for name in migration.replaces)
    squashing = frozenset(name for name, migration in disk.items() if migration.replaces)
    return frozenset(disk) - squashing, replaced | squashing


def _sorted(names: Names | set[tuple[str, str]]) -> tuple[str, ...]:
    return tuple(f"{app}.{name}" for app, name in sorted(names))


def _some(names: tuple[str, ...]) -> str:
    more = f" and {len(names) - 2} more" if len(names) > 2 else ""
    return ", ".join(names[:2]) + more
