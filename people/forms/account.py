"""Forms of everybody's own account."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.text import safe_line
from people.choices import ContactKind, Role, Theme
from people.models import User
from people.selectors import organisation, roles_of, zone_of
from people.services.keys import OWN_KEY_DAYS

#: Further than this nothing is planned; the service says so in words.
LAST_YEAR = 9000


class PreferencesForm(forms.Form):
    """How the product looks to its reader. A field that is not sent stays as it is."""

    language = forms.ChoiceField(choices=[("", ""), *settings.LANGUAGES], required=False)
    theme = forms.ChoiceField(choices=Theme.choices, required=False)
    time_zone = forms.CharField(max_length=60, required=False)


class OwnForm(forms.Form):
    """A form that knows whose it is."""

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person


class DetailsForm(OwnForm):
    """Name, language, wall time and looks."""

    name = forms.CharField(label=_("Name"), max_length=120, validators=[safe_line])
    language = forms.ChoiceField(label=_("Language"), required=False)
    time_zone = forms.ChoiceField(label=_("Time zone"), required=False)
    theme = forms.ChoiceField(label=_("Look"), choices=Theme.choices, required=False, widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = [("", _("As my browser")), *settings.LANGUAGES]  # type: ignore[attr-defined]
        zones = [(name, name) for name in sorted(available_timezones())]
        as_all = _("As the organisation (%(zone)s)") % {"zone": organisation().time_zone}
        self.fields["time_zone"].choices = [("", as_all), *zones]  # type: ignore[attr-defined]
        for name in ("name", "language", "time_zone", "theme"):
            self.fields[name].initial = getattr(self.person, name)


class ContactForm(OwnForm):
    """Another way to be reached."""

    kind = forms.ChoiceField(
        label=_("Kind"), choices=ContactKind.choices, initial=ContactKind.EMAIL, widget=forms.RadioSelect
    )
    address = forms.CharField(
        label=_("Address"),
        max_length=500,
        help_text=_("An e-mail address, a phone number, or the address of an app, such as ntfy://topic."),
        validators=[safe_line],
    )
    name = forms.CharField(
        label=_("What you call it"), max_length=60, required=False, help_text=_("Such as “private phone”.")
    )


class ContactCodeForm(OwnForm):
    """The code that was sent to an address."""

    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


class AbsenceForm(OwnForm):
    """Whole days, in the person's own zone."""

    first_day = forms.DateField(label=_("First day"), widget=forms.DateInput(attrs={"type": "date"}))
    last_day = forms.DateField(label=_("Last day"), widget=forms.DateInput(attrs={"type": "date"}))
    substitute = forms.ModelChoiceField(
        label=_("Who acts for you"), queryset=User.objects.none(), required=False, empty_label=_("Nobody")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = User.objects.filter(is_active=True, is_machine=False).exclude(pk=self.person.pk)
        self.fields["substitute"].queryset = others.order_by("name")  # type: ignore[attr-defined]
        self.fields["first_day"].initial = timezone.localdate()

    def clean(self) -> dict[str, Any]:
        """Days that the clock can count, in their order."""
        found = super().clean() or {}
        first, last = found.get("first_day"), found.get("last_day")
        for name, day in (("first_day", first), ("last_day", last)):
            if day and not 1970 <= day.year <= LAST_YEAR:
                self.add_error(name, _("This day is too far away."))
        if first and last and last < first:
            self.add_error("last_day", _("The last day does not come before the first."))
        return found

    def times(self) -> dict[str, Any]:
        """The same as moments: the end of the last day is the beginning of the next."""
        values = self.cleaned_data
        return {
            "starts_at": self._beginning(values["first_day"]),
            "ends_at": self._beginning(values["last_day"] + timedelta(days=1)),
            "substitute": values["substitute"],
        }

    def _beginning(self, day: date) -> datetime:
        return datetime.combine(day, time(), tzinfo=zone_of(self.person))


class OwnKeyForm(OwnForm):
    """A key with one of one's own roles."""

    name = forms.CharField(
        label=_("Name"), max_length=120, help_text=_("What the program is called."), validators=[safe_line]
    )
    role = forms.ChoiceField(label=_("Acts as"))
    scopes = forms.CharField(
        label=_("scopes"),
        required=False,
        max_length=500,
        validators=[safe_line],
        help_text=_("Such as “backups:write catalog:read”. Empty: all that the role may do."),
    )
    days = forms.IntegerField(label=_("Days until it ends"), min_value=1, max_value=OWN_KEY_DAYS, initial=90)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = [(role.value, role.label) for role in Role if role.value in roles_of(self.person)]
        self.fields["role"].choices = held  # type: ignore[attr-defined]

    def clean_scopes(self) -> list[str]:
        """The words, in any order, between spaces or commas."""
        return str(self.cleaned_data["scopes"]).replace(",", " ").split()
