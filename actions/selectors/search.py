"""Finding actions and improvement plans by words."""

from actions.models import Action, ImprovementPlan
from actions.selectors.seeing import visible_plans, visible_to
from common.search import EXACT, Hit, Wanted, found, ranked
from people.selectors import Anyone


def search(text: str, user: Anyone) -> list[Hit]:
    """What the user reads, by any of its words or by its reference."""
    wanted = Wanted.of(text)
    if (number := wanted.number_after("A")) is not None:
        return [_action(each, EXACT) for each in visible_to(user).filter(number=number)]
    if (number := wanted.number_after("IP")) is not None:
        return [_plan(each, EXACT) for each in visible_plans(user).filter(number=number)]
    return [
        *(_action(each, rank) for each, rank in ranked(found(visible_to(user), wanted, names="title"))),
        *(_plan(each, rank) for each, rank in ranked(found(visible_plans(user), wanted, names="title"))),
    ]


def _action(action: Action, rank: float) -> Hit:
    return Hit(
        kind="action",
        title=action.title,
        reference=action.reference,
        url=action.get_absolute_url(),
        detail=action.get_state_display(),
        rank=rank,
    )


def _plan(plan: ImprovementPlan, rank: float) -> Hit:
    return Hit(
        kind="improvement_plan",
        title=plan.title,
        reference=plan.reference,
        url=plan.get_absolute_url(),
        detail="",
        rank=rank,
    )
