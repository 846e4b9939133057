"""What people are told, in the admin: texts, the status page, authorities. Changed through services alone."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from incidents import services
from incidents.models import (
    Authority,
    AuthorityReport,
    NewsSubscription,
    PlannedWork,
    Publication,
    Stakeholder,
    StatusEntry,
    StatusPage,
    StatusSubscriber,
    Update,
    UpdateEffect,
    UpdateTemplate,
    UpdateText,
)
from incidents.selectors.wording import NAMES
from incidents.services.authorities import NAMES as NAMES_OF_REPORTS
from ledger.admin import LedgerAdmin, ReadOnlyAdmin, ReadOnlyInline, SeenForm, SignedInRequest


class TextInline(ReadOnlyInline):
    model = UpdateText
    fields = ["language", "title", "text"]


class EffectInline(ReadOnlyInline):
    model = UpdateEffect
    fields = ["entry", "effect"]


@admin.register(Update)
class UpdateAdmin(ReadOnlyAdmin):
    list_display = ["incident", "audience", "public_state", "stage", "at", "by_label"]
    list_filter = ["audience", "stage", "at"]
    list_select_related = ["incident"]
    search_fields = ["=incident__number", "by_label"]
    inlines = [TextInline, EffectInline]


@admin.register(UpdateTemplate)
class UpdateTemplateAdmin(LedgerAdmin):
    form = SeenForm
    list_display = ["name", "code", "language", "audience", "public_state", "is_offered"]
    list_filter = ["audience", "language"]
    search_fields = ["code", "name", "text"]
    fields = ["code", "language", "audience", "public_state", "name", "title", "text", "is_offered", "names", "preview"]
    readonly_fields = ["names", "preview"]

    @admin.display(description=_("placeholders"))
    def names(self, row: UpdateTemplate) -> str:
        """What the text may name."""
        return ", ".join(f"{{{name}}}" for name in NAMES)

    @admin.display(description=_("preview"))
    def preview(self, row: UpdateTemplate) -> SafeString | str:
        """As it would begin an update, with examples for values."""
        if row._state.adding:
            return "–"
        title, text = services.preview_template(language=row.language, title=row.title, text=row.text)
        return format_html("<strong>{}</strong><pre>{}</pre>", title, text)

    def add_by(self, request: SignedInRequest, values: dict[str, Any]) -> UpdateTemplate:
        """It is offered from now on."""
        return services.keep_template(by=request.user, **values)

    def change_by(
        self, request: SignedInRequest, row: UpdateTemplate, values: dict[str, Any], version: int | None
    ) -> bool:
        """Write it otherwise."""
        services.keep_template(template_id=row.pk, by=request.user, version=version, **values)
        return True

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The product's own text counts again; the ledger keeps that there was one."""
        return bool(self.has_change_permission(request, obj))

    def delete_model(self, request: SignedInRequest, obj: UpdateTemplate) -> None:
        """Take it away."""
        services.remove_template(template_id=obj.pk, by=request.user)

    def delete_queryset(self, request: SignedInRequest, queryset: Any) -> None:
        """Each through the service."""
        for row in queryset:
            self.delete_model(request, row)


@admin.register(StatusPage)
class StatusPageAdmin(LedgerAdmin):
    form = SeenForm
    list_display = ["__str__", "audience", "needs_second_person", "takes_subscribers", "begun_at"]
    fields = ["audience", "needs_second_person", "takes_subscribers", "begun_at"]
    readonly_fields = ["begun_at"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """There is one."""
        return bool(super().has_add_permission(request)) and not StatusPage.objects.exists()

    def add_by(self, request: SignedInRequest, values: dict[str, Any]) -> StatusPage:
        """It is kept from now on."""
        return services.set_up_status_page(by=request.user, **values)

    def change_by(self, request: SignedInRequest, row: StatusPage, values: dict[str, Any], version: int | None) -> bool:
        """Open it to others, or publish otherwise."""
        services.set_up_status_page(by=request.user, version=version, **values)
        return True


def _texts(*names: tuple[str, Any, int, bool]) -> dict[str, forms.Field]:
    """A field for each language.  names: (name, label, length, whether it has several lines)."""
    return {
        f"{name}_{code}": forms.CharField(
            label=f"{label} ({language})",
            max_length=length,
            required=False,
            widget=forms.Textarea(attrs={"rows": 3}) if is_long else forms.TextInput(),
        )
        for code, language in settings.LANGUAGES
        for name, label, length, is_long in names
    }


class InLanguagesForm(SeenForm):
    """A row with texts in rows of their own, one a language."""

    #: (field of the form, column), and where the rows stand.
    columns: tuple[tuple[str, str], ...] = ()
    related = ""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        if self.instance._state.adding:
            return
        for row in getattr(self.instance, self.related).all():
            for name, column in self.columns:
                self.initial[f"{name}_{row.language}"] = getattr(row, column)


def _by_language(form_values: dict[str, Any], first: str, second: str) -> dict[str, tuple[str, str]]:
    return {
        code: (form_values.get(f"{first}_{code}") or "", form_values.get(f"{second}_{code}") or "")
        for code, _name in settings.LANGUAGES
    }


EntryForm = type(
    "EntryForm",
    (InLanguagesForm,),
    {
        "columns": (("name", "name"), ("group", "group")),
        "related": "names",
        **_texts(("name", _("public name"), 100, False), ("group", _("group"), 100, False)),
    },
)
WorkForm = type(
    "WorkForm",
    (InLanguagesForm,),
    {
        "columns": (("title", "title"), ("text", "text")),
        "related": "texts",
        **_texts(("title", _("title"), 160, False), ("text", _("text"), 4000, True)),
    },
)


class WholeAdmin(LedgerAdmin):
    """A row whose form is taken whole, with the texts of every language."""

    def save_model(self, request: SignedInRequest, obj: Any, form: Any, change: bool) -> None:
        """Services take everything, changed or not."""
        request.entered = dict(form.cleaned_data)  # type: ignore[attr-defined]
        super().save_model(request, obj, form, change)


@admin.register(StatusEntry)
class StatusEntryAdmin(WholeAdmin):
    form = EntryForm  # type: ignore[assignment]  # a class made for the languages there are
    list_display = ["__str__", "service", "position", "is_shown", "since"]
    list_filter = ["is_shown"]
    list_select_related = ["service"]
    search_fields = ["names__name"]
    autocomplete_fields = ["service"]
    readonly_fields = ["since"]
    fields = ["service", *(f"{name}_{code}" for code, _name in settings.LANGUAGES for name in ("name", "group"))]
    fields += ["position", "is_shown", "since"]

    def add_by(self, request: SignedInRequest, values: dict[str, Any]) -> StatusEntry:
        """It is on the page from now on."""
        return self._keep(request, values)

    def change_by(
        self, request: SignedInRequest, row: StatusEntry, values: dict[str, Any], version: int | None
    ) -> bool:
        """Call it otherwise, or show it no more."""
        self._keep(request, request.entered, entry_id=row.pk, version=version)  # type: ignore[attr-defined]
        return True

    def _keep(self, request: SignedInRequest, values: dict[str, Any], **more: Any) -> StatusEntry:
        kept = {name: values[name] for name in ("service", "position", "is_shown")}
        return services.list_service(by=request.user, names=_by_language(values, "name", "group"), **kept, **more)


@admin.register(PlannedWork)
class PlannedWorkAdmin(WholeAdmin):
    form = WorkForm  # type: ignore[assignment]  # the same
    list_display = ["__str__", "starts_at", "ends_at", "is_called_off"]
    list_filter = ["is_called_off", "starts_at"]
    search_fields = ["texts__title"]
    autocomplete_fields = ["entries"]
    fields = ["starts_at", "ends_at", "entries"]
    fields += [f"{name}_{code}" for code, _name in settings.LANGUAGES for name in ("title", "text")]
    fields += ["is_called_off"]

    def add_by(self, request: SignedInRequest, values: dict[str, Any]) -> PlannedWork:
        """Everybody reads it from now on."""
        return self._keep(request, values)

    def change_by(
        self, request: SignedInRequest, row: PlannedWork, values: dict[str, Any], version: int | None
    ) -> bool:
        """Another time, or called off."""
        self._keep(request, request.entered, work_id=row.pk, version=version)  # type: ignore[attr-defined]
        return True

    def _keep(self, request: SignedInRequest, values: dict[str, Any], **more: Any) -> PlannedWork:
        kept = {name: values[name] for name in ("starts_at", "ends_at", "entries", "is_called_off")}
        return services.plan_work(by=request.user, texts=_by_language(values, "title", "text"), **kept, **more)


@admin.register(Publication)
class PublicationAdmin(ReadOnlyAdmin):
    list_display = ["incident", "state", "began_at", "published_at", "resolved_at", "withdrawn_at"]
    list_filter = ["state"]
    list_select_related = ["incident"]
    search_fields = ["=incident__number"]


@admin.register(StatusSubscriber)
class StatusSubscriberAdmin(ReadOnlyAdmin):
    list_display = ["address", "language", "asked_at", "confirmed_at"]
    list_filter = ["language"]
    search_fields = ["=address"]
    fields = ["address", "language", "asked_at", "confirmed_at"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Somebody may ask for it otherwise than by the link."""
        return request.user.is_staff

    def delete_model(self, request: SignedInRequest, obj: StatusSubscriber) -> None:
        """The address is forgotten."""
        services.end_subscription(token=obj.token)

    def delete_queryset(self, request: SignedInRequest, queryset: Any) -> None:
        """Each through the service."""
        for row in queryset:
            self.delete_model(request, row)


@admin.register(NewsSubscription)
class NewsSubscriptionAdmin(ReadOnlyAdmin):
    list_display = ["person", "severities"]
    list_select_related = ["person"]
    search_fields = ["person__name"]


@admin.register(Stakeholder)
class StakeholderAdmin(ReadOnlyAdmin):
    list_display = ["incident", "person", "team"]
    list_select_related = ["incident", "person", "team"]
    search_fields = ["=incident__number", "person__name", "team__name"]


@admin.register(Authority)
class AuthorityAdmin(LedgerAdmin):
    form = SeenForm
    list_display = ["name", "deadline", "language", "is_active"]
    list_filter = ["is_active"]
    search_fields = ["name"]
    fields = ["name", "legal_basis", "deadline", "email", "recipients", "language", "template", "names", "is_active"]
    readonly_fields = ["names"]

    @admin.display(description=_("placeholders"))
    def names(self, row: Authority) -> str:
        """What the template may name."""
        return ", ".join(f"{{{name}}}" for name in NAMES_OF_REPORTS)

    def add_by(self, request: SignedInRequest, values: dict[str, Any]) -> Authority:
        """Incidents may have to be reported there from now on."""
        return services.keep_authority(by=request.user, **values)

    def change_by(self, request: SignedInRequest, row: Authority, values: dict[str, Any], version: int | None) -> bool:
        """What is due already keeps its time."""
        services.keep_authority(authority_id=row.pk, by=request.user, version=version, **values)
        return True


@admin.register(AuthorityReport)
class AuthorityReportAdmin(ReadOnlyAdmin):
    list_display = ["incident", "authority", "state", "due_at", "sent_at", "sent_reference"]
    list_filter = ["state", "authority"]
    list_select_related = ["incident", "authority"]
    search_fields = ["=incident__number", "authority__name", "sent_reference"]
