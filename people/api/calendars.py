"""When people work, as programs see it."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from common.api import Input, Output, ReadViewSet, expected_version, operation
from people import services
from people.api.teams import AdministratorsChange
from people.calendars import Window
from people.choices import Weekday
from people.models import Calendar, CalendarDay
from people.selectors import visible_calendars
from people.windows import read_windows, write_windows

HOURS = _("Such as 09:00-12:00, 13:00-17:30. Empty is a day off; 00:00-24:00 is the whole day.")


WEEK = {
    "monday": "09:00-12:00, 13:00-17:30",
    "tuesday": "09:00-12:00, 13:00-17:30",
    "wednesday": "09:00-12:00, 13:00-17:30",
    "thursday": "09:00-12:00, 13:00-17:30",
    "friday": "09:00-15:00",
    "saturday": "",
    "sunday": "",
}


class WindowsField(serializers.CharField):
    """The hours of one day."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=200, allow_blank=True, required=False, help_text=HOURS, **options)

    def to_internal_value(self, data: Any) -> Any:
        """The windows."""
        try:
            return read_windows(super().to_internal_value(data))
        except ValidationError as error:
            raise serializers.ValidationError(error.messages) from error


class HoursOut(serializers.Serializer[Any]):
    """The hours of each weekday. Empty is a day off."""

    example = WEEK

    monday = serializers.CharField()
    tuesday = serializers.CharField()
    wednesday = serializers.CharField()
    thursday = serializers.CharField()
    friday = serializers.CharField()
    saturday = serializers.CharField()
    sunday = serializers.CharField()


class HoursIn(Input):
    """The hours of the whole week. A weekday that is left out is a day off."""

    example = WEEK

    monday = WindowsField()
    tuesday = WindowsField()
    wednesday = WindowsField()
    thursday = WindowsField()
    friday = WindowsField()
    saturday = WindowsField()
    sunday = WindowsField()


class CalendarOut(Output):
    """When time counts."""

    example = {"name": "Office hours", "time_zone": "Asia/Shanghai", "is_default": True, "hours": WEEK}

    hours = serializers.SerializerMethodField()

    @extend_schema_field(HoursOut)
    def get_hours(self, calendar: Calendar) -> dict[str, str]:
        """By weekday."""
        stored: dict[int, list[Window]] = {}
        for each in calendar.windows.all():
            if each.weekday is not None:
                stored.setdefault(each.weekday, []).append(Window(each.opens, each.closes))
        return HoursOut({day.name.lower(): write_windows(stored.get(day.value, [])) for day in Weekday}).data

    class Meta:
        model = Calendar
        fields = ["id", "name", "time_zone", "is_default", "hours", "created_at", "version"]


class CalendarIn(Input):
    """Its name, its zone, its week."""

    example = {"name": "Office hours", "time_zone": "Asia/Shanghai", "hours": WEEK}

    name = serializers.CharField(max_length=120)
    time_zone = serializers.CharField(max_length=60, required=False, allow_blank=True)
    hours = HoursIn()


class DayOut(Output):
    """A holiday, or a day that is worked. Without hours of its own a worked day has its weekday's, or Monday's."""

    example = {"date": "2026-10-01", "is_working": False, "label": "National Day", "hours": ""}

    hours = serializers.SerializerMethodField()

    def get_hours(self, day: CalendarDay) -> str:
        """Its own."""
        return write_windows(Window(each.opens, each.closes) for each in day.windows.all())

    class Meta:
        model = CalendarDay
        fields = ["id", "date", "is_working", "label", "hours"]


class DayIn(Input):
    """A day that is not like its weekday."""

    example = {
        "date": "2026-10-10",
        "is_working": True,
        "label": "Worked for the National Day",
        "hours": "09:00-12:00, 13:00-16:00",
    }

    date = serializers.DateField()
    is_working = serializers.BooleanField(required=False, default=False)
    label = serializers.CharField(  # type: ignore[assignment]  # of the day, not of the input
        max_length=120, required=False, allow_blank=True
    )
    hours = WindowsField(source="windows")


class WhichDayIn(Input):
    """A day of the calendar."""

    example = {"date": "2026-10-10"}

    date = serializers.DateField()


class Calendars(ReadViewSet):
    """GET, POST, PATCH /api/v1/calendars/ and …/ID/days|set-day|clear-day|make-default/"""

    queryset = Calendar.objects.none()
    serializer_class = CalendarOut
    permission_classes = [*ReadViewSet.permission_classes, AdministratorsChange]
    about = _("When people work: by these, clocks and reminders count.")
    lists = _("Calendars.")
    shows = _("One calendar.")
    search_fields = ["name"]
    ordering_fields = ["created_at", "name"]

    def get_queryset(self) -> QuerySet[Calendar]:
        """All of them."""
        return visible_calendars(self.request.user).prefetch_related("windows")

    @operation(_("Say when time counts."), takes=CalendarIn, gives={201: CalendarOut})
    def create(self, request: Request) -> Response:
        """A new calendar."""
        values = self.checked(CalendarIn, request)
        return self.answer(services.add_calendar(by=self.by, **_read(values)), status=201)

    @operation(_("Change a calendar."), takes=CalendarIn(partial=True), gives=CalendarOut)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Its name, its zone, its week. Needs If-Match."""
        calendar, version = self.get_object(), expected_version(request)
        values = _read(self.checked(CalendarIn, request, partial=True))
        services.change_calendar(calendar_id=calendar.pk, by=self.by, version=version, **values)
        return self._fresh(calendar)

    @operation(_("The holidays and working days of a calendar."), gives=DayOut(many=True))
    @action(detail=True, methods=["get"], pagination_class=None, filter_backends=[])
    def days(self, request: Request, pk: str) -> Response:
        """In their order."""
        days = self.get_object().days.prefetch_related("windows").order_by("date")
        return Response(DayOut(days, many=True).data)

    @operation(_("Say that a day is a holiday, or is worked."), takes=DayIn, gives=DayOut)
    @action(detail=True, methods=["post"], url_path="set-day")
    def set_day(self, request: Request, pk: str) -> Response:
        """Calling twice is safe: the day is then as it was said last."""
        calendar, values = self.get_object(), self.checked(DayIn, request)
        there = calendar.days.filter(date=values["date"]).first()
        if there is None:
            day = services.add_day(calendar=calendar, by=self.by, **values)
        else:
            day = services.change_day(day_id=there.pk, by=self.by, **{"label": "", "windows": (), **values})
        return Response(DayOut(day).data)

    @operation(_("Let a day be like its weekday again."), takes=WhichDayIn, gives=CalendarOut)
    @action(detail=True, methods=["post"], url_path="clear-day")
    def clear_day(self, request: Request, pk: str) -> Response:
        """Calling twice is safe."""
        calendar = self.get_object()
        for day in calendar.days.filter(date=self.checked(WhichDayIn, request)["date"]):
            services.remove_day(day_id=day.pk, by=self.by)
        return self._fresh(calendar)

    @operation(_("Make a calendar the organisation's own."), gives=CalendarOut)
    @action(detail=True, methods=["post"], url_path="make-default")
    def make_default(self, request: Request, pk: str) -> Response:
        """Calling twice is safe."""
        calendar = self.get_object()
        services.make_default(calendar_id=calendar.pk, by=self.by)
        return self._fresh(calendar)

    def _fresh(self, calendar: Calendar) -> Response:
        return self.answer(self.get_queryset().get(pk=calendar.pk))


def _read(values: dict[str, Any]) -> dict[str, Any]:
    if "hours" in values:
        values["hours"] = {Weekday[name.upper()].value: windows for name, windows in values["hours"].items()}
    return values
