"""When people work, in the admin: a week as people write it, and holidays typed or read in as a list."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextInputWidget

from ledger.admin import LedgerForm, SeenForm, SignedInRequest, by_service
from ledger.admin.base import LedgerAdmin
from ledger.admin.sheets import SheetAdmin
from people import services
from people.admin.sheets import DAYS
from people.calendars import Window
from people.choices import Weekday
from people.models import Calendar, CalendarDay
from people.windows import read_windows, write_windows


class HoursField(forms.CharField):
    """The hours of one day: “09:00-12:00, 13:00-17:30”. Empty is a day off."""

    widget = UnfoldAdminTextInputWidget

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, max_length=200, **options)

    def prepare_value(self, value: Any) -> Any:
        """What stands in the input."""
        return value if isinstance(value, str) or value is None else write_windows(value)

    def to_python(self, value: Any) -> tuple[Window, ...]:  # type: ignore[override]  # windows, not their text
        """The windows. Raises ValidationError."""
        return value if isinstance(value, tuple) else read_windows(super().to_python(value) or "")

    def run_validators(self, value: Any) -> None:
        """Checked while it was read."""

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether other hours are meant."""
        try:
            return tuple(initial or ()) != self.to_python(data)
        except forms.ValidationError:
            return True


class CalendarForm(SeenForm):
    """A calendar with its week."""

    monday = HoursField(
        label=Weekday.MONDAY.label,
        help_text=_("As 09:00-12:00, 13:00-17:30. Empty is a day off; 00:00-24:00 is the whole day."),
    )
    tuesday = HoursField(label=Weekday.TUESDAY.label)
    wednesday = HoursField(label=Weekday.WEDNESDAY.label)
    thursday = HoursField(label=Weekday.THURSDAY.label)
    friday = HoursField(label=Weekday.FRIDAY.label)
    saturday = HoursField(label=Weekday.SATURDAY.label)
    sunday = HoursField(label=Weekday.SUNDAY.label)

    class Meta:
        model = Calendar
        fields = ["name", "time_zone"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance._state.adding:
            stored = services.weekly_of(self.instance)
            for weekday in Weekday:
                self.fields[weekday.name.lower()].initial = stored.get(weekday.value, ())


WEEK = [weekday.name.lower() for weekday in Weekday]


@admin.register(Calendar)
class CalendarAdmin(LedgerAdmin):
    form = CalendarForm
    list_display = ["name", "time_zone", "is_default"]
    search_fields = ["name"]
    fieldsets = [(None, {"fields": ["name", "time_zone", "is_default"]}), (_("Working hours"), {"fields": WEEK})]
    readonly_fields = ["is_default"]
    actions = [by_service(services.make_default, _("Make it the organisation's"), key="calendar_id")]

    def add_by(self, request: SignedInRequest, values: dict[str, Any]) -> Calendar:
        """Say when time counts."""
        hours = {weekday.value: values.pop(weekday.name.lower()) for weekday in Weekday}
        return services.add_calendar(by=request.user, hours=hours, **values)

    def change_by(self, request: SignedInRequest, row: Calendar, values: dict[str, Any], version: int | None) -> bool:
        """Its name, its zone, its week."""
        hours = {Weekday[name.upper()].value: values.pop(name) for name in WEEK if name in values}
        if hours:
            values["hours"] = {**services.weekly_of(row), **hours}
        services.change_calendar(calendar_id=row.pk, by=request.user, version=version, **values)
        return True

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Where nothing counts by it; the ledger keeps that there was one."""
        return bool(self.has_change_permission(request, obj)) and not (obj and obj.is_default)

    def delete_model(self, request: SignedInRequest, obj: Calendar) -> None:
        """Forget it."""
        services.remove_calendar(calendar_id=obj.pk, by=request.user)

    def delete_queryset(self, request: SignedInRequest, queryset: QuerySet[Calendar]) -> None:
        """Each through the service."""
        for row in queryset:
            self.delete_model(request, row)


class DayForm(LedgerForm):
    """One day, with hours of its own where it has some."""

    windows = HoursField(
        label=_("hours of this day"),
        help_text=_("Only where the day is worked by other hours than its weekday, or than Monday on a weekend."),
    )

    class Meta:
        model = CalendarDay
        fields = ["calendar", "date", "is_working", "label"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance._state.adding:
            self.fields["windows"].initial = own_windows(self.instance)


def own_windows(day: CalendarDay) -> tuple[Window, ...]:
    """What is stored of the day's own hours."""
    return tuple(Window(each.opens, each.closes) for each in day.windows.all())


@admin.register(CalendarDay)
class CalendarDayAdmin(SheetAdmin):
    form = DayForm
    sheet = DAYS
    list_display = ["date", "weekday", "calendar", "is_working", "label"]
    list_filter = ["calendar", "is_working", "date"]
    list_select_related = ["calendar"]
    search_fields = ["label", "calendar__name"]
    date_hierarchy = "date"
    fields = ["calendar", "date", "is_working", "windows", "label"]

    @admin.display(description=_("weekday"))
    def weekday(self, day: CalendarDay) -> str:
        return str(Weekday(day.date.weekday()).label)

    def add_by(self, request: SignedInRequest, values: dict[str, Any]) -> CalendarDay:
        """A holiday, or a day that is worked. A file names the calendar."""
        if "calendar__name" in values:
            values["calendar"] = Calendar.objects.get(name__iexact=values.pop("calendar__name"))
        return services.add_day(by=request.user, **values)

    def change_by(
        self, request: SignedInRequest, row: CalendarDay, values: dict[str, Any], version: int | None
    ) -> bool:
        """Another day, other hours, another name. Its calendar stays."""
        kept = {name: value for name, value in values.items() if name not in ("calendar", "calendar__name")}
        services.change_day(day_id=row.pk, by=request.user, **kept)
        return True

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """A day stays in its calendar."""
        return ["calendar"] if obj else []

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Then it is a day like its weekday again; the ledger keeps that it was not."""
        return bool(self.has_change_permission(request, obj))

    def delete_model(self, request: SignedInRequest, obj: CalendarDay) -> None:
        """Forget it."""
        services.remove_day(day_id=obj.pk, by=request.user)

    def delete_queryset(self, request: SignedInRequest, queryset: QuerySet[CalendarDay]) -> None:
        """Each through the service."""
        for row in queryset:
            self.delete_model(request, row)
