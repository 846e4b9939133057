"""What takes more than the usual."""

from django.utils.translation import gettext_lazy as _

from incidents import services
from incidents.choices import LIVE, NOT_CLOSED
from incidents.forms import MajorForm, ReasonForm, RoleForm
from incidents.moves.move import Move

MAJOR = (
    Move(
        "role",
        _("Hand over a role"),
        "i-users",
        RoleForm,
        services.hand_over_role,
        NOT_CLOSED,
        lead=_("One person has each role. Who commands keeps the overview and does not resolve."),
        done=_("The role was handed over."),
        is_menu=True,
        suits=lambda incident, _by: incident.is_major,
    ),
    Move(
        "major",
        _("Declare a major incident"),
        "i-flag",
        MajorForm,
        services.declare_major,
        LIVE,
        lead=_("Everybody who works on incidents hears of it at once, and roles are handed out."),
        done=_("It is a major incident now."),
        is_menu=True,
        suits=lambda incident, _by: not incident.is_major,
    ),
    Move(
        "stand-down",
        _("Stand down"),
        "i-flag",
        ReasonForm,
        services.stand_down,
        NOT_CLOSED,
        lead=_("The usual is enough again. All roles end."),
        done=_("It is no longer a major incident."),
        is_menu=True,
        suits=lambda incident, _by: incident.is_major,
    ),
)
