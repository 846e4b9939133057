"""What was done: backups, checks and restore tests, step by step."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backups.choices import (
    ASSERTION_LABELS,
    Isolation,
    Level,
    Outcome,
    Phase,
    RunKind,
    RunState,
    StepName,
    StepOutcome,
)
from backups.errors import is_about_repository, sentence
from backups.models.copies import Copy
from backups.models.policies import BackupPolicy
from common.leases import Leased
from common.models import Row, next_number


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
    failed_source = models.CharField(_("failed source"), max_length=40, blank=True)
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
            models.Index(fields=["created_at", "id"], name="run_by_age"),
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
            models.CheckConstraint(name="run_level_is_known", condition=Q(level=None) | Q(level__in=Level.values)),
            models.CheckConstraint(
                name="run_failed_level_is_known", condition=Q(failed_level=None) | Q(failed_level__in=Level.values)
            ),
            models.CheckConstraint(name="run_isolation_is_known", condition=Q(isolation__in=["", *Isolation.values])),
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
    """One step of a run as it happened. `command` has its secrets masked; `tail` is the end of the output.

    `source` names the one it was about, where the policy has several.
    """

    run = models.ForeignKey(Run, models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    attempt = models.PositiveSmallIntegerField(default=1)
    name = models.CharField(max_length=20, choices=StepName)
    source = models.CharField(max_length=40, blank=True)
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
            models.CheckConstraint(name="step_phase_is_known", condition=Q(phase__in=["", *Phase.values])),
            models.CheckConstraint(name="step_level_is_known", condition=Q(level=None) | Q(level__in=Level.values)),
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
    source = models.CharField(max_length=40, blank=True)
    label_code = models.CharField(max_length=60)
    label_values = models.JSONField(default=dict)
    expected = models.CharField(max_length=200)
    found = models.CharField(max_length=200)
    outcome = models.CharField(max_length=10, choices=StepOutcome)

    class Meta:
        verbose_name = _("assertion")
        verbose_name_plural = _("assertions")
        ordering = ["run", "position"]
        constraints = [
            models.UniqueConstraint(name="assertion_is_one_a_place", fields=["run", "position"]),
            models.CheckConstraint(
                name="assertion_outcome_is_known",
                condition=Q(outcome__in=[StepOutcome.PASS, StepOutcome.WARN, StepOutcome.FAIL, StepOutcome.ERROR]),
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """What was asked: in the reader's language, or as the policy says it."""
        return str(ASSERTION_LABELS.get(self.label_code, "%(label)s")) % self.label_values
