"""Incidents, as programs see them."""

from incidents.api.lists import SavedViews
from incidents.api.matrix import OneSeverityMatrix
from incidents.api.promises import TimeLimits
from incidents.api.resource import Incidents
from incidents.api.reviews import IncidentFigures, Reviews
from incidents.api.tasks import IncidentTasks

__all__ = ["IncidentFigures", "IncidentTasks", "Incidents", "OneSeverityMatrix", "Reviews", "SavedViews", "TimeLimits"]
