"""Why proof is what it is, as one sentence with its figures, in the reader's language."""

from collections.abc import Iterable
from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.choices import PART_LABELS, Reason
from catalog.models import RecoveryMeasurement
from common import spans


def why(
    reason: Reason,
    *,
    measurement: RecoveryMeasurement | None,
    target_rto: timedelta | None,
    target_rpo: timedelta | None,
    changed: Iterable[str],
    age: timedelta | None,
) -> str:
    """The sentence for one verdict."""
    if measurement is None or reason in {Reason.NO_TARGET, Reason.LOSS_UNKNOWN}:
        return _without_figures(reason)
    if reason == Reason.AGE:
        days = age.days if age else 0
        return ngettext("Measured %(days)d day ago.", "Measured %(days)d days ago.", days) % {"days": days}
    return _with_figures(reason) % {
        "origin": measurement.get_origin_display(),
        "reference": measurement.reference,
        "took": spans.duration(measurement.recovery_time),
        "lost": spans.duration(measurement.data_loss),
        "target": spans.duration(target_rto),
        "allowed": spans.duration(target_rpo),
        "parts": _(", ").join(str(PART_LABELS.get(part, part)) for part in changed),
    }


def _without_figures(reason: Reason) -> str:
    return {
        Reason.NEVER: _("No restore test, drill or incident has measured it yet."),
        Reason.NO_TARGET: _("No recovery time objective is set, so nothing can be held against it."),
        Reason.LOSS_UNKNOWN: _("Recovery was measured, but not how much data would be lost."),
        Reason.NOTHING_REQUIRED: _("No system is named that it stands on, and no drill has measured it."),
    }[reason]


def _with_figures(reason: Reason) -> str:
    return {
        Reason.FAILED: _("%(origin)s %(reference)s failed."),
        Reason.TOO_SLOW: _("Recovery took %(took)s; %(target)s are allowed."),
        Reason.TOO_MUCH_LOST: _("%(lost)s of data would be lost; %(allowed)s are allowed."),
        Reason.CHANGED: _("Changed since it was measured: %(parts)s."),
        Reason.CURRENT: _("Recovery took %(took)s; %(target)s are allowed."),
    }[reason]
