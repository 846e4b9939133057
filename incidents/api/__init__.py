"""Incidents, as programs see them."""

from incidents.api.lists import SavedViews
from incidents.api.promises import TimeLimits
from incidents.api.resource import Incidents

__all__ = ["Incidents", "SavedViews", "TimeLimits"]
