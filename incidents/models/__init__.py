"""Rows of incidents."""

from incidents.models.incidents import Incident
from incidents.models.timeline import TimelineEvent

__all__ = ["Incident", "TimelineEvent"]
