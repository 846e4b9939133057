"""Working on an incident, whatever its state."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from incidents import services
from incidents.choices import LIVE, NOT_CLOSED, State
from incidents.forms import AssignForm, ChangeForm, DescribeForm, SeverityForm
from incidents.models import Incident
from incidents.moves.move import Move
from incidents.selectors import commands
from people.models import User


def _describe(*, incident_id: Any, by: User, version: int, **given: Any) -> Incident:
    about = {"services": given.pop("services"), "systems": given.pop("systems")}
    return services.describe(incident_id=incident_id, by=by, version=version, changes=given, **about)


def _take(*, incident_id: Any, by: User, version: int) -> Incident:
    return services.assign(incident_id=incident_id, to=by, by=by, version=version)


WORKING = (
    Move(
        "severity",
        _("Change severity"),
        "i-flag",
        SeverityForm,
        services.change_severity,
        LIVE,
        lead=_("Impact and urgency give the severity, from 1 (worst) to 4."),
        done=_("The severity was judged anew."),
        is_menu=True,
    ),
    Move(
        "assign",
        _("Hand over"),
        "i-users",
        AssignForm,
        services.assign,
        NOT_CLOSED,
        lead=_("Who is in charge hears of everything that happens."),
        done=_("It was handed over."),
        is_menu=True,
    ),
    Move(
        "take",
        _("Take it over"),
        "i-user",
        ChangeForm,
        _take,
        NOT_CLOSED,
        lead=_("You are in charge from now on."),
        done=_("You are in charge."),
        is_menu=True,
        suits=lambda incident, by: incident.owner_id != by.pk and not commands(incident, by),
    ),
    Move(
        "describe",
        _("Correct details"),
        "i-note",
        DescribeForm,
        _describe,
        tuple(State),
        lead=_("What is known about it."),
        done=_("The details were changed."),
        is_menu=True,
    ),
)
