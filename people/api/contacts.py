"""Ways to reach people, as programs see them."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from common.api import Input, NamedOut, Output, ReadViewSet, operation
from common.errors import NotAllowed
from people import services
from people.choices import ContactKind
from people.models import ContactMethod, User
from people.selectors import address_shown, may_change_contacts, visible_contacts


class ContactMethodOut(Output):
    """One way to reach one person. `address` is whole, masked or empty, by the caller's role."""

    example = {"name": "E-mail", "address": "desk@example.org"}

    person = NamedOut()
    name = serializers.SerializerMethodField()
    address = serializers.SerializerMethodField()

    class Meta:
        model = ContactMethod
        fields = ["id", "person", "kind", "name", "address", "verified_at", "last_reached_at", "created_at"]

    def get_address(self, contact: ContactMethod) -> str:
        """As far as the caller may see it. The secrets in addresses of apps are shown to nobody."""
        return address_shown(contact, to=self.context["request"].user)

    def get_name(self, contact: ContactMethod) -> str:
        """What the person calls it, to those who see the address."""
        return contact.name if self.get_address(contact) else ""


class ContactMethodIn(Input):
    """Another way to reach a person."""

    example = {"kind": "email", "address": "on.call@example.org", "name": "On call"}

    person = serializers.PrimaryKeyRelatedField(
        queryset=User.objects.filter(is_active=True, is_machine=False), required=False
    )
    kind = serializers.ChoiceField(choices=ContactKind.choices)
    address = serializers.CharField(max_length=500)
    name = serializers.CharField(max_length=60, required=False, allow_blank=True)


class CodeIn(Input):
    """The code that was sent to the address."""

    example = {"code": "123456"}

    code = serializers.CharField(max_length=20)


class ContactMethods(ReadViewSet):
    """GET, POST, DELETE /api/v1/contact-methods/ and POST …/ID/send-code|verify/"""

    queryset = ContactMethod.objects.none()
    serializer_class = ContactMethodOut
    about = _("Ways to reach people, and which of them are proven to reach them.")
    lists = _("Contact methods.")
    shows = _("One contact method.")
    filterset_fields = ["person", "kind"]
    search_fields = ["person__name"]
    limited = ("send_code",)

    def get_queryset(self) -> QuerySet[ContactMethod]:
        """What the caller may see."""
        return visible_contacts(self.request.user).select_related("person")

    @operation(
        _("Add a way to reach a person."),
        takes=ContactMethodIn,
        gives={201: ContactMethodOut},
        more=_("It is used once it was verified. The address of an app is sealed and never shown again."),
    )
    def create(self, request: Request) -> Response:
        """Add one, of the caller or, by administrators, of somebody else."""
        values: dict[str, Any] = {"person": self.by, **self.checked(ContactMethodIn, request)}
        self._check(values["person"])
        return self.answer(services.add_contact(by=self.by, **values), status=201)

    @operation(_("Remove a way to reach a person."), gives={204: None})
    def destroy(self, request: Request, pk: str) -> Response:
        """Forget it."""
        contact = self.get_object()
        self._check(contact.person)
        services.remove_contact(contact_id=contact.pk, by=self.by)
        return Response(status=204)

    @operation(_("Send a code to the address."), gives=ContactMethodOut)
    @action(detail=True, methods=["post"], url_path="send-code")
    def send_code(self, request: Request, pk: str) -> Response:
        """One a minute, six an hour."""
        contact = self.get_object()
        self._check(contact.person)
        return self.answer(services.send_code(contact_id=contact.pk, by=self.by))

    @operation(_("Prove with the code that the address reaches the person."), takes=CodeIn, gives=ContactMethodOut)
    @action(detail=True, methods=["post"])
    def verify(self, request: Request, pk: str) -> Response:
        """Only the person has the code. Five tries, 15 minutes."""
        contact = self.get_object()
        if contact.person_id != self.by.pk:
            raise NotAllowed
        return self.answer(services.verify_contact(contact_id=contact.pk, by=self.by, **self.checked(CodeIn, request)))

    def _check(self, person: User) -> None:
        if not may_change_contacts(self.by, person):
            raise NotAllowed
