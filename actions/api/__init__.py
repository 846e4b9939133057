"""Actions, as programs see them."""

from actions.api.plans import ImprovementPlans
from actions.api.resource import Actions

__all__ = ["Actions", "ImprovementPlans"]
