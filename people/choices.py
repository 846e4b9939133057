"""Roles, and what a key may be narrowed to."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a person is here for. Each role is a Django group of the same name."""

    REPORTER = "Reporter", _("Reporter")
    RESPONDER = "Responder", _("Responder")
    MANAGER = "Manager", _("Manager")
    REVIEWER = "Reviewer", _("Reviewer")
    AUDITOR = "Auditor", _("Auditor")
    ADMINISTRATOR = "Administrator", _("Administrator")


#: Roles that work on incidents, plans and backups.
WORKING = (Role.RESPONDER, Role.MANAGER, Role.ADMINISTRATOR)
#: Roles that see all of it, workers and those who only read.
READING = (*WORKING, Role.AUDITOR)


class Theme(models.TextChoices):
    """Light, dark, or as the reader's device says."""

    DEVICE = "", _("As my device")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


class ContactKind(models.TextChoices):
    """How a contact method reaches its person."""

    EMAIL = "email", _("E-mail")
    PHONE = "phone", _("Phone")
    APP = "app", _("App")


#: Kinds to which the product itself can send. A phone number is kept for people to call.
SENDABLE = (ContactKind.EMAIL, ContactKind.APP)

#: How addresses of apps may begin: services that deliver to people. None of them opens files, runs programs
#: or lets the sender choose what is asked of another server beyond its host.
APP_SCHEMES = frozenset(
    {
        "bark", "barks", "discord", "feishu", "gchat", "gotify", "gotifys", "join", "lark", "matrix", "matrixs",
        "mmost", "mmosts", "ntfy", "ntfys", "pbul", "pover", "prowl", "pushdeer", "pushdeers", "rocket", "rockets",
        "schan", "signal", "signals", "slack", "tgram", "twilio", "webex", "wecombot", "workflows", "wxteams", "zulip",
    }
)  # fmt: skip
#: Those of them whose address names a server of the organisation's own.
SELF_HOSTED = frozenset(
    {
        "bark", "barks", "gotify", "gotifys", "matrix", "matrixs", "mmost", "mmosts", "ntfy", "ntfys", "pushdeer",
        "pushdeers", "rocket", "rockets", "signal", "signals", "workflows", "zulip",
    }
)  # fmt: skip


class Weekday(models.IntegerChoices):
    """As ISO has it, from zero."""

    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


class Period(models.TextChoices):
    """In what the turns of a rotation are counted."""

    HOURS = "hours", _("Hours")
    DAYS = "days", _("Days")
    WEEKS = "weeks", _("Weeks")


class Whom(models.TextChoices):
    """Whom one step of an escalation calls."""

    PERSON = "person", _("A person")
    ROSTER = "roster", _("Whoever is on duty")
    TEAM = "team", _("A team")
    TEAM_MANAGER = "team_manager", _("The manager of a team")
    SERVICE_OWNER = "service_owner", _("The owner of the service")


class Beyond(models.TextChoices):
    """What becomes of an incident that is not severe enough to call anybody at once."""

    NOBODY = "nobody", _("Nobody is called")
    WORKING_HOURS = "working_hours", _("Call in working hours")


class CallUrgency(models.TextChoices):
    """By which ways a step calls."""

    URGENT = "urgent", _("By every way of contact")
    NORMAL = "normal", _("By e-mail")
