"""People, programs and their keys in the admin: every change through the room's services."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from common.text import safe_line
from ledger.admin import LedgerAdmin, LedgerForm, SecretField, SeenForm, SignedInRequest, by_service
from people import services
from people.choices import Role
from people.models import ApiKey, User

# Roles are groups that the product keeps; second factors and addresses are changed through people's services.
for model in (Group, EmailAddress, Authenticator):
    if admin.site.is_registered(model):
        admin.site.unregister(model)


class PersonForm(SeenForm):
    """A person, the roles and, only to be written, a password."""

    roles = forms.MultipleChoiceField(
        label=_("roles"), choices=Role, required=False, widget=UnfoldAdminCheckboxSelectMultipleWidget
    )
    password = SecretField(
        label=_("new password"),
        help_text=_("At least 12 characters. Leave empty to keep the one there is, or to let the person make one."),
    )

    class Meta:
        model = User
        fields = ["username", "name", "email", "language", "time_zone"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance._state.adding:
            self.fields["roles"].initial = sorted(self.instance.groups.values_list("name", flat=True))


@admin.register(User)
class UserAdmin(LedgerAdmin):
    form = PersonForm
    list_display = ["name", "username", "email", "role_names", "is_active", "is_machine", "last_login"]
    list_filter = ["is_active", "is_machine", "groups"]
    search_fields = ["name", "username", "email"]
    fields = ["username", "name", "email", "roles", "password", "language", "time_zone"]
    actions = [
        by_service(services.deactivate, _("End sign-in, sessions and keys"), key="person_id"),
        by_service(services.reactivate, _("Let sign in again"), key="person_id"),
        by_service(services.reset_second_factor, _("Remove the second factor"), key="person_id"),
    ]

    @admin.display(description=_("roles"))
    def role_names(self, person: User) -> str:
        return ", ".join(str(Role(group.name).label) for group in person.groups.all() if group.name in Role.values)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("groups")

    def add_by(self, request: SignedInRequest, values: dict[str, Any]) -> User:
        """Let a person in."""
        values["password"] = values["password"] or None
        return services.create_person(by=request.user, **values)

    def change_by(self, request: SignedInRequest, row: User, values: dict[str, Any], version: int | None) -> bool:
        """Details, roles and password are three changes of their own."""
        roles, password = values.pop("roles", None), values.pop("password", "")
        if values:
            version = services.change_details(person_id=row.pk, by=request.user, version=version, **values).version
        if roles is not None:
            version = services.set_roles(person_id=row.pk, roles=roles, by=request.user, version=version).version
        if password:
            services.set_password(person_id=row.pk, password=password, by=request.user)
        return True


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
    list_display = ["name", "prefix", "role", "scopes", "created_at", "expires_at", "last_used_at", "revoked_at"]
    list_filter = ["role", "revoked_at"]
    search_fields = ["name", "prefix"]
    fields = ["name", "role", "scopes", "expires_at"]
    actions = [by_service(services.revoke_api_key, _("Revoke"), key="key_id")]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A key is made and revoked; what it may do never changes."""
        return False

    def add_by(self, request: SignedInRequest, values: dict[str, Any]) -> ApiKey:
        """Make a key and show it, this once."""
        key = services.create_api_key(by=request.user, **values)
        said = _("The key, shown only now: %(key)s") % {"key": key.text}
        self.message_user(request, said, messages.WARNING)
        return key.row
