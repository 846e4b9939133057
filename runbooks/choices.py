"""Words of emergency plans."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Scenario(models.TextChoices):
    """What a plan is for."""

    DATA_LOST = "data_lost", _("Data lost in a critical system")
    DATABASE = "database", _("Database failure")
    RANSOMWARE = "ransomware", _("Ransomware")
    SITE = "site", _("Site unusable")
    POWER_OR_NETWORK = "power_or_network", _("Power or network loss")
    THIRD_PARTY = "third_party", _("Third-party interface down")
    UPGRADE = "upgrade", _("Failed upgrade")
    KEY_PERSON = "key_person", _("Key person missing")
    OTHER = "other", _("Other")


class VersionState(models.TextChoices):
    """Where one wording of a plan stands."""

    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    SUPERSEDED = "superseded", _("Superseded")
    WITHDRAWN = "withdrawn", _("Withdrawn")


#: From each state, where a version may go next. The only place this is written.
NEXT = {
    VersionState.DRAFT: {VersionState.PUBLISHED, VersionState.WITHDRAWN},
    VersionState.PUBLISHED: {VersionState.SUPERSEDED, VersionState.WITHDRAWN},
    VersionState.SUPERSEDED: set(),
    VersionState.WITHDRAWN: set(),
}
