"""What other rooms know an incident by."""

from incidents.models import Incident


def key_of(incident: Incident) -> str:
    """What actions know the incident by."""
    return f"{incident._meta.label_lower}:{incident.pk}"
