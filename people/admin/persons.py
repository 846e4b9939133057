"""People in the admin."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django import forms
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from ledger.admin import SecretField, SeenForm, SignedInRequest, by_service
from ledger.admin.sheets import SheetAdmin
from people import services
from people.admin.sheets import PEOPLE
from people.choices import Role
from people.models import User

# Roles are groups that the product keeps; second factors and addresses are changed through people's services.
for model in (Group, EmailAddress, Authenticator, SocialAccount, SocialApp, SocialToken):
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
        fields = ["username", "name", "email", "manager", "ends_on", "language", "time_zone"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance._state.adding:
            self.fields["roles"].initial = sorted(self.instance.groups.values_list("name", flat=True))


@admin.register(User)
class UserAdmin(SheetAdmin):
    form = PersonForm
    sheet = PEOPLE
    list_display = ["name", "username", "email", "role_names", "manager", "ends_on", "is_active", "last_login"]
    list_filter = ["is_active", "is_machine", "groups", "teams", "ends_on"]
    list_select_related = ["manager"]
    search_fields = ["name", "username", "email"]
    fields = ["username", "name", "email", "roles", "password", "manager", "ends_on", "language", "time_zone"]
    autocomplete_fields = ["manager"]
    actions = [
        by_service(services.deactivate, _("End sign-in, sessions and keys"), key="person_id"),
        by_service(services.reactivate, _("Let sign in again"), key="person_id"),
        by_service(services.reset_second_factor, _("Remove the second factor"), key="person_id"),
        by_service(services.unlink, _("Forget the identity at issuer and directory"), key="person_id"),
        "anonymise",
    ]

    @admin.display(description=_("roles"))
    def role_names(self, person: User) -> str:
        return ", ".join(str(Role(group.name).label) for group in person.groups.all() if group.name in Role.values)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("groups")

    def add_by(self, request: SignedInRequest, values: dict[str, Any]) -> User:
        """Let a person in."""
        values["password"], manager = values.get("password") or None, values.pop("manager", None)
        person = services.create_person(by=request.user, **values)
        if manager is not None:
            services.set_manager(person_id=person.pk, manager=manager, by=request.user)
        return person

    def change_by(self, request: SignedInRequest, row: User, values: dict[str, Any], version: int | None) -> bool:
        """Details, manager, end, roles and password are changes of their own."""
        roles, password = values.pop("roles", None), values.pop("password", "")
        seen: dict[str, Any] = {"person_id": row.pk, "by": request.user}
        if "manager" in values:
            manager = values.pop("manager")
            version = services.set_manager(**seen, manager=manager, version=version).version
        if "ends_on" in values:
            version = services.set_end(**seen, ends_on=values.pop("ends_on"), version=version).version
        if values:
            version = services.change_details(person_id=row.pk, by=request.user, version=version, **values).version
        if roles is not None:
            version = services.set_roles(person_id=row.pk, roles=roles, by=request.user, version=version).version
        if password:
            services.set_password(person_id=row.pk, password=password, by=request.user)
        return True

    @admin.action(description=_("Make unknown (anonymise)…"), permissions=["change"])
    def anonymise(self, request: SignedInRequest, queryset: QuerySet[User]) -> HttpResponse | None:
        """After a page that says what goes and what stays: there is no way back."""
        if request.POST.get("confirmed") != "yes":
            context = {
                **self.admin_site.each_context(request),
                "title": _("Make these people unknown?"),
                "people": queryset,
                "opts": self.opts,
            }
            return TemplateResponse(request, "admin/people/anonymise.html", context)
        by_service(services.anonymise, "", key="person_id")(self, request, queryset)
        return None
