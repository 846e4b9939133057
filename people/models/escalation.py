"""Whom to call when nobody answers: a policy, and its steps in order."""

from datetime import timedelta

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from common.models import Row, Versioned
from common.text import safe_line, safe_text
from people.choices import Beyond, CallUrgency, Whom
from people.models.duty import Roster
from people.models.persons import User
from people.models.teams import Team

ZERO = timedelta(0)
LONGEST_WAIT = timedelta(days=7)
MOST_ROUNDS = 5


class EscalationPolicy(Row, Versioned):
    """Who is called, one after the other, until somebody takes an incident over.

    Incidents of severity 1 to `calls_up_to` call at any hour; `beyond` says what becomes of the rest. After the last
    step it waits `pause`, and begins again `repeat_count` times.
    """

    name = models.CharField(_("name"), max_length=120, validators=[safe_line])
    description = models.CharField(_("description"), max_length=300, blank=True, validators=[safe_text])
    calls_up_to = models.PositiveSmallIntegerField(
        _("calls at any hour up to severity"),
        default=2,
        validators=[MinValueValidator(1), MaxValueValidator(4)],
        help_text=_("1 is the worst. Less severe incidents call nobody at night."),
    )
    beyond = models.CharField(_("less severe incidents"), max_length=15, choices=Beyond, default=Beyond.NOBODY)
    pause = models.DurationField(_("wait after the last step"), default=timedelta(minutes=10))
    repeat_count = models.PositiveSmallIntegerField(
        _("begin again so often"), default=1, validators=[MaxValueValidator(MOST_ROUNDS)]
    )
    is_default = models.BooleanField(
        _("for everything without a policy of its own"), default=False, help_text=_("One policy at most.")
    )
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("escalation policy")
        verbose_name_plural = _("escalation policies")
        ordering = ["name"]
        indexes = [
            models.Index(fields=["created_at", "id"], name="escalation_policy_by_age"),
            models.Index(fields=["name", "id"], name="escalation_policy_by_name"),
        ]
        constraints = [
            models.UniqueConstraint(
                Lower("name"),
                name="escalation_policy_name_is_one_policys",
                violation_error_message=_("There is a policy of this name already."),
            ),
            models.UniqueConstraint(
                fields=["is_default"],
                condition=Q(is_default=True),
                name="escalation_policy_default_is_one",
                violation_error_message=_("Another policy is the default already."),
            ),
            models.CheckConstraint(
                name="escalation_policy_severity_is_1_to_4", condition=Q(calls_up_to__gte=1, calls_up_to__lte=4)
            ),
            models.CheckConstraint(name="escalation_policy_beyond_is_known", condition=Q(beyond__in=Beyond.values)),
            models.CheckConstraint(
                name="escalation_policy_repeats_at_most_5_times", condition=Q(repeat_count__lte=MOST_ROUNDS)
            ),
            models.CheckConstraint(
                name="escalation_policy_pause_is_possible",
                condition=Q(pause__gte=timedelta(minutes=1), pause__lte=LONGEST_WAIT),
                violation_error_message=_("The wait after the last step is from 1 minute to 7 days."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("escalation_policy", args=[self.pk])


class EscalationStep(Row):
    """One step: `after` the one before (the first: after the beginning) these people are called.

    Without a team, a step that calls a team or its manager means the team of the incident.
    """

    policy = models.ForeignKey(EscalationPolicy, models.CASCADE, related_name="steps", verbose_name=_("policy"))
    position = models.PositiveSmallIntegerField(_("order"))
    after = models.DurationField(_("after"), default=ZERO)
    whom = models.CharField(_("whom"), max_length=15, choices=Whom)
    person = models.ForeignKey(User, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("person"))
    roster = models.ForeignKey(
        Roster, models.PROTECT, null=True, blank=True, related_name="steps", verbose_name=_("roster")
    )
    team = models.ForeignKey(Team, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("team"))
    urgency = models.CharField(_("how"), max_length=10, choices=CallUrgency, default=CallUrgency.URGENT)

    class Meta:
        verbose_name = _("step of an escalation")
        verbose_name_plural = _("steps of escalations")
        ordering = ["policy__name", "position"]
        constraints = [
            models.UniqueConstraint(fields=["policy", "position"], name="escalation_step_is_one_a_position"),
            models.CheckConstraint(
                name="escalation_step_position_is_1_to_10", condition=Q(position__gte=1, position__lte=10)
            ),
            models.CheckConstraint(
                name="escalation_step_after_is_possible",
                condition=Q(after__gte=ZERO, after__lte=LONGEST_WAIT),
                violation_error_message=_("A step comes at once, or up to 7 days after the one before."),
            ),
            models.CheckConstraint(
                name="escalation_step_names_whom_it_calls",
                condition=Q(whom=Whom.PERSON, person__isnull=False, roster__isnull=True, team__isnull=True)
                | Q(whom=Whom.ROSTER, person__isnull=True, roster__isnull=False, team__isnull=True)
                | Q(whom__in=[Whom.TEAM, Whom.TEAM_MANAGER], person__isnull=True, roster__isnull=True)
                | Q(whom=Whom.SERVICE_OWNER, person__isnull=True, roster__isnull=True, team__isnull=True),
                violation_error_message=_("Name exactly the person, the roster or the team that is called."),
            ),
            models.CheckConstraint(
                name="escalation_step_urgency_is_known", condition=Q(urgency__in=CallUrgency.values)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.policy} · {self.position}"


class Patience(Row):
    """How long an incident that somebody took over may stay silent, by severity.

    After `remind_after` without a sign whoever is in charge is reminded; `again_after` later the calls begin again.
    """

    policy = models.ForeignKey(EscalationPolicy, models.CASCADE, related_name="patience", verbose_name=_("policy"))
    severity = models.PositiveSmallIntegerField(_("severity"))
    remind_after = models.DurationField(_("remind after"))
    again_after = models.DurationField(_("call again after"))

    class Meta:
        verbose_name = _("patience")
        verbose_name_plural = _("patience")
        ordering = ["policy", "severity"]
        constraints = [
            models.UniqueConstraint(fields=["policy", "severity"], name="patience_is_one_a_severity"),
            models.CheckConstraint(name="patience_severity_is_1_to_4", condition=Q(severity__gte=1, severity__lte=4)),
            models.CheckConstraint(
                name="patience_is_possible",
                condition=Q(remind_after__gte=timedelta(minutes=5), remind_after__lte=LONGEST_WAIT)
                & Q(again_after__gte=timedelta(minutes=5), again_after__lte=LONGEST_WAIT),
                violation_error_message=_("Give from 5 minutes to 7 days."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.policy} · {self.severity}"
