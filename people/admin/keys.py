"""Keys of programs in the admin, and how they are used."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Q, QuerySet, Sum
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.text import safe_line
from ledger.admin import LedgerAdmin, LedgerForm, ReadOnlyInline, SignedInRequest, by_service
from people import selectors, services
from people.models import ApiKey, KeyUse

LATELY = timedelta(days=30)
#: What a list of keys is asked for → the keys.
QUESTIONS = {
    "working": (_("Working"), selectors.working_keys),
    "never": (_("Never used, 30 days and older"), selectors.never_used),
    "idle": (_("Not used for 90 days"), selectors.idle),
    "ending": (_("End within 14 days"), selectors.about_to_end),
}


class UseFilter(admin.SimpleListFilter):
    """Keys that nobody needs, and keys that are about to end."""

    title = _("use")
    parameter_name = "use"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(name, label) for name, (label, _find) in QUESTIONS.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[ApiKey]) -> QuerySet[ApiKey]:
        """All of them for anything else."""
        _label, find = QUESTIONS.get(self.value() or "", ("", None))
        return queryset.filter(pk__in=find(timezone.now()).values("pk")) if find else queryset


class KeyUseInline(ReadOnlyInline):
    """Uses by day, the latest first."""

    model = KeyUse
    fields = ["day", "count", "address"]


class ApiKeyForm(LedgerForm):
    """A key that is to be made for a program."""

    scopes = forms.CharField(
        label=_("scopes"),
        required=False,
        validators=[safe_line],
        help_text=_("Such as “backups:write catalog:read”. Empty: all that the role may do."),
    )

    class Meta:
        model = ApiKey
        fields = ["name", "role", "scopes", "expires_at"]

    def clean_scopes(self) -> list[str]:
        """The words, in any order, between spaces or commas."""
        return str(self.cleaned_data["scopes"]).replace(",", " ").split()


@admin.register(ApiKey)
class ApiKeyAdmin(LedgerAdmin):
    form = ApiKeyForm
    list_display = [
        "name", "owner", "role", "scopes", "used_lately", "last_used_at", "last_used_from", "expires_at", "revoked_at",
    ]  # fmt: skip
    list_filter = [UseFilter, "role", "revoked_at"]
    list_select_related = ["owner"]
    inlines = [KeyUseInline]
    search_fields = ["name", "prefix"]
    fields = ["name", "role", "scopes", "expires_at"]
    actions = [by_service(services.revoke_api_key, _("Revoke"), key="key_id")]

    def get_queryset(self, request: HttpRequest) -> QuerySet[ApiKey]:
        """With the uses of the last 30 days."""
        since = (timezone.now() - LATELY).date()
        return super().get_queryset(request).annotate(lately=Sum("uses__count", filter=Q(uses__day__gte=since)))

    @admin.display(description=_("uses in 30 days"), ordering="lately")
    def used_lately(self, key: ApiKey) -> int:
        """Of all working days alike."""
        return getattr(key, "lately", None) or 0

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A key is made and revoked; what it may do never changes."""
        return False

    def add_by(self, request: SignedInRequest, values: dict[str, Any]) -> ApiKey:
        """Make a key and show it, this once."""
        key = services.create_api_key(by=request.user, **values)
        said = _("The key, shown only now: %(key)s") % {"key": key.text}
        self.message_user(request, said, messages.WARNING)
        return key.row
