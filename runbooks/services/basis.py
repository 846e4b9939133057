"""What the recovery of services and systems stands on: their plans in force."""

from collections.abc import Iterable
from datetime import datetime

from catalog.models import Service, System
from catalog.services import remove_basis, set_basis
from runbooks.choices import VersionState
from runbooks.models import Plan, PlanVersion

PART = "plan"


def subjects_of(plan: Plan) -> list[Service | System]:
    """What the plan names."""
    return [*plan.services.all(), *plan.systems.all()]


def refresh_basis(subjects: Iterable[Service | System], now: datetime) -> None:
    """Say anew which plans in force each subject stands on, so that a changed plan makes its proof stale."""
    for subject in subjects:
        service = subject if isinstance(subject, Service) else None
        system = subject if isinstance(subject, System) else None
        of_subject = {"plan__services": subject} if service else {"plan__systems": subject}
        in_force = PlanVersion.objects.filter(state=VersionState.PUBLISHED, **of_subject).select_related("plan")
        digests = {version.plan.reference: version.sha256 for version in in_force}
        if digests:
            label = ", ".join(sorted(str(version) for version in in_force))
            set_basis(part=PART, fingerprint_of=digests, label=label, now=now, service=service, system=system)
        else:
            remove_basis(part=PART, service=service, system=system)
