"""Measurements are written once, by machines, with what they stood on; a change since then shows."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from catalog.choices import Origin, Outcome, Part, Proof, Reason
from catalog.models import RecoveryMeasurement, System
from catalog.selectors import basis_of, proof_of_system
from catalog.services import add_dependency, change_system, record_measurement, remove_basis, set_basis
from ledger.models import Entry
from tests.catalog.factories import SiteFactory, SystemFactory

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture
def system():
    return SystemFactory(name="Shop database", release="PostgreSQL 18.6", recovery_time_objective=4 * HOUR)


def measure(system, **facts):
    facts = {
        "origin": Origin.RESTORE_TEST,
        "reference": "RT-0001",
        "url": "/backups/runs/RT-0001/",
        "outcome": Outcome.PASS,
        "measured_at": timezone.now(),
        "recovery_time": HOUR,
        **facts,
    }
    return record_measurement(system=system, **facts)


def test_a_measurement_makes_proof(system):
    assert proof_of_system(system).reason == Reason.NEVER
    measurement = measure(system)
    verdict = proof_of_system(system)
    assert (verdict.proof, verdict.measurement) == (Proof.PROVEN, measurement)
    entry = Entry.objects.get(verb="measurement.recorded")
    assert (entry.subject_id, entry.actor_label) == (str(system.pk), "system:restore_test")


def test_the_same_result_twice_is_kept_once(system):
    first = measure(system)
    assert measure(system, recovery_time=9 * HOUR) == first
    assert RecoveryMeasurement.objects.get().recovery_time == HOUR
    assert Entry.objects.filter(verb="measurement.recorded").count() == 1


@pytest.mark.parametrize(
    ("change", "part"),
    [
        (lambda s: change_system(system_id=s.pk, by="system:test", release="PostgreSQL 19.1"), Part.SYSTEM),
        (lambda s: change_system(system_id=s.pk, by="system:test", site=SiteFactory()), Part.SYSTEM),
        (lambda s: System.objects.filter(pk=s.pk).update(release="19"), Part.SYSTEM),
        (lambda s: add_dependency(by="system:test", system=s, on_system=SystemFactory()), Part.DEPENDENCIES),
        (
            lambda s: set_basis(
                system=s, part=Part.BACKUP_METHOD, fingerprint_of={"engine": "b"}, label="", now=timezone.now()
            ),
            Part.BACKUP_METHOD,
        ),
        (lambda s: remove_basis(system=s, part=Part.BACKUP_METHOD), Part.BACKUP_METHOD),
    ],
    ids=["release", "site", "behind the services", "dependency", "backup method", "backup method gone"],
)
def test_a_change_since_the_measurement_makes_it_stale_and_is_named(system, change, part):
    set_basis(
        system=system, part=Part.BACKUP_METHOD, fingerprint_of={"engine": "a"}, label="pg_dump", now=timezone.now()
    )
    measure(system)
    change(system)
    verdict = proof_of_system(system)
    assert (verdict.proof, verdict.reason, verdict.changed) == (Proof.STALE, Reason.CHANGED, (part,))


def test_what_does_not_matter_for_recovery_changes_no_proof(system):
    measure(system)
    change_system(system_id=system.pk, by="system:test", description="The one in the cellar", name="Shop DB")
    assert proof_of_system(system).proof == Proof.PROVEN


def test_changed_back_it_is_proven_again(system):
    measure(system)
    for release in ("PostgreSQL 19.1", "PostgreSQL 18.6"):
        change_system(system_id=system.pk, by="system:test", release=release)
    assert proof_of_system(system).proof == Proof.PROVEN


def test_a_change_while_it_was_measured_shows_too(system):
    at_its_start = basis_of(system)
    change_system(system_id=system.pk, by="system:test", release="PostgreSQL 19.1")
    measure(system, basis=at_its_start)
    assert proof_of_system(system).reason == Reason.CHANGED


def test_the_same_basis_again_keeps_the_moment_of_its_change(system):
    then = timezone.now() - timedelta(days=3)
    first = set_basis(system=system, part=Part.PLAN, fingerprint_of={"v": 1, "h": "x"}, label="Plan 1", now=then)
    again = set_basis(
        system=system, part=Part.PLAN, fingerprint_of={"h": "x", "v": 1}, label="Plan one", now=timezone.now()
    )
    assert (again.pk, again.changed_at, again.label) == (first.pk, then, "Plan one")
    changed = set_basis(system=system, part=Part.PLAN, fingerprint_of={"v": 2}, label="Plan 2", now=timezone.now())
    assert changed.changed_at > then


def test_a_measurement_is_of_one_thing():
    with pytest.raises(ValueError, match="One system or one service"):
        measure(None)


def test_the_database_refuses_a_pass_without_a_time_and_a_measurement_of_nothing(system):
    good = {
        "origin": Origin.DRILL,
        "reference": "D",
        "url": "",
        "measured_at": timezone.now(),
        "outcome": Outcome.PASS,
        "recovery_time": HOUR,
        "system": system,
    }
    for wrong in [{"recovery_time": None}, {"system": None}, {"outcome": "fine"}, {"origin": "said so"}]:
        with pytest.raises(IntegrityError), transaction.atomic():
            RecoveryMeasurement.objects.create(**good | wrong)
