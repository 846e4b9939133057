"""A real source, a real repository, and policies between them."""

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from django.conf import settings
from django.db import connection

from backups import services
from backups.models import BackupPolicy, Repository, Run
from tests.backups.lab import lab, open_folder  # noqa: F401 - fixtures
from tests.catalog.factories import SystemFactory

#: What a hostile or careless person calls a database.
ODD_NAME = "-rf \"$(id)\n'; "


def run_sql(database: str, *statements: str) -> None:
    """As superuser of the tests' cluster."""
    own = psycopg2.connect(**{**connection.get_connection_params(), "dbname": database})
    with closing(own):
        own.autocommit = True
        with own.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


@pytest.fixture
def make_database() -> Iterator[Callable[[str], str]]:
    """Make a small database with something in it; gone afterwards."""
    made = []

    def make(name: str) -> str:
        name = f"{name}{settings.DATABASES['default']['NAME']}"[:60]
        run_sql("postgres", f"DROP DATABASE IF EXISTS {quoted(name)} WITH (FORCE)", f"CREATE DATABASE {quoted(name)}")
        made.append(name)
        run_sql(
            name,
            "CREATE TABLE customers (id serial PRIMARY KEY, name text, seen_at timestamptz DEFAULT now())",
            "INSERT INTO customers (name) SELECT 'customer ' || n FROM generate_series(1, 500) n",
            "CREATE TABLE orders (id serial PRIMARY KEY, customer int REFERENCES customers, note text)",
            "INSERT INTO orders (customer, note) SELECT n, repeat(md5(n::text), 20) FROM generate_series(1, 500) n",
        )
        return name

    yield make
    for name in made:
        run_sql("postgres", f"DROP DATABASE IF EXISTS {quoted(name)} WITH (FORCE)")


def source(database: str) -> dict[str, Any]:
    """How a policy describes a database of the tests' cluster."""
    own = settings.DATABASES["default"]
    return {"host": own["HOST"], "port": int(own["PORT"] or 5432), "database": database, "user": own["USER"]}


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return services.create_repository(by="system:tests", name="Vault", kind="local", location=str(tmp_path / "vault"))


@pytest.fixture
def make_policy(repository: Repository, make_database: Callable[[str], str]) -> Callable[..., BackupPolicy]:
    """A policy whose source is really there, made as an administrator makes it."""

    def make(name: str = "shop", database: str | None = None, **columns: Any) -> BackupPolicy:
        columns = {
            "name": name,
            "slug": name,
            "system": columns.pop("system", None) or SystemFactory(name=f"System of {name}"),
            "repository": repository,
            "source": source(database or make_database(name)),
            "password": settings.DATABASES["default"]["PASSWORD"],
            "fresh_for": timedelta(hours=26),
        } | columns
        return services.create_policy(by="system:tests", **columns)

    return make


@pytest.fixture
def policy(make_policy: Callable[..., BackupPolicy]) -> BackupPolicy:
    return make_policy()


def carried_out(policy: BackupPolicy, kind: str, **options: Any) -> Run:
    """Ask for a run and carry it out here, as a worker would."""
    run = services.request_run(policy_id=policy.pk, kind=kind, in_foreground=True, **options)
    services.carry_out(run_id=run.pk)
    return Run.objects.select_related("policy__repository", "copy").get(pk=run.pk)


def steps(run: Run) -> list[tuple[str, str]]:
    """The names of its steps with their outcomes."""
    return [(step.name, step.outcome) for step in run.steps.order_by("position")]
