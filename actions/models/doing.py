"""One thing to do, and what happened to it."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from actions.choices import HOW_PROVEN, NEXT, TO_DO, UNFINISHED, EventKind, Kind, ProofKind, SourceKind, State
from actions.errors import CannotMove
from actions.models.planning import Phase
from common.models import Row, Versioned, next_number


def _person(label: Any, **options: Any) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=label, **options
    )


class Action(Row, Versioned):
    """Something that somebody has to do by a day, and that counts once it is proven.

    Where it came from (`source_…`), what it is about (`about…`) and what proved it (`proof_…`) are names and
    addresses of higher floors, as text. `reason` says why the risk was accepted, or why it was cancelled.
    """

    number = models.BigIntegerField(unique=True, editable=False, db_default=next_number("actions_action_number"))
    title = models.CharField(_("title"), max_length=160)
    description = models.TextField(_("what has to be done"), max_length=4000, blank=True)
    kind = models.CharField(_("kind"), max_length=15, choices=Kind)
    state = models.CharField(_("state"), max_length=15, choices=State, default=State.OPEN, editable=False)
    owner = _person(_("owner"))
    due_on = models.DateField(_("due on"))
    open_since = models.DateTimeField(_("open since"), default=timezone.now, editable=False)
    opened_by = _person(_("opened by"), editable=False)
    phase = models.ForeignKey(
        Phase, models.SET_NULL, null=True, blank=True, related_name="actions", verbose_name=_("phase")
    )
    is_restricted = models.BooleanField(_("restricted"), default=False, editable=False)
    postponed_count = models.PositiveSmallIntegerField(_("times postponed"), default=0, editable=False)

    source_kind = models.CharField(_("came from"), max_length=20, choices=SourceKind, blank=True, editable=False)
    source_reference = models.CharField(max_length=60, blank=True, editable=False)
    source_label = models.CharField(max_length=200, blank=True, editable=False)
    source_url = models.CharField(max_length=300, blank=True, editable=False)
    source_key = models.CharField(max_length=120, blank=True, editable=False)

    about = models.CharField(_("about"), max_length=120, blank=True, editable=False)
    about_label = models.CharField(max_length=200, blank=True, editable=False)
    about_url = models.CharField(max_length=300, blank=True, editable=False)

    done_at = models.DateTimeField(_("done"), null=True, editable=False)
    done_by = _person(_("done by"), editable=False)
    verified_at = models.DateTimeField(_("verified"), null=True, editable=False)
    verified_by = _person(_("verified by"), editable=False)
    proof_kind = models.CharField(_("proof"), max_length=15, choices=ProofKind, blank=True, editable=False)
    proof_reference = models.CharField(max_length=60, blank=True, editable=False)
    proof_url = models.CharField(max_length=300, blank=True, editable=False)
    proof_at = models.DateTimeField(null=True, editable=False)
    proof_note = models.TextField(_("evidence"), max_length=4000, blank=True, editable=False)
    accepted_by = _person(_("signed by"), editable=False)
    accepted_until = models.DateField(_("accepted until"), null=True, editable=False)
    reason = models.TextField(_("reason"), max_length=4000, blank=True, editable=False)

    class Meta:
        verbose_name = _("action")
        verbose_name_plural = _("actions")
        ordering = ["due_on", "number"]
        indexes = [
            models.Index(fields=["created_at", "id"], name="action_by_age"),
            models.Index(fields=["due_on", "id"], name="action_by_due_day"),
            models.Index(fields=["owner", "due_on"], name="action_waiting", condition=Q(state__in=UNFINISHED)),
            models.Index(fields=["about"], name="action_about", condition=~Q(about="")),
            models.Index(fields=["source_key"], name="action_of_source", condition=~Q(source_key="")),
            models.Index(
                fields=["accepted_until"], name="action_accepted_until", condition=Q(state=State.RISK_ACCEPTED)
            ),
        ]
        constraints = [
            models.CheckConstraint(name="action_state_is_known", condition=Q(state__in=State.values)),
            models.CheckConstraint(name="action_kind_is_known", condition=Q(kind__in=Kind.values)),
            models.CheckConstraint(name="action_source_is_known", condition=Q(source_kind__in=SourceKind.values)),
            models.CheckConstraint(
                name="action_proof_is_known", condition=Q(proof_kind="") | Q(proof_kind__in=ProofKind.values)
            ),
            models.CheckConstraint(
                name="action_done_has_a_time", condition=~Q(state=State.DONE) | Q(done_at__isnull=False)
            ),
            models.CheckConstraint(
                name="action_verified_has_proof",
                condition=~Q(state=State.VERIFIED)
                | (Q(verified_at__isnull=False, proof_at__isnull=False) & ~Q(proof_kind="")),
            ),
            models.CheckConstraint(
                name="action_accepted_risk_has_reason_and_end",
                condition=~Q(state=State.RISK_ACCEPTED) | (Q(accepted_until__isnull=False) & ~Q(reason="")),
            ),
            models.CheckConstraint(
                name="action_cancelled_has_a_reason", condition=~Q(state=State.CANCELLED) | ~Q(reason="")
            ),
        ]

    #: Whether the reader may not know where it came from; unknown until `selectors.hide_sources` asked.
    is_source_hidden: bool | None = None

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """What people call it."""
        return f"A-{self.number:04d}"

    @property
    def is_unfinished(self) -> bool:
        """Whether the work or its proof is missing."""
        return self.state in UNFINISHED

    @property
    def is_to_do(self) -> bool:
        """Whether somebody still has to do it."""
        return self.state in TO_DO

    @property
    def how_proven(self) -> str:
        """What will verify it, as a sentence."""
        return str(HOW_PROVEN[Kind(self.kind)])

    def get_absolute_url(self) -> str:
        return reverse("action", args=[self.reference])

    def check_can_become(self, wanted: State) -> None:
        """Raises CannotMove when it may not go there from where it stands."""
        if wanted not in NEXT[State(self.state)]:
            raise CannotMove(now=State(self.state).label, wanted=wanted.label)


class ActionEvent(Row):
    """One thing that happened to an action. Only added. `text` is what a person wrote."""

    action = models.ForeignKey(Action, models.CASCADE, related_name="events", verbose_name=_("action"))
    at = models.DateTimeField(_("at"), default=timezone.now)
    kind = models.CharField(_("kind"), max_length=12, choices=EventKind)
    by = _person(_("by"))
    by_label = models.CharField(_("by"), max_length=200, blank=True)
    text = models.TextField(_("text"), max_length=4000, blank=True)
    values = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("event of an action")
        verbose_name_plural = _("events of actions")
        ordering = ["-at", "-created_at"]
        indexes = [models.Index(fields=["action", "-at"], name="event_of_action")]
        constraints = [
            models.CheckConstraint(name="action_event_kind_is_known", condition=Q(kind__in=EventKind.values)),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.action}"
