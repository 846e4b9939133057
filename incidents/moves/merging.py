"""Two reports of one thing."""

from django.utils.translation import gettext_lazy as _

from incidents import services
from incidents.choices import LIVE, State
from incidents.forms import MergeForm, UnmergeForm
from incidents.moves.move import Move

MERGING = (
    Move(
        "merge",
        _("Merge into another"),
        "i-link",
        MergeForm,
        services.merge,
        LIVE,
        lead=_(
            "Both are worked on in one place. Those who reported this one are kept posted by the other, under their "
            "own title; tasks that are still to do go along."
        ),
        done=_("It was merged. The work goes on here."),
        is_menu=True,
    ),
    Move(
        "unmerge",
        _("Take out again"),
        "i-undo",
        UnmergeForm,
        services.unmerge,
        (State.MERGED,),
        first_in=(State.MERGED,),
        lead=_("They are two things after all. It goes on by itself, from where it stood."),
        done=_("It is on its own again."),
    ),
)
