"""When people work: hours by weekday, holidays, and days that are worked all the same."""

from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.models import Row, Versioned
from common.text import safe_line
from people.choices import Weekday


def is_zone(name: str) -> None:
    """Raises ValidationError for a time zone that does not exist."""
    if name not in available_timezones():
        raise ValidationError(_("There is no such time zone."))


class Calendar(Row, Versioned):
    """When time counts. One is the organisation's own.

    `changed_at` moves with every change of windows and days: what was counted once is known by it.
    """

    name = models.CharField(_("name"), max_length=120, validators=[safe_line])
    time_zone = models.CharField(
        _("time zone"),
        max_length=60,
        blank=True,
        validators=[is_zone],
        help_text=_("Such as Asia/Shanghai. Empty: that of the organisation."),
    )
    is_default = models.BooleanField(
        _("of the organisation"), default=False, editable=False, help_text=_("Reminders obey it too.")
    )
    changed_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("calendar")
        verbose_name_plural = _("calendars")
        ordering = ["name"]
        indexes = [
            models.Index(fields=["created_at", "id"], name="calendar_by_age"),
            models.Index(fields=["name", "id"], name="calendar_by_name"),
        ]
        constraints = [
            models.UniqueConstraint(
                Lower("name"),
                name="calendar_name_is_one_calendars",
                violation_error_message=_("There is a calendar of this name already."),
            ),
            models.UniqueConstraint(fields=["is_default"], name="calendar_one_default", condition=Q(is_default=True)),
        ]

    def __str__(self) -> str:
        return self.name


class CalendarDay(Row):
    """One day that is not like its weekday: a holiday, or a day that is worked.

    Worked without windows of its own, it has those of its weekday, or of the first weekday that has some: a
    Saturday worked for a holiday is worked like a Monday.
    """

    calendar = models.ForeignKey(Calendar, models.CASCADE, related_name="days", verbose_name=_("calendar"))
    date = models.DateField(_("day"))
    is_working = models.BooleanField(_("is worked"), default=False)
    label = models.CharField(_("what day it is"), max_length=120, blank=True, validators=[safe_line])

    class Meta:
        verbose_name = _("holiday or working day")
        verbose_name_plural = _("holidays and working days")
        ordering = ["calendar__name", "date"]
        constraints = [
            models.UniqueConstraint(
                fields=["calendar", "date"],
                name="calendar_day_is_there_once",
                violation_error_message=_("This day is in the calendar already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.calendar} · {self.date:%Y-%m-%d}"


class CalendarWindow(Row):
    """One stretch of a weekday, or of one day, in which time counts. Midnight as its end is the end of the day."""

    calendar = models.ForeignKey(Calendar, models.CASCADE, related_name="windows")
    weekday = models.PositiveSmallIntegerField(choices=Weekday, null=True)
    day = models.ForeignKey(CalendarDay, models.CASCADE, null=True, related_name="windows")
    opens = models.TimeField()
    closes = models.TimeField()

    class Meta:
        verbose_name = _("working hours")
        verbose_name_plural = _("working hours")
        ordering = ["weekday", "opens"]
        constraints = [
            models.CheckConstraint(
                name="calendar_window_is_of_one",
                condition=Q(weekday__isnull=False, day__isnull=True) | Q(weekday__isnull=True, day__isnull=False),
            ),
            models.CheckConstraint(
                name="calendar_window_weekday_is_known",
                condition=Q(weekday__isnull=True) | Q(weekday__in=Weekday.values),
            ),
            models.CheckConstraint(
                name="calendar_window_ends_later", condition=Q(closes__gt=F("opens")) | Q(closes="00:00")
            ),
            models.UniqueConstraint(
                fields=["calendar", "weekday", "day", "opens"],
                name="calendar_window_begins_once",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.calendar} · {self.opens:%H:%M}"
