"""Who was called about an incident, and who is called next. These rows are the timers."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.models import Row
from incidents.choices import CallEnd, CallReason, CallState, WatchStage
from incidents.models.incidents import Incident
from people.models import EscalationPolicy


class EscalationRun(Row):
    """One pass through a policy as it stood when it began. Its end changes the fence: no step is taken after it.

    `plan`: {"steps": [{"after" (seconds), "whom", "person", "roster", "team" (ids), "urgency"}], "pause" (seconds),
    "repeat_count"}. `is_held`: calls wait for working hours. `was_taken_over`: it began while somebody was in charge
    already, so a sign of life ends it. `begun_by`: whose own doings are no such sign.
    """

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="escalations", verbose_name=_("incident"))
    policy = models.ForeignKey(
        EscalationPolicy, models.SET_NULL, null=True, related_name="+", verbose_name=_("escalation policy")
    )
    policy_name = models.CharField(_("escalation policy"), max_length=120)
    reason = models.CharField(_("why"), max_length=10, choices=CallReason)
    plan = models.JSONField(default=dict)
    fence = models.UUIDField(default=uuid.uuid4, editable=False)
    is_held = models.BooleanField(_("in working hours"), default=False)
    was_taken_over = models.BooleanField(default=False)
    begun_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    started_at = models.DateTimeField(_("began"), default=timezone.now)
    ended_at = models.DateTimeField(_("ended"), null=True)
    end = models.CharField(_("ended because"), max_length=10, choices=CallEnd, blank=True)

    class Meta:
        verbose_name = _("escalation")
        verbose_name_plural = _("escalations")
        ordering = ["-started_at"]
        indexes = [models.Index(fields=["incident", "-started_at"], name="escalation_of_incident")]
        constraints = [
            models.UniqueConstraint(
                fields=["incident"], condition=Q(ended_at=None), name="escalation_one_runs_an_incident"
            ),
            models.CheckConstraint(name="escalation_reason_is_known", condition=Q(reason__in=CallReason.values)),
            models.CheckConstraint(
                name="escalation_ended_says_why",
                condition=Q(ended_at=None, end="") | Q(ended_at__isnull=False, end__in=CallEnd.values),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.incident} · {self.policy_name}"


class EscalationStepTaken(Row):
    """One step of one round: due, or what became of it. The step after the last one tells everybody.

    `names`: whom it called, as they were called then. `fence`: that of the run when the step was planned.
    """

    run = models.ForeignKey(EscalationRun, models.CASCADE, related_name="steps", verbose_name=_("escalation"))
    position = models.PositiveSmallIntegerField(_("step"))
    round = models.PositiveSmallIntegerField(_("round"), default=0)
    state = models.CharField(_("state"), max_length=10, choices=CallState, default=CallState.DUE)
    due_at = models.DateTimeField(_("due"))
    taken_at = models.DateTimeField(_("taken"), null=True)
    fence = models.UUIDField()
    names = models.CharField(_("whom"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("step taken")
        verbose_name_plural = _("steps taken")
        ordering = ["run", "round", "position"]
        indexes = [models.Index(fields=["due_at"], name="escalation_step_due", condition=Q(state="due"))]
        constraints = [
            models.UniqueConstraint(fields=["run", "position", "round"], name="escalation_step_is_one_a_round"),
            models.CheckConstraint(name="escalation_step_state_is_known", condition=Q(state__in=CallState.values)),
            models.CheckConstraint(
                name="escalation_step_taken_has_a_time",
                condition=~Q(state__in=[CallState.TAKEN, CallState.UNREACHED]) | Q(taken_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run} · {self.round + 1}.{self.position}"


class SilenceWatch(Row):
    """An incident that somebody took over, and when it is looked at again for a sign of life."""

    incident = models.OneToOneField(Incident, models.CASCADE, related_name="watch", verbose_name=_("incident"))
    stage = models.CharField(max_length=10, choices=WatchStage, default=WatchStage.REMIND)
    due_at = models.DateTimeField(_("due"))
    reminded_at = models.DateTimeField(_("reminded"), null=True)

    class Meta:
        verbose_name = _("watch over silence")
        verbose_name_plural = _("watches over silence")
        indexes = [models.Index(fields=["due_at"], name="silence_watch_due")]
        constraints = [
            models.CheckConstraint(name="silence_watch_stage_is_known", condition=Q(stage__in=WatchStage.values)),
            models.CheckConstraint(
                name="silence_watch_was_reminded_before_again",
                condition=Q(stage=WatchStage.REMIND) | Q(reminded_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.incident)
