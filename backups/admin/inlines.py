"""The rows below a policy in the admin: what it saves, and when. They are written by services."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.admin import StackedInline, TabularInline
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from backups.adapters.postgres.connect import ENCRYPTIONS
from backups.choices import Engine
from backups.models import PolicySource, Schedule
from common.text import safe_text
from ledger.admin import SecretField


class ScheduleForm(forms.ModelForm):
    """When something of a policy falls due. Its row is written by a service."""

    class Meta:
        model = Schedule
        fields = ["kind", "rule", "time_zone"]

    def has_changed(self) -> bool:
        """A new row counts when a rule was typed; the rest of it has a meaning without being touched."""
        return "rule" in self.changed_data if self.instance._state.adding else super().has_changed()


class ScheduleInline(TabularInline):
    model = Schedule
    form = ScheduleForm
    extra = 0


class Line(forms.CharField):
    """One line of text, not needed for every kind of source."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            required=False, max_length=1000, validators=[safe_text], widget=UnfoldAdminTextInputWidget(), **options
        )


class SourceForm(forms.ModelForm):
    """One thing to save: a database by host, name and user, or a folder by its path."""

    host = Line(label=_("host"), help_text=_("PostgreSQL: a name, an address, or the folder of its socket."))
    port = forms.IntegerField(
        label=_("port"), required=False, widget=UnfoldAdminIntegerFieldWidget(attrs={"placeholder": "5432"})
    )
    database = Line(label=_("database"))
    user = Line(label=_("user"))
    encryption = forms.ChoiceField(
        label=_("encryption"),
        required=False,
        choices=[("", "prefer"), *((mode, mode) for mode in ENCRYPTIONS if mode != "prefer")],
        widget=UnfoldAdminSelectWidget(),
    )
    password = SecretField(label=_("password of the source"))
    path = Line(label=_("path"), help_text=_("Folder of files: its absolute path, such as /srv/app/files."))
    exclude = forms.CharField(
        label=_("leave out"),
        required=False,
        max_length=30_000,
        validators=[safe_text],
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}),
        help_text=_("Folder of files: patterns, one a line, such as *.log or cache/*."),
    )

    class Meta:
        model = PolicySource
        fields = ["engine", "name"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].required = False
        kept = self.instance.settings
        for name in ("host", "port", "database", "user", "encryption", "path"):
            self.fields[name].initial = kept.get(name)
        self.fields["exclude"].initial = "\n".join(kept.get("exclude", []))

    def told(self) -> dict[str, Any]:
        """The source as the service wants it. An empty password keeps the one that is kept."""
        given = self.cleaned_data
        if given["engine"] == Engine.FOLDER:
            patterns = [line.strip() for line in given["exclude"].splitlines() if line.strip()]
            settings: dict[str, Any] = {"path": given["path"], **({"exclude": patterns} if patterns else {})}
        else:
            keys = ("host", "port", "database", "user", "encryption")
            settings = {key: given[key] for key in keys if given[key] not in (None, "")}
        source = {"name": given["name"], "engine": given["engine"], "settings": settings}
        return {**source, "password": given["password"] or None}


class SourceForms(forms.BaseInlineFormSet):
    """All sources of a policy: told to it whole, for they are set with it."""

    forms: list[SourceForm]  # type: ignore[assignment]  # the inline below says so

    def clean(self) -> None:
        """Leave them where the admin finds them."""
        super().clean()
        filled = [form for form in self.forms if form.is_valid() and form not in self.deleted_forms]
        is_there = [form for form in filled if form.has_changed() or not form.instance._state.adding]
        self.instance.told_sources = [form.told() for form in is_there]


class SourceInline(StackedInline):
    model = PolicySource
    form = SourceForm
    formset = SourceForms
    extra = 0
    min_num = 1
    fields = [
        ("engine", "name"),
        ("host", "port"),
        ("database", "user"),
        ("password", "encryption"),
        ("path", "exclude"),
    ]
