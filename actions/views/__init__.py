"""Pages of actions and improvement plans."""

from actions.views.acting import act, new
from actions.views.planning import add_phase, improvement_plan, improvement_plans, new_plan
from actions.views.reading import action, actions

__all__ = ["act", "action", "actions", "add_phase", "improvement_plan", "improvement_plans", "new", "new_plan"]
