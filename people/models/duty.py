"""Who is on duty: rosters, the rotations they are made of, and what was agreed otherwise."""

from datetime import time

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.models import Row, Versioned
from common.text import safe_line, safe_text
from people.choices import Period
from people.models.persons import User

#: Every day of the week, Monday being 0.
ALL_DAYS = [0, 1, 2, 3, 4, 5, 6]


def all_days() -> list[int]:
    """A rotation counts on every day unless somebody says otherwise."""
    return list(ALL_DAYS)


class Roster(Row, Versioned):
    """One duty that somebody always has, or should have. Its hand-overs go by the clock of its zone."""

    name = models.CharField(_("name"), max_length=120, validators=[safe_line])
    description = models.CharField(_("description"), max_length=300, blank=True, validators=[safe_text])
    time_zone = models.CharField(_("time zone"), max_length=60)
    manager = models.ForeignKey(
        User,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="rosters_managed",
        verbose_name=_("manager"),
        help_text=_("Is told of gaps ahead, and may change who has the duty."),
    )
    tells_hand_over = models.BooleanField(
        _("tell of hand-overs"), default=False, help_text=_("Who hands over and who takes over are told.")
    )
    told_until = models.DateTimeField(null=True, editable=False)
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("roster")
        verbose_name_plural = _("rosters")
        ordering = ["name"]
        indexes = [
            models.Index(fields=["created_at", "id"], name="roster_by_age"),
            models.Index(fields=["name", "id"], name="roster_by_name"),
        ]
        constraints = [
            models.UniqueConstraint(
                Lower("name"),
                name="roster_name_is_one_rosters",
                violation_error_message=_("There is a roster of this name already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("roster", args=[self.pk])


class Rotation(Row, Versioned):
    """People who have a roster's duty in turn. Of several, the first in order that has somebody counts.

    A turn is `length` hours, days or weeks of the wall clock, from `hand_over_at` on `starts_on` on. `weekdays`
    (Monday is 0) and the hours between `from_time` and `until_time` narrow it; an end before the beginning lies on
    the next day.
    """

    roster = models.ForeignKey(Roster, models.CASCADE, related_name="rotations", verbose_name=_("roster"))
    position = models.PositiveSmallIntegerField(_("order"), default=1)
    name = models.CharField(_("name"), max_length=120, validators=[safe_line])
    period = models.CharField(_("turns in"), max_length=5, choices=Period, default=Period.WEEKS)
    length = models.PositiveSmallIntegerField(_("length of a turn"), default=1)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("until the hand-over on"), null=True, blank=True)
    hand_over_at = models.TimeField(_("hand-over at"), default=time(9))
    weekdays = models.JSONField(_("days of the week"), default=all_days, blank=True)
    from_time = models.TimeField(_("only from"), null=True, blank=True)
    until_time = models.TimeField(_("only until"), null=True, blank=True)
    people = models.ManyToManyField(User, through="Participant", related_name="rotations", verbose_name=_("people"))

    class Meta:
        verbose_name = _("rotation")
        verbose_name_plural = _("rotations")
        ordering = ["roster__name", "position", "created_at"]
        indexes = [models.Index(fields=["created_at", "id"], name="rotation_by_age")]
        constraints = [
            models.CheckConstraint(name="rotation_period_is_known", condition=Q(period__in=Period.values)),
            models.CheckConstraint(
                name="rotation_turn_is_possible",
                condition=Q(length__gte=1, length__lte=366),
                violation_error_message=_("A turn lasts from 1 to 366 hours, days or weeks."),
            ),
            models.CheckConstraint(
                name="rotation_position_is_possible", condition=Q(position__gte=1, position__lte=20)
            ),
            models.CheckConstraint(
                name="rotation_ends_after_it_starts",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on")),
                violation_error_message=_("A rotation ends after it starts."),
            ),
            models.CheckConstraint(
                name="rotation_hours_have_both_ends",
                condition=Q(from_time__isnull=True, until_time__isnull=True)
                | Q(from_time__isnull=False, until_time__isnull=False),
                violation_error_message=_("Give both the hour from which and the hour until which it counts."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.roster} · {self.name}"


class Participant(Row):
    """One turn of a rotation. The same person may have several."""

    rotation = models.ForeignKey(Rotation, models.CASCADE, related_name="participants", verbose_name=_("rotation"))
    position = models.PositiveSmallIntegerField(_("order"))
    person = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name=_("person"))

    class Meta:
        verbose_name = _("turn")
        verbose_name_plural = _("turns")
        ordering = ["rotation", "position"]
        constraints = [
            models.UniqueConstraint(fields=["rotation", "position"], name="participant_is_one_a_turn"),
        ]

    def __str__(self) -> str:
        return f"{self.rotation} · {self.position} · {self.person}"


class Override(Row):
    """Somebody has the duty instead of whom the rotations name. Of several at a time the newest counts."""

    roster = models.ForeignKey(Roster, models.CASCADE, related_name="overrides", verbose_name=_("roster"))
    person = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name=_("person"))
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    reason = models.CharField(_("reason"), max_length=200, blank=True, validators=[safe_line])
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+")
    removed_at = models.DateTimeField(_("taken back"), null=True, editable=False)

    class Meta:
        verbose_name = _("override")
        verbose_name_plural = _("overrides")
        ordering = ["-starts_at"]
        indexes = [
            models.Index(fields=["created_at", "id"], name="override_by_age"),
            models.Index(fields=["roster", "ends_at"], name="override_of_roster", condition=Q(removed_at=None)),
        ]
        constraints = [
            models.CheckConstraint(
                name="override_ends_after_it_starts",
                condition=Q(ends_at__gt=F("starts_at")),
                violation_error_message=_("An override ends after it starts."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.roster} · {self.person} · {self.starts_at:%Y-%m-%d}"


class DutyFeed(Row):
    """One address at which a calendar reads somebody's duty, or a whole roster. Only its digest is kept."""

    person = models.ForeignKey(User, models.CASCADE, related_name="duty_feeds", verbose_name=_("person"))
    roster = models.ForeignKey(
        Roster, models.CASCADE, null=True, blank=True, related_name="feeds", verbose_name=_("roster")
    )
    digest = models.CharField(max_length=64, unique=True, editable=False)
    last_read_at = models.DateTimeField(_("last read"), null=True, editable=False)
    revoked_at = models.DateTimeField(_("revoked"), null=True, editable=False)

    class Meta:
        verbose_name = _("calendar feed")
        verbose_name_plural = _("calendar feeds")
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(name="duty_feed_is_hashed", condition=Q(digest__regex=r"^[0-9a-f]{64}$")),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.roster or timezone.localtime(self.created_at).date()}"
