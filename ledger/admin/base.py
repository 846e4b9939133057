"""What every room's admin stands on: no change without its entry in the ledger.

An admin with services gives them as `add_by` and `change_by`; the service then checks, writes and
records. One without is saved here, in a transaction that records what was before and after.
"""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db import IntegrityError, models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from common.errors import DomainError
from common.models import Versioned
from common.secrets import MASK
from common.text import safe_text
from common.versions import check_version, raise_version
from ledger.admin.choosing import ChosenMany, ChosenOne
from ledger.admin.fields import DurationField, JSONField, spelled_out
from ledger.admin.forms import LedgerForm, SeenForm
from ledger.services import record

OVERRIDES: dict[type[models.Field], dict[str, Any]] = {
    models.DurationField: {"form_class": DurationField, "widget": UnfoldAdminTextInputWidget},
    models.JSONField: {"form_class": JSONField, "widget": UnfoldAdminTextareaWidget},
}


class SignedInRequest(HttpRequest):
    """A request of somebody who signed in: nobody else gets as far as a change."""

    user: Any


class Refused(DomainError):
    """What only the database noticed, e.g. a name that somebody else took a moment ago."""

    code = "refused_by_database"
    template = _("The database refused this: somebody else may have saved the same a moment ago. Nothing was changed.")


class LedgerAdmin(ModelAdmin):
    """Rows that administrators keep. Deleting is off unless a room says how (`delete_model`)."""

    form = LedgerForm
    formfield_overrides = OVERRIDES
    #: Columns whose values never reach the ledger.
    secret_fields: tuple[str, ...] = ()
    list_per_page = 50
    show_full_result_count = False
    warn_unsaved_form = True

    def get_list_display(self, request: HttpRequest) -> Any:
        """Lengths of time are spelled out."""
        return [spelled_out(self.model, column) for column in super().get_list_display(request)]

    def add_by(self, request: SignedInRequest, values: dict[str, Any]) -> models.Model | None:
        """Add a row by a service and return it. None: it is saved here."""
        return None

    def change_by(self, request: SignedInRequest, row: Any, values: dict[str, Any], version: int | None) -> bool:
        """Change a row by a service; values are those that differ. False: it is saved here."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """History hangs on most rows."""
        return False

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """The form, with what was refused before beside its inputs."""
        form = super().get_form(request, obj, change=change, **kwargs)
        return type(form.__name__, (form,), {"refusal": getattr(request, "refusal", None)})

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """With the version that was seen, hidden, where rows carry one."""
        fieldsets = list(super().get_fieldsets(request, obj))
        if issubclass(self.form, SeenForm) and not any("seen_version" in each["fields"] for _name, each in fieldsets):
            name, options = fieldsets[0]
            fieldsets[0] = (name, {**options, "fields": [*options["fields"], "seen_version"]})
        return fieldsets

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """No text with characters that cannot be kept."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if type(field) is forms.CharField:
            field.validators.append(safe_text)
        return field

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Rows are found by their names."""
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", ChosenOne(db_field, self.admin_site))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """The same for several."""
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", ChosenMany(db_field, self.admin_site))
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """What a service refuses comes back as the form, with everything that was typed."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except DomainError as refusal:
            request.refusal = refusal  # type: ignore[attr-defined]
        except IntegrityError:
            request.refusal = Refused()  # type: ignore[attr-defined]
        return super().changeform_view(request, object_id, form_url, extra_context)

    def save_model(self, request: SignedInRequest, obj: Any, form: Any, change: bool) -> None:
        """Through the room's service where it has one, else here."""
        entered = dict(form.cleaned_data)
        version = entered.pop("seen_version", None)
        changed = {name: value for name, value in entered.items() if name in form.changed_data}
        form.is_saved_by_service = True
        if change and self.change_by(request, obj, changed, version):
            obj.refresh_from_db()
        elif not change and (made := self.add_by(request, entered)) is not None:
            obj.pk = made.pk
            obj._state.adding = False
            obj.refresh_from_db()
        else:
            form.is_saved_by_service = False
            self._save(request, obj, form, change, version)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Services have already set what a row is connected with."""
        if not form.is_saved_by_service:
            form.save_m2m()
        for formset in formsets:
            self.save_formset(request, form, formset, change=change)

    def _save(self, request: SignedInRequest, obj: Any, form: Any, change: bool, version: int | None) -> None:
        if change and isinstance(obj, Versioned):
            check_version(type(obj)._default_manager.select_for_update().get(pk=obj.pk), version)
            raise_version(obj)
        obj.save()
        after = {name: self._for_ledger(name, form.cleaned_data[name]) for name in form.changed_data}
        before = {name: self._for_ledger(name, form.initial.get(name)) for name in form.changed_data if change}
        data = {"before": before, "after": after} if change else {"after": after}
        verb = f"{obj._meta.model_name}.{'changed' if change else 'added'}"
        record(verb=verb, subject=obj, actor=request.user, data=data)

    def _for_ledger(self, name: str, value: Any) -> Any:
        """Ids instead of rows, nothing of secrets, and of longer texts only that there is one."""
        if name in self.secret_fields:
            return MASK if value else ""
        if isinstance(value, models.Model):
            return str(value.pk)
        if isinstance(value, models.QuerySet | list | tuple):
            return [self._for_ledger("", each) for each in value]
        return "…" if isinstance(value, str) and len(value) > 200 else value

    # The ledger tells who changed what; a second record that can be edited would only disagree with it.
    def log_addition(self, *args: Any) -> None: ...

    def log_change(self, *args: Any) -> None: ...

    def log_deletions(self, *args: Any) -> None: ...

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """The row's entries in the ledger."""
        query = urlencode({"subject_type__exact": self.opts.label_lower, "subject_id__exact": object_id})
        return HttpResponseRedirect(f"{reverse('admin:ledger_entry_changelist')}?{query}")


class ReadOnlyAdmin(LedgerAdmin):
    """Rows that only the product writes."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReadOnlyInline(TabularInline):
    """Rows of another row that only the product writes."""

    formfield_overrides = OVERRIDES
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
