"""Every change of the catalog."""

from catalog.services.depending import add_dependency, remove_dependency
from catalog.services.measuring import record_measurement, remove_basis, set_basis
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
    "add_dependency",
    "add_service",
    "add_site",
    "add_system",
    "bring_back",
    "change_service",
    "change_site",
    "change_system",
    "record_measurement",
    "remove_basis",
    "remove_dependency",
    "retire",
    "set_basis",
]
