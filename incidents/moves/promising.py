"""By when it has to be over."""

from django.utils.translation import gettext_lazy as _

from incidents import services
from incidents.choices import LIVE
from incidents.forms import DeadlineForm
from incidents.moves.move import Move

PROMISING = (
    Move(
        "deadline",
        _("Set a deadline"),
        "i-calendar",
        DeadlineForm,
        services.keep_deadline,
        LIVE,
        lead=_("A moment by which it has to be resolved, whatever its severity promises."),
        done=_("The deadline was kept."),
        is_menu=True,
    ),
)
