"""Whether a recovery target is shown to be met. Pure: computed from what was measured, never stored.

Decided here, where the field leaves room:
- A system's target is its own; what it lacks it takes from the strictest of the services that stand on it.
- A service holds each system that it requires to the stricter of the system's target and its own: a database that
  takes two hours does not prove a service that must be back in one.
- Without a recovery time objective nothing can be proven (`no_target`); what was measured is still shown.
- With a recovery point objective, a data loss that nobody measured is unproven (`loss_unknown`).
- A subject may have several ways to recover, each with measurements of its own: its streams. The newest measurement
  of each stream is judged, and the subject is as bad as the worst: one policy's success is no proof of another.
- A part of the basis that came or went since the measurement is a change like any other.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Self

from catalog.choices import Outcome, Proof, Reason
from catalog.models import RecoveryMeasurement, Service, System
from catalog.words import why

#: Every reason with the proof it leaves, the worst first.
PROOF_OF = {
    Reason.FAILED: Proof.UNPROVEN,
    Reason.NEVER: Proof.UNPROVEN,
    Reason.TOO_SLOW: Proof.UNPROVEN,
    Reason.TOO_MUCH_LOST: Proof.UNPROVEN,
    Reason.LOSS_UNKNOWN: Proof.UNPROVEN,
    Reason.NO_TARGET: Proof.UNPROVEN,
    Reason.NOTHING_REQUIRED: Proof.UNPROVEN,
    Reason.AGE: Proof.STALE,
    Reason.CHANGED: Proof.STALE,
    Reason.CURRENT: Proof.PROVEN,
}
RANK = {reason: rank for rank, reason in enumerate(PROOF_OF)}


@dataclass(frozen=True)
class Targets:
    """How long recovery may take, and how much data may be lost. None: nobody has said."""

    recovery_time: timedelta | None = None
    data_loss: timedelta | None = None

    @classmethod
    def of(cls, subject: Service | System) -> Self:
        return cls(subject.recovery_time_objective, subject.recovery_point_objective)

    def stricter(self, other: Self) -> Self:
        """Of both, the shorter of each."""
        return replace(
            self,
            recovery_time=_shorter(self.recovery_time, other.recovery_time),
            data_loss=_shorter(self.data_loss, other.data_loss),
        )

    def or_else(self, other: Self) -> Self:
        """These, and where one is not set, the other's."""
        return replace(
            self,
            recovery_time=self.recovery_time or other.recovery_time,
            data_loss=self.data_loss or other.data_loss,
        )


@dataclass(frozen=True)
class Verdict:
    """Whether a target is proven, why, and by which measurement.

    subject: what decided it; of a service it is often one of its systems.  targets: those it was held to.
    measurement: the newest that passed or failed, of the stream that decided it; None when there is none.
    changed: parts, for `Reason.CHANGED`.
    """

    reason: Reason
    measurement: RecoveryMeasurement | None
    targets: Targets
    subject: Service | System | None = None
    changed: tuple[str, ...] = ()
    age: timedelta | None = None

    @property
    def proof(self) -> Proof:
        return PROOF_OF[self.reason]

    @property
    def target_rto(self) -> timedelta | None:
        return self.targets.recovery_time

    @property
    def target_rpo(self) -> timedelta | None:
        return self.targets.data_loss

    @property
    def detail(self) -> str:
        """The reason as one sentence with its figures, in the reader's language."""
        return why(
            self.reason,
            measurement=self.measurement,
            target_rto=self.target_rto,
            target_rpo=self.target_rpo,
            changed=self.changed,
            age=self.age,
        )


def judge(
    *,
    measurements: Iterable[RecoveryMeasurement],
    targets: Targets,
    basis: Mapping[str, str],
    now: datetime,
    max_age: timedelta,
    subject: Service | System | None = None,
) -> Verdict:
    """The proof of one subject: the worst of its streams.

    measurements: in any order; only the newest of each stream that passed or failed counts, for an error teaches
    nothing.
    basis: {part: fingerprint of what the subject stands on now}.  max_age: how long a measurement proves anything.
    """
    streams = judge_streams(
        measurements=measurements, targets=targets, basis=basis, now=now, max_age=max_age, subject=subject
    )
    return min(streams.values(), key=how_bad, default=Verdict(Reason.NEVER, None, targets, subject))


def judge_streams(
    *,
    measurements: Iterable[RecoveryMeasurement],
    targets: Targets,
    basis: Mapping[str, str],
    now: datetime,
    max_age: timedelta,
    subject: Service | System | None = None,
) -> dict[str, Verdict]:
    """The proof of each stream that passed or failed at all."""
    newest: dict[str, RecoveryMeasurement] = {}
    for measured in measurements:
        known = newest.get(measured.stream)
        if measured.outcome != Outcome.ERROR and (known is None or measured.measured_at > known.measured_at):
            newest[measured.stream] = measured
    return {
        stream: _judge_one(last, targets, basis, now=now, max_age=max_age, subject=subject)
        for stream, last in newest.items()
    }


def _judge_one(
    newest: RecoveryMeasurement,
    targets: Targets,
    basis: Mapping[str, str],
    *,
    now: datetime,
    max_age: timedelta,
    subject: Service | System | None,
) -> Verdict:
    changed = _changed(newest.basis, basis)
    age = now - newest.measured_at
    reason = _reason(newest, targets, is_old=age > max_age, is_changed=bool(changed))
    return Verdict(reason, newest, targets, subject, changed if reason == Reason.CHANGED else (), age)


def judge_service(*, service: Service, own: Verdict | None, systems: Iterable[Verdict]) -> Verdict:
    """The worst of a service's own drill or incident, if one was measured, and of all systems it requires.

    own, systems: already held to the service's targets.
    """
    targets = Targets.of(service)
    parts = [verdict for verdict in (own, *systems) if verdict]
    if not parts:
        return Verdict(Reason.NOTHING_REQUIRED, None, targets, service)
    worst = min(parts, key=how_bad)
    if targets.recovery_time is None and RANK[worst.reason] > RANK[Reason.NO_TARGET]:
        return replace(worst, reason=Reason.NO_TARGET, targets=targets, subject=service, changed=())
    return worst


def how_bad(verdict: Verdict) -> tuple[int, timedelta]:
    """For sorting: the worst reason first; among equals the one that took longest."""
    took = verdict.measurement.recovery_time if verdict.measurement else None
    return RANK[verdict.reason], -(took or timedelta(0))


def _reason(newest: RecoveryMeasurement, targets: Targets, *, is_old: bool, is_changed: bool) -> Reason:
    if newest.outcome == Outcome.FAIL:
        return Reason.FAILED
    if targets.recovery_time is None or newest.recovery_time is None:
        return Reason.NO_TARGET
    if newest.recovery_time > targets.recovery_time:
        return Reason.TOO_SLOW
    if targets.data_loss is not None and newest.data_loss is None:
        return Reason.LOSS_UNKNOWN
    if targets.data_loss is not None and newest.data_loss is not None and newest.data_loss > targets.data_loss:
        return Reason.TOO_MUCH_LOST
    if is_old:
        return Reason.AGE
    return Reason.CHANGED if is_changed else Reason.CURRENT


def _changed(then: Mapping[str, str], now: Mapping[str, str]) -> tuple[str, ...]:
    """The parts that differ, those that came and those that went among them."""
    return tuple(sorted(part for part in then.keys() | now.keys() if then.get(part) != now.get(part)))


def _shorter(one: timedelta | None, other: timedelta | None) -> timedelta | None:
    return min((length for length in (one, other) if length is not None), default=None)
