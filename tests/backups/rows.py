"""Rows of backups as pages show them: policies, and runs that are queued, running or ended."""

import uuid
from datetime import timedelta

from django.utils import timezone

from backups.choices import Outcome, RunKind, RunState
from backups.models import Assertion, BackupPolicy, Copy, PolicySource, Repository, Run, Step
from tests.catalog.factories import SystemFactory


def policy(name="mail", **fields) -> BackupPolicy:
    """A policy of a system of its own, in the one repository of these tests."""
    place = Repository.objects.get_or_create(location="/copies", defaults={"name": "Copies"})[0]
    system = fields.pop("system", None) or SystemFactory(name=f"System of {name}", recovery_time_objective=_hours(4))
    settings, secret = fields.pop("source", {}), fields.pop("source_secret", "")
    made = BackupPolicy.objects.create(name=name, slug=name, system=system, repository=place, **fields)
    PolicySource.objects.create(policy=made, position=1, name="database", settings=settings, secret=secret)
    return made


def copy_of(plan: BackupPolicy, **fields) -> Copy:
    """A copy taken an hour ago."""
    manifest = {"files": [{"name": "database.dump", "bytes": 1000, "sha256": "a" * 64}]}
    fields = {"name": f"{plan.slug}-{uuid.uuid4().hex[:8]}", "bytes": 1000, "manifest": manifest} | fields
    fields.setdefault("taken_at", timezone.now() - _hours(1))
    return Copy.objects.create(policy=plan, repository=plan.repository, **fields)


def ended(plan: BackupPolicy, kind: RunKind, outcome: Outcome, **fields) -> Run:
    """A run that ended just now, after a minute."""
    now = timezone.now()
    fields = {"started_at": now - timedelta(minutes=1), "ended_at": now, "attempts": 1} | fields
    return _read(Run.objects.create(policy=plan, kind=kind, state=RunState.ENDED, outcome=outcome, **fields))


def running(plan: BackupPolicy, kind: RunKind) -> Run:
    """A run in the hands of a worker."""
    now = timezone.now()
    return _read(
        Run.objects.create(
            policy=plan,
            kind=kind,
            state=RunState.RUNNING,
            started_at=now,
            attempts=1,
            lease_until=now + timedelta(minutes=1),
            lease_token=uuid.uuid4(),
        )
    )


def step(run: Run, name: str, *, outcome="pass", seconds=2, **fields) -> Step:
    """One step that took some seconds; running ones have no end."""
    position = run.steps.count() + 1
    began = (run.started_at or timezone.now()) + timedelta(seconds=position)
    over = None if outcome == "running" else began + timedelta(seconds=seconds)
    return Step.objects.create(
        run=run, position=position, name=name, outcome=outcome, started_at=began, ended_at=over, **fields
    )


def asserted(run: Run, label: str, *, found="1", expected="1", outcome="pass") -> Assertion:
    """One question with its answer."""
    return Assertion.objects.create(
        run=run, position=run.assertions.count() + 1, label_code="declared", label_values={"label": label},
        expected=expected, found=found, outcome=outcome,
    )  # fmt: skip


def _read(run: Run) -> Run:
    """With the number that the database gave it."""
    return Run.objects.get(pk=run.pk)


def _hours(count: int) -> timedelta:
    return timedelta(hours=count)
