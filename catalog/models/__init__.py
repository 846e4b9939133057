"""What the organisation runs, on what and on whom it stands, what it may lose, and what was really achieved."""

from catalog.models.measured import About, Basis, RecoveryMeasurement
from catalog.models.outside import Document, Provider
from catalog.models.standing import Dependency
from catalog.models.things import Impact, Service, Site, System, Targeted

__all__ = [
    "About",
    "Basis",
    "Dependency",
    "Document",
    "Impact",
    "Provider",
    "RecoveryMeasurement",
    "Service",
    "Site",
    "System",
    "Targeted",
]
