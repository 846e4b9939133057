"""Every change of the catalog."""

from catalog.services.depending import add_dependency, remove_dependency
from catalog.services.impact import ImpactDetails, confirm_review, set_impacts
from catalog.services.measuring import date_measurements_anew, record_measurement, remove_basis, set_basis
from catalog.services.outside import (
    add_document,
    add_provider,
    attach_file,
    change_document,
    change_provider,
    renew,
)
from catalog.services.subjects import (
    add_service,
    add_site,
    add_system,
    bring_back,
    change_service,
    change_site,
    change_system,
    retire,
)

__all__ = [
    "ImpactDetails",
    "add_dependency",
    "add_document",
    "add_provider",
    "add_service",
    "add_site",
    "add_system",
    "attach_file",
    "bring_back",
    "change_document",
    "change_provider",
    "change_service",
    "change_site",
    "change_system",
    "confirm_review",
    "date_measurements_anew",
    "record_measurement",
    "remove_basis",
    "remove_dependency",
    "renew",
    "retire",
    "set_basis",
    "set_impacts",
]
