"""Talking with the people who reported it."""

from django.utils.translation import gettext_lazy as _

from incidents import services
from incidents.choices import NOT_CLOSED, State
from incidents.forms import UpdateForm
from incidents.moves.move import Move

TALKING = (
    Move(
        "update",
        _("Post update"),
        "i-mail",
        UpdateForm,
        services.update_reporters,
        tuple(state for state in NOT_CLOSED if state != State.TRIAGE),  # first somebody takes it over
        first_in=(State.ACTIVE,),
        lead=_("News for the people who reported it."),
        done=_("The update was sent."),
    ),
)
