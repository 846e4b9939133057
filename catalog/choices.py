"""Words of the catalog."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Criticality(models.TextChoices):
    """How much the organisation needs a service."""

    CRITICAL = "critical", _("Critical")
    IMPORTANT = "important", _("Important")
    NORMAL = "normal", _("Normal")


class DependencyKind(models.TextChoices):
    """What happens to the dependent when the other is gone."""

    REQUIRED = "required", _("Required")
    DEGRADED = "degraded", _("Works worse without it")
    OPTIONAL = "optional", _("Can do without it")


class Effect(models.IntegerChoices):
    """What an outage does to something that stands on what is down: 3 is the worst."""

    DOWN = 3, _("Down")
    DEGRADED = 2, _("Degraded")
    INCONVENIENCED = 1, _("Inconvenienced")


#: What a dependency passes on when the other is gone. A chain passes on no more than its weakest link.
EFFECT_OF = {
    DependencyKind.REQUIRED: Effect.DOWN,
    DependencyKind.DEGRADED: Effect.DEGRADED,
    DependencyKind.OPTIONAL: Effect.INCONVENIENCED,
}


class Criterion(models.TextChoices):
    """What suffers while a service is away."""

    MONEY = "money", _("Money")
    USERS = "users", _("Users")
    LEGAL = "legal", _("Legal duty")
    REPUTATION = "reputation", _("Reputation")


class Level(models.IntegerChoices):
    """How bad it is."""

    NONE = 0, _("Nothing to speak of")
    LOW = 1, _("Low")
    MEDIUM = 2, _("Medium")
    HIGH = 3, _("High")


class DocumentKind(models.TextChoices):
    """What a document is."""

    CONTRACT = "contract", _("Contract")
    LICENCE = "licence", _("Licence")
    CERTIFICATE = "certificate", _("Certificate")
    OTHER = "other", _("Other document")


class Origin(models.TextChoices):
    """Where a recovery time was measured. Nobody types one in."""

    RESTORE_TEST = "restore_test", _("Restore test")
    DRILL = "drill", _("Drill")
    INCIDENT = "incident", _("Incident")


class Outcome(models.TextChoices):
    """How a measurement ended. An error only lets time pass: nothing was learned."""

    PASS = "pass", _("Passed")
    FAIL = "fail", _("Failed")
    ERROR = "error", _("Could not be carried out")


class Proof(models.TextChoices):
    """Whether a target is shown to be met."""

    PROVEN = "proven", _("Proven")
    STALE = "stale", _("Stale")
    UNPROVEN = "unproven", _("Unproven")


class Reason(models.TextChoices):
    """Why proof is what it is."""

    CURRENT = "current", _("Measured in time, and still current")
    NEVER = "never", _("Never measured")
    FAILED = "failed", _("The last attempt failed")
    TOO_SLOW = "too_slow", _("Slower than its target")
    TOO_MUCH_LOST = "too_much_lost", _("More data lost than its target allows")
    LOSS_UNKNOWN = "loss_unknown", _("How much data would be lost is not measured")
    NO_TARGET = "no_target", _("No target is set")
    AGE = "age", _("Older than proof may be")
    CHANGED = "changed", _("Something changed since it was measured")
    NOTHING_REQUIRED = "nothing_required", _("No system is named that it stands on")


class Part(models.TextChoices):
    """What the recovery of a subject stands on. A change of one makes its proof stale."""

    SYSTEM = "system", _("the system itself")
    DEPENDENCIES = "dependencies", _("what it depends on")
    BACKUP_METHOD = "backup_method", _("the backup method")
    PLAN = "plan", _("the emergency plan")


PART_LABELS = dict(Part.choices)
