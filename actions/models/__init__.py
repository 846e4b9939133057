"""What was decided and must not be forgotten."""

from actions.models.doing import Action, ActionEvent
from actions.models.planning import ImprovementPlan, Phase

__all__ = ["Action", "ActionEvent", "ImprovementPlan", "Phase"]
