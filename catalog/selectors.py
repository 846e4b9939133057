"""Reads of the catalog."""

from catalog.models import Basis, Service, System


def basis_of(subject: Service | System) -> dict[str, str]:
    """What the subject's recovery stands on now: {part: fingerprint}. Take it when a measurement begins."""
    column = "service" if isinstance(subject, Service) else "system"
    return dict(Basis.objects.filter(**{column: subject}).values_list("part", "fingerprint"))
