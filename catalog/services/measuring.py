"""What was really achieved, and what it stood on: written by machines and clocks, never typed in."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from catalog.basis import fingerprint
from catalog.models import Basis, RecoveryMeasurement, Service, System
from catalog.selectors import basis_of
from common.clock import date_anew
from ledger.services import Note, record, record_many

REFERENCE_LENGTH = 60
LABEL_LENGTH = 200


@transaction.atomic
def record_measurement(
    *,
    origin: str,
    reference: str,
    url: str,
    stream: str = "",
    outcome: str,
    measured_at: datetime,
    system: System | None = None,
    service: Service | None = None,
    recovery_time: timedelta | None = None,
    data_loss: timedelta | None = None,
    bytes: int | None = None,  # noqa: A002  the column's own name
    basis: Mapping[str, str] | None = None,
) -> RecoveryMeasurement:
    """Keep what one restore test, drill or incident achieved for one system or service.

    reference, url: where it was measured.  stream: which way to recover, where there are several: proof judges the
    newest measurement of each.  basis: `selectors.basis_of` the subject taken when the work began;
    without it, what the subject stands on now.  data_loss: None means that it is not known.
    The same origin, reference and subject twice keeps the first and returns it.
    """
    subject = _one_of(service, system)
    new = RecoveryMeasurement(
        service=service,
        system=system,
        origin=origin,
        reference=reference[:REFERENCE_LENGTH],
        url=url,
        stream=stream,
        outcome=outcome,
        measured_at=measured_at,
        recovery_time=recovery_time,
        data_loss=data_loss,
        bytes=bytes,
        basis=dict(basis if basis is not None else basis_of(subject)),
    )
    RecoveryMeasurement.objects.bulk_create([new], ignore_conflicts=True)
    kept = RecoveryMeasurement.objects.get(origin=origin, reference=new.reference, service=service, system=system)
    if kept.pk == new.pk:
        data = {"origin": origin, "reference": new.reference, "outcome": outcome, "recovery_time": recovery_time}
        record(verb="measurement.recorded", subject=subject, actor=f"system:{origin}", data=data)
    return kept


@transaction.atomic
def date_measurements_anew(*, was: datetime, now: datetime) -> None:
    """The clock was ahead until now: what was measured by it is not newer than what is measured from now on."""
    measured = RecoveryMeasurement.objects.select_related("service", "system")
    notes = []
    for each in date_anew(measured, "measured_at", was=was, now=now):
        data = {"reference": each.reference, "measured_at": each.measured_at}
        notes.append(Note("measurement.dated_anew", each.service or each.system, data))
    if notes:
        record_many(notes=notes, actor="system:tick")


@transaction.atomic
def set_basis(
    *,
    part: str,
    fingerprint_of: Mapping[str, Any],
    label: str,
    now: datetime,
    system: System | None = None,
    service: Service | None = None,
) -> Basis:
    """Say what the recovery of a subject stands on now, in one part that a higher floor knows: `plan`, `backup_method`.

    fingerprint_of: plain values; proof turns stale when they differ from those of its measurement.
    label: short words for people.  Calling it with the same values again changes nothing but the label.
    The change that causes it has its own ledger entry.
    """
    _one_of(service, system)
    new = fingerprint(fingerprint_of)
    basis, created = Basis.objects.select_for_update().get_or_create(
        service=service,
        system=system,
        part=part,
        defaults={"fingerprint": new, "label": label[:LABEL_LENGTH], "changed_at": now},
    )
    if not created and (basis.fingerprint != new or basis.label != label[:LABEL_LENGTH]):
        if basis.fingerprint != new:
            basis.fingerprint, basis.changed_at = new, now
        basis.label = label[:LABEL_LENGTH]
        basis.save(update_fields=["fingerprint", "label", "changed_at"])
    return basis


@transaction.atomic
def remove_basis(*, part: str, system: System | None = None, service: Service | None = None) -> None:
    """The subject does not stand on this part any more, which is a change too. Safe to call twice."""
    _one_of(service, system)
    Basis.objects.filter(service=service, system=system, part=part).delete()


def _one_of(service: Service | None, system: System | None) -> Service | System:
    subject = service or system
    if subject is None or (service and system):
        raise ValueError("One system or one service is meant.")
    return subject
