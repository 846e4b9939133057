"""Something is wrong: one row from the first report to what was learned."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from catalog.models import Service, System
from common.models import Row, Versioned, longest, next_number
from incidents import texts
from incidents.choices import LIVE, NEXT, URGENT_SEVERITY, Category, HoldReason, Scale, Source, State
from incidents.errors import CannotMove
from incidents.times import CLOCKS_DIFFER, EARLIEST
from people.models import Team


class Incident(Row, Versioned):
    """One failure, from something is wrong to it cannot happen again.

    People's words stand in `title`. What Holdfast opens has a `title_code` with `title_values`
    instead, read in the reader's language (`incidents.texts`); `title` then keeps the English.
    `reported_as` is what the reporter called it; those who work on it may change `title`, never that.
    `report_key`: the form, or the mail, by which it was reported: sent twice, it is one report.
    `failed_rungs` are the rungs of the backup ladder that are still broken (`incidents.rungs`).
    """

    number = models.BigIntegerField(unique=True, editable=False, db_default=next_number("incidents_incident_number"))
    title = models.CharField(_("title"), max_length=160)
    public_title = models.CharField(
        _("shown to staff as"),
        max_length=160,
        blank=True,
        help_text=_("With this title, people who report the same thing are offered to join. Empty: not offered."),
    )
    reported_as = models.CharField(max_length=160, blank=True, editable=False)
    title_code = models.CharField(max_length=60, blank=True, editable=False)
    title_values = models.JSONField(default=dict, editable=False)
    description = models.TextField(_("what was seen"), max_length=10_000, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.TRIAGE)
    impact = models.PositiveSmallIntegerField(_("impact"), choices=Scale, default=Scale.MEDIUM)
    urgency = models.PositiveSmallIntegerField(_("urgency"), choices=Scale, default=Scale.MEDIUM)
    severity = models.PositiveSmallIntegerField(_("severity"), default=3)
    source = models.CharField(_("source"), max_length=10, choices=Source, default=Source.PAGE)
    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("reporter")
    )
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("entered by"),
    )
    reporter_name = models.CharField(_("name of the reporter"), max_length=200, blank=True)
    reporter_email = models.EmailField(_("e-mail of the reporter"), blank=True)
    reporter_language = models.CharField(max_length=10, blank=True, editable=False)
    report_key = models.CharField(max_length=64, blank=True, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("owner")
    )
    team = models.ForeignKey(
        Team, models.SET_NULL, null=True, blank=True, related_name="incidents", verbose_name=_("team")
    )
    category = models.CharField(_("category of the cause"), max_length=20, choices=Category, blank=True)
    is_major = models.BooleanField(_("major"), default=False)
    services = models.ManyToManyField(Service, blank=True, related_name="incidents", verbose_name=_("services"))
    systems = models.ManyToManyField(System, blank=True, related_name="incidents", verbose_name=_("systems"))
    followers = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="+")
    place = models.CharField(_("place"), max_length=200, blank=True)
    error_code = models.CharField(_("error code"), max_length=100, blank=True)
    steps_tried = models.TextField(_("what was tried"), max_length=4000, blank=True)
    occurred_at = models.DateTimeField(_("since"), null=True, blank=True)
    detected_at = models.DateTimeField(_("noticed"), null=True, blank=True)
    reported_at = models.DateTimeField(_("reported"), default=timezone.now)
    acknowledged_at = models.DateTimeField(_("acknowledged"), null=True, editable=False)
    mitigated_at = models.DateTimeField(_("mitigated"), null=True, editable=False)
    resolved_at = models.DateTimeField(_("resolved"), null=True, editable=False)
    closed_at = models.DateTimeField(_("closed"), null=True, editable=False)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, editable=False)
    reopen_count = models.PositiveSmallIntegerField(_("opened again"), default=0, editable=False)
    is_resolved_by_system = models.BooleanField(default=False, editable=False)
    hold_reason = models.CharField(_("waits for"), max_length=10, choices=HoldReason, blank=True, editable=False)
    resume_at = models.DateTimeField(_("on hold until"), null=True, editable=False)
    previous = models.ForeignKey(
        "self", models.SET_NULL, null=True, editable=False, related_name="followed_by", verbose_name=_("seen before as")
    )
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, editable=False, related_name="merged", verbose_name=_("merged into")
    )
    expected_at = models.DateTimeField(_("expected to be over"), null=True, blank=True)
    cause_key = models.CharField(max_length=200, blank=True, editable=False, db_index=True)
    cause_url = models.CharField(max_length=300, blank=True, editable=False)
    failed_rungs = models.JSONField(default=list, editable=False)
    is_restricted = models.BooleanField(_("restricted"), default=False)
    tracking_token = models.CharField(max_length=64, unique=True, editable=False)

    #: Its columns as they were when a service took it up (`incidents.services.rows`).
    as_found: dict[str, Any] | None = None

    class Meta:
        verbose_name = _("incident")
        verbose_name_plural = _("incidents")
        ordering = ["-reported_at"]
        indexes = [
            models.Index(fields=["created_at", "id"], name="incident_by_age"),
            models.Index(fields=["-reported_at"], name="incident_by_time"),
            models.Index(fields=["severity", "-reported_at"], name="incident_live", condition=Q(state__in=LIVE)),
            models.Index(
                fields=["-reported_at"],
                name="incident_known",
                condition=Q(state__in=LIVE, is_restricted=False) & ~Q(public_title=""),
            ),
            # What the list narrows down by: each leads to the newest of them, however few they are among all.
            models.Index(fields=["state", "-reported_at"], name="incident_by_state"),
            models.Index(fields=["severity", "-reported_at"], name="incident_by_severity"),
            models.Index(fields=["source", "-reported_at"], name="incident_by_source"),
            models.Index(fields=["owner", "-reported_at"], name="incident_by_owner"),
            models.Index(fields=["team", "-reported_at"], name="incident_by_team"),
            models.Index(fields=["category", "-reported_at"], name="incident_by_category", condition=~Q(category="")),
            models.Index(fields=["-reported_at"], name="incident_major", condition=Q(is_major=True)),
            models.Index(fields=["-resolved_at"], name="incident_resolved", condition=Q(state=State.RESOLVED)),
        ]
        constraints = [
            models.CheckConstraint(name="incident_state_is_known", condition=Q(state__in=State.values)),
            models.CheckConstraint(name="incident_source_is_known", condition=Q(source__in=Source.values)),
            models.CheckConstraint(name="incident_severity_is_1_to_4", condition=Q(severity__gte=1, severity__lte=4)),
            models.CheckConstraint(
                name="incident_scales_are_known", condition=Q(impact__in=Scale.values, urgency__in=Scale.values)
            ),
            models.CheckConstraint(
                name="incident_active_was_acknowledged",
                condition=~Q(state__in=[State.ACTIVE, State.ON_HOLD, State.MITIGATED])
                | Q(acknowledged_at__isnull=False),
            ),
            models.CheckConstraint(
                name="incident_resolved_has_a_time",
                condition=~Q(state__in=[State.RESOLVED, State.IN_REVIEW, State.CLOSED]) | Q(resolved_at__isnull=False),
            ),
            models.CheckConstraint(
                name="incident_on_hold_has_an_end", condition=~Q(state=State.ON_HOLD) | Q(resume_at__isnull=False)
            ),
            models.CheckConstraint(
                name="incident_hold_reason_is_known", condition=Q(hold_reason__in=["", *HoldReason.values])
            ),
            # What is merged keeps what it waited for until it is taken out again.
            models.CheckConstraint(
                name="incident_waits_only_on_hold",
                condition=Q(hold_reason="") | Q(state__in=[State.ON_HOLD, State.MERGED]),
            ),
            models.CheckConstraint(
                name="incident_times_are_in_order",
                condition=Q(detected_at__gte=F("occurred_at"))
                & Q(mitigated_at__gte=F("occurred_at"))
                & Q(mitigated_at__gte=F("detected_at"))
                & Q(resolved_at__gte=F("occurred_at"))
                & Q(resolved_at__gte=F("detected_at"))
                & Q(resolved_at__gte=F("mitigated_at"))
                & Q(closed_at__gte=F("resolved_at")),
            ),
            models.CheckConstraint(name="incident_category_is_known", condition=Q(category__in=["", *Category.values])),
            models.CheckConstraint(
                name="incident_merged_names_the_other",
                condition=Q(state=State.MERGED, merged_into__isnull=False)
                | (~Q(state=State.MERGED) & Q(merged_into__isnull=True)),
            ),
            models.UniqueConstraint(
                name="incident_is_reported_once", fields=["report_key"], condition=~Q(report_key="")
            ),
            longest("incident_description_has_an_end", "description", 10_000),
            longest("incident_steps_tried_have_an_end", "steps_tried", 4000),
            models.CheckConstraint(
                name="incident_began_after_1990", condition=Q(occurred_at=None) | Q(occurred_at__gte=EARLIEST)
            ),
            models.CheckConstraint(
                name="incident_began_before_it_was_reported",
                condition=Q(occurred_at=None) | Q(occurred_at__lte=F("reported_at") + CLOCKS_DIFFER),
            ),
            models.UniqueConstraint(
                name="incident_one_live_per_cause",
                fields=["cause_key"],
                condition=Q(state__in=LIVE) & ~Q(cause_key=""),
                violation_error_message=_("This cause already has a live incident."),
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """What people call it."""
        return f"INC-{self.number:04d}"

    @property
    def shown_title(self) -> str:
        """The title in the reader's language where Holdfast wrote it, else as a person wrote it."""
        return texts.sentence(self.title_code, self.title_values) if self.title_code else self.title

    @property
    def told_title(self) -> str:
        """What it is called to its reporter, and to whoever has the tracking link: never the title of those at work."""
        return self.reported_as or self.public_title or self.reference

    @property
    def reporter_label(self) -> str:
        """Who reported it, as far as that is known."""
        return str(self.reporter or self.reporter_name or self.reporter_email or _("Somebody who is not signed in"))

    @property
    def is_live(self) -> bool:
        """Whether somebody still has to do something."""
        return self.state in LIVE

    @property
    def is_urgent(self) -> bool:
        """Whether it is told at once and shown on every page."""
        return self.severity <= URGENT_SEVERITY

    def get_absolute_url(self) -> str:
        return reverse("incident", args=[self.reference])

    @property
    def tracking_url(self) -> str:
        """The page of the person who reported it; whoever knows the address may read and answer."""
        return reverse("tracking", args=[self.tracking_token])

    def check_can_become(self, wanted: str) -> None:
        """Raises CannotMove when people may not move it there from where it stands."""
        if wanted not in NEXT[State(self.state)]:
            raise CannotMove.between(self.state, wanted)
