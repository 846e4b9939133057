"""Every change of the catalog."""

from catalog.services.measuring import fingerprint, record_measurement, remove_basis, set_basis

__all__ = ["fingerprint", "record_measurement", "remove_basis", "set_basis"]
