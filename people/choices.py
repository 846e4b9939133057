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
