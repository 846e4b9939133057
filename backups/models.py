"""A backup is what was restored: policies, what they keep, and every run that made or tried it."""

import json
from datetime import timedelta
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backups.choices import (
    ASSERTION_LABELS,
    CopyState,
    Engine,
    Isolation,
    Level,
    Outcome,
    Phase,
    RepositoryKind,
    RunKind,
    RunState,
    StepName,
    StepOutcome,
)
from backups.errors import is_about_repository, sentence
from catalog.models import Site, System
from common.leases import Leased
from common.models import Row, Versioned, next_number

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
    """What is saved, how, where to, and what a copy of it must show to count.

    `source` for PostgreSQL: {"host", "port", "database", "user"} with the password sealed beside it;
    {"own": true} means the product's own database and files.
    `assertions`: a list of {"label", "query", "compare", "value"}, asked of the restored database.
    """

    name = models.CharField(_("name"), max_length=120, unique=True, validators=[plain_name])
    slug = models.CharField(_("short name"), max_length=60, unique=True, validators=[slug])
    system = models.ForeignKey(System, models.PROTECT, related_name="policies", verbose_name=_("system"))
    repository = models.ForeignKey(Repository, models.PROTECT, related_name="policies", verbose_name=_("repository"))
    engine = models.CharField(_("engine"), max_length=20, choices=Engine, default=Engine.POSTGRESQL)
    source = models.JSONField(_("source"), default=dict)
    source_secret = models.TextField(blank=True, editable=False)
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
        constraints = [
            models.CheckConstraint(name="backup_policy_engine_is_known", condition=Q(engine__in=Engine.values)),
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

    def get_absolute_url(self) -> str:
        return f"/backups/{self.slug}/"


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


class Copy(Row):
    """One copy in one repository, as its manifest describes it.

    `manifest`: {"files": [{"name", "bytes", "sha256"}], "server_version", "tool", "canary": {"id", "at"},
    "rows": {table: count}, "extensions": […]}. `taken_at` is the moment whose data it holds.
    """

    policy = models.ForeignKey(BackupPolicy, models.PROTECT, related_name="copies", verbose_name=_("policy"))
    repository = models.ForeignKey(Repository, models.PROTECT, related_name="copies", verbose_name=_("repository"))
    name = models.CharField(_("name"), max_length=200)
    taken_at = models.DateTimeField(_("taken"))
    bytes = models.BigIntegerField(_("bytes"))
    manifest = models.JSONField(default=dict)
    state = models.CharField(_("state"), max_length=10, choices=CopyState, default=CopyState.KEPT)

    class Meta:
        verbose_name = _("copy")
        verbose_name_plural = _("copies")
        ordering = ["-taken_at"]
        indexes = [models.Index(fields=["policy", "-taken_at"], name="copy_of_policy")]
        constraints = [
            models.UniqueConstraint(name="copy_name_is_one_a_repository", fields=["repository", "name"]),
            models.CheckConstraint(name="copy_state_is_known", condition=Q(state__in=CopyState.values)),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def manifest_sha256(self) -> str:
        """The digest of the list of contents, as it must lie beside the copy."""
        return sha256(canonical_manifest(self.manifest)).hexdigest()


def canonical_manifest(manifest: dict[str, Any]) -> bytes:
    """The list of contents in the one form in which it is written."""
    return (json.dumps(manifest, sort_keys=True, ensure_ascii=False, indent=1) + "\n").encode()


class Run(Row, Leased):
    """One backup, check or restore test: queued, running under a lease, ended with an outcome.

    `level` is the highest rung reached, `failed_level` the rung that did not hold (empty for a backup).
    `reason_code` and `reason_values` give the sentence in `backups.errors`, in the reader's language.
    """

    number = models.BigIntegerField(unique=True, editable=False, db_default=next_number("backups_run_number"))
    kind = models.CharField(_("what"), max_length=20, choices=RunKind)
    policy = models.ForeignKey(BackupPolicy, models.PROTECT, related_name="runs", verbose_name=_("policy"))
    copy = models.ForeignKey(Copy, models.PROTECT, null=True, blank=True, related_name="runs", verbose_name=_("copy"))
    slot_at = models.DateTimeField(_("slot"), null=True)
    missed_slots = models.PositiveIntegerField(_("slots missed before it"), default=0)
    wanted_level = models.PositiveSmallIntegerField(null=True)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    state = models.CharField(_("state"), max_length=10, choices=RunState, default=RunState.QUEUED)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome, blank=True)
    queued_at = models.DateTimeField(_("queued"), default=timezone.now, editable=False)
    started_at = models.DateTimeField(_("started"), null=True)
    ended_at = models.DateTimeField(_("ended"), null=True)
    level = models.PositiveSmallIntegerField(_("level reached"), choices=Level, null=True)
    failed_level = models.PositiveSmallIntegerField(_("level that failed"), choices=Level, null=True)
    failed_step = models.CharField(_("failed step"), max_length=20, choices=StepName, blank=True)
    reason_code = models.CharField(max_length=60, blank=True)
    reason_values = models.JSONField(default=dict)
    isolation = models.CharField(_("isolation"), max_length=10, choices=Isolation, blank=True)
    recovery_time = models.DurationField(_("recovery time"), null=True)
    data_loss = models.DurationField(_("data loss"), null=True)
    bytes = models.BigIntegerField(_("bytes"), null=True)

    class Meta:
        verbose_name = _("run")
        verbose_name_plural = _("runs")
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["policy", "kind", "-created_at"], name="run_of_policy"),
            models.Index(fields=["state", "lease_until"], name="run_open", condition=~Q(state="ended")),
        ]
        constraints = [
            models.CheckConstraint(name="run_kind_is_known", condition=Q(kind__in=RunKind.values)),
            models.CheckConstraint(name="run_state_is_known", condition=Q(state__in=RunState.values)),
            models.CheckConstraint(
                name="run_ended_has_outcome_and_time",
                condition=(~Q(state=RunState.ENDED) & Q(outcome="", ended_at=None))
                | Q(state=RunState.ENDED, outcome__in=Outcome.values, ended_at__isnull=False),
            ),
            models.CheckConstraint(
                name="run_running_is_held",
                condition=~Q(state=RunState.RUNNING) | Q(lease_until__isnull=False, lease_token__isnull=False),
            ),
            models.UniqueConstraint(name="run_is_one_a_slot", fields=["policy", "kind", "slot_at"]),
            models.UniqueConstraint(
                name="run_is_one_at_a_time_a_kind", fields=["policy", "kind"], condition=~Q(state=RunState.ENDED)
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """What people call it: B-12, C-12, RT-12."""
        prefix = {RunKind.BACKUP: "B", RunKind.CHECK: "C", RunKind.RESTORE_TEST: "RT"}[RunKind(self.kind)]
        return f"{prefix}-{self.number:04d}"

    @property
    def reason(self) -> str:
        """Why it ended as it did, in the reader's language; empty when it passed."""
        return sentence(self.reason_code, self.reason_values) if self.reason_code else ""

    @property
    def is_about_repository(self) -> bool:
        """Whether the repository was at fault, not the policy."""
        return bool(self.reason_code) and is_about_repository(self.reason_code)

    @property
    def cause_key(self) -> str:
        """The cause that a bad end of this run belongs to."""
        return self.policy.repository.cause_key if self.is_about_repository else self.policy.cause_key

    @property
    def duration(self) -> timedelta | None:
        """How long it took, once it ended."""
        return self.ended_at - self.started_at if self.ended_at and self.started_at else None

    def get_absolute_url(self) -> str:
        return f"/backups/runs/{self.reference}/"


class Step(Row):
    """One step of a run as it happened. `command` has its secrets masked; `tail` is the end of the output."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    attempt = models.PositiveSmallIntegerField(default=1)
    name = models.CharField(max_length=20, choices=StepName)
    phase = models.CharField(max_length=10, choices=Phase, blank=True)
    level = models.PositiveSmallIntegerField(choices=Level, null=True)
    outcome = models.CharField(max_length=10, choices=StepOutcome, default=StepOutcome.RUNNING)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    tool = models.CharField(max_length=60, blank=True)
    tool_version = models.CharField(max_length=60, blank=True)
    command = models.JSONField(default=list)
    exit_code = models.IntegerField(null=True)
    tail = models.TextField(blank=True)
    note_code = models.CharField(max_length=60, blank=True)
    note_values = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ["run", "position"]
        constraints = [
            models.UniqueConstraint(name="step_is_one_a_place", fields=["run", "position"]),
            models.CheckConstraint(name="step_outcome_is_known", condition=Q(outcome__in=StepOutcome.values)),
        ]

    def __str__(self) -> str:
        return f"{self.position} {self.get_name_display()}"

    @property
    def note(self) -> str:
        """What there is to say beside the outcome, in the reader's language."""
        return sentence(self.note_code, self.note_values) if self.note_code else ""

    @property
    def duration(self) -> timedelta | None:
        """How long it took, once it ended."""
        return self.ended_at - self.started_at if self.ended_at else None


class Assertion(Row):
    """One question asked of the restored data, what was expected, and what was found."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="assertions")
    position = models.PositiveSmallIntegerField()
    label_code = models.CharField(max_length=60)
    label_values = models.JSONField(default=dict)
    expected = models.CharField(max_length=200)
    found = models.CharField(max_length=200)
    outcome = models.CharField(max_length=10, choices=StepOutcome)

    class Meta:
        verbose_name = _("assertion")
        verbose_name_plural = _("assertions")
        ordering = ["run", "position"]
        constraints = [models.UniqueConstraint(name="assertion_is_one_a_place", fields=["run", "position"])]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """What was asked: in the reader's language, or as the policy says it."""
        return str(ASSERTION_LABELS.get(self.label_code, "%(label)s")) % self.label_values
