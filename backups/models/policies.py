"""Where copies lie, what is saved, and when."""

from datetime import timedelta

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from backups.choices import (
    Engine,
    RepositoryKind,
    RunKind,
)
from catalog.models import Site, System
from common.models import Row, Versioned
from common.sealed import SealedField

plain_name = RegexValidator(
    r"^[^\W_][\w .,()+&/-]{0,118}$",
    _("Use letters, digits, spaces and . , ( ) + & / - and begin with a letter or digit."),
)
slug = RegexValidator(r"^[a-z0-9][a-z0-9-]{0,58}[a-z0-9]?$", _("Use small letters, digits and hyphens."))


class Repository(Row, Versioned):
    """A place where copies lie."""

    name = models.CharField(_("name"), max_length=120, unique=True, validators=[plain_name])
    kind = models.CharField(_("kind"), max_length=10, choices=RepositoryKind, default=RepositoryKind.LOCAL)
    location = models.CharField(_("location"), max_length=1000, help_text=_("Absolute path of a folder."))
    site = models.ForeignKey(
        Site, models.SET_NULL, null=True, blank=True, related_name="repositories", verbose_name=_("site")
    )

    class Meta:
        verbose_name = _("repository")
        verbose_name_plural = _("repositories")
        ordering = ["name"]
        indexes = [
            models.Index(fields=["created_at", "id"], name="repository_by_age"),
        ]
        constraints = [
            models.CheckConstraint(name="repository_kind_is_known", condition=Q(kind__in=RepositoryKind.values)),
            models.UniqueConstraint(name="repository_is_one_a_place", fields=["kind", "location"]),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def cause_key(self) -> str:
        """The cause under which a repository that cannot be used is one incident, whatever lies in it."""
        return f"backups.repository:{self.pk}"


class BackupPolicy(Row, Versioned):
    """What is saved, how, where to, and what a copy of it must show to count. What is saved stands in its sources.

    `assertions`: a list, asked of the restored data. Of a database: {"label", "query", "compare", "value"}. Of a
    folder: {"label", "path", "ask", "compare", "value"}. "source" names the one that is asked, where there are several.
    """

    name = models.CharField(_("name"), max_length=120, unique=True, validators=[plain_name])
    slug = models.CharField(_("short name"), max_length=60, unique=True, validators=[slug])
    system = models.ForeignKey(System, models.PROTECT, related_name="policies", verbose_name=_("system"))
    repository = models.ForeignKey(Repository, models.PROTECT, related_name="policies", verbose_name=_("repository"))
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("owner")
    )
    assertions = models.JSONField(_("assertions"), default=list, blank=True)
    fresh_for = models.DurationField(
        _("a copy is fresh for"), default=timedelta(hours=26), help_text=_("An older newest copy fails its check.")
    )
    smallest_bytes = models.BigIntegerField(
        _("smallest plausible size in bytes"), default=1, validators=[MinValueValidator(1)]
    )
    wall_clock = models.DurationField(_("longest run"), default=timedelta(hours=2))
    keep_copies = models.PositiveIntegerField(
        _("copies to keep"), default=14, validators=[MinValueValidator(1), MaxValueValidator(10000)]
    )
    accept_no_isolation = models.BooleanField(
        _("restore without isolation"),
        default=False,
        help_text=_("Where this host can build no sandbox, restore all the same. The evidence says so."),
    )
    is_paused = models.BooleanField(_("paused"), default=False)
    is_own = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("backup policy")
        verbose_name_plural = _("backup policies")
        ordering = ["name"]
        indexes = [
            models.Index(fields=["created_at", "id"], name="backup_policy_by_age"),
        ]
        constraints = [
            models.CheckConstraint(name="backup_policy_keeps_a_copy", condition=Q(keep_copies__gte=1)),
            models.CheckConstraint(
                name="backup_policy_durations_are_positive",
                condition=Q(fresh_for__gt=timedelta(0)) & Q(wall_clock__gt=timedelta(0)),
            ),
            models.UniqueConstraint(name="backup_policy_own_is_one", fields=["is_own"], condition=Q(is_own=True)),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def cause_key(self) -> str:
        """The cause under which all failures of this policy are one incident."""
        return f"backups.policy:{self.pk}"

    @property
    def stream(self) -> str:
        """Under what its restore tests are measured: the success of another policy is no proof of this one."""
        return f"backups.policy:{self.pk}"

    def get_absolute_url(self) -> str:
        return f"/backups/{self.slug}/"


class PolicySource(Row):
    """One thing that a policy saves: with the others of its policy it is saved, and restored, as one.

    `settings` for PostgreSQL: {"host", "port", "database", "user", "encryption"} with the password sealed beside it;
    for a folder: {"path", "exclude"}. {"own": true} means the product's own database or files.
    """

    policy = models.ForeignKey(BackupPolicy, models.CASCADE, related_name="sources", verbose_name=_("policy"))
    position = models.PositiveSmallIntegerField(editable=False)
    name = models.CharField(
        _("name"), max_length=40, validators=[slug], help_text=_("Its files in a copy are called by it.")
    )
    engine = models.CharField(_("engine"), max_length=20, choices=Engine, default=Engine.POSTGRESQL)
    settings = models.JSONField(_("settings"), default=dict)
    secret = SealedField(blank=True, editable=False)

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(name="policy_source_name_is_one", fields=["policy", "name"]),
            models.UniqueConstraint(
                name="policy_source_place_is_one",
                fields=["policy", "position"],
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(name="policy_source_engine_is_known", condition=Q(engine__in=Engine.values)),
            models.CheckConstraint(name="policy_source_has_a_name", condition=Q(name__regex="^[a-z0-9][a-z0-9-]*$")),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_own(self) -> bool:
        """Whether it is Holdfast's own database or files."""
        return self.settings == {"own": True}


class Schedule(Row):
    """When a policy's backup, check or restore test falls due: a cron line or RRULE in the wall time of a zone."""

    policy = models.ForeignKey(BackupPolicy, models.CASCADE, related_name="schedules")
    kind = models.CharField(_("what"), max_length=20, choices=RunKind)
    rule = models.CharField(_("cron line or RRULE"), max_length=200)
    time_zone = models.CharField(_("time zone"), max_length=60, default="UTC")
    next_due_at = models.DateTimeField(_("next due"), null=True, db_index=True, editable=False)

    class Meta:
        verbose_name = _("schedule")
        verbose_name_plural = _("schedules")
        constraints = [
            models.UniqueConstraint(name="schedule_is_one_a_policy_and_kind", fields=["policy", "kind"]),
            models.CheckConstraint(name="schedule_kind_is_known", condition=Q(kind__in=RunKind.values)),
        ]

    def __str__(self) -> str:
        return f"{self.policy} · {self.get_kind_display()}"
