"""Providers and documents, as programs see them."""

from typing import Any

from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from catalog import selectors, services
from catalog.api.inputs import owner_field
from catalog.api.outputs import BlastRadiusOut
from catalog.api.permissions import CatalogViewSet
from catalog.choices import DocumentKind
from catalog.downloads import file_of
from catalog.models import Document, Provider, Service, System
from common.api import Input, Output, ReadViewSet, expected_version, operation, seen_version
from common.errors import NotAllowed
from common.models import StoredFile


class ProviderIn(Input):
    """Somebody outside who carries services or systems."""

    example = {
        "name": "Line carrier",
        "description": "The two lines of Hall 2.",
        "contact": "Service desk, day and night: see the contract.",
        "contract": "K-2041, repaired within four hours",
        "notice_page": "https://status.example.org/",
    }

    name = serializers.CharField(max_length=120)
    description = serializers.CharField(max_length=4000, required=False, allow_blank=True)
    contact = serializers.CharField(max_length=1000, required=False, allow_blank=True)
    contract = serializers.CharField(max_length=200, required=False, allow_blank=True)
    notice_page = serializers.CharField(max_length=300, required=False, allow_blank=True)
    owner = owner_field()
    services = serializers.PrimaryKeyRelatedField(many=True, required=False, queryset=Service.objects.all())
    systems = serializers.PrimaryKeyRelatedField(many=True, required=False, queryset=System.objects.all())


class ProviderOut(Output):
    """Somebody outside who carries services or systems: without them, these are down."""

    example = ProviderIn.example

    class Meta:
        model = Provider
        fields = [
            "id", "name", "description", "contact", "contract", "notice_page", "owner", "services", "systems",
            "is_active", "created_at", "version",
        ]  # fmt: skip


class DocumentIn(Input):
    """A contract, licence or certificate about one provider, service or system."""

    example = {"title": "Maintenance of the archive", "number": "K-2041"}

    title = serializers.CharField(max_length=160)
    kind = serializers.ChoiceField(choices=DocumentKind.choices, required=False)
    number = serializers.CharField(max_length=120, required=False, allow_blank=True)
    provider = serializers.PrimaryKeyRelatedField(queryset=Provider.objects.all(), required=False, allow_null=True)
    service = serializers.PrimaryKeyRelatedField(queryset=Service.objects.all(), required=False, allow_null=True)
    system = serializers.PrimaryKeyRelatedField(queryset=System.objects.all(), required=False, allow_null=True)
    owner = owner_field()
    expires_on = serializers.DateField(required=False, allow_null=True)


class FileIn(Input):
    """A newer file of a document, and until when it holds."""

    called = "DocumentFileIn"

    example = {"file": "%PDF-1.7 …"}

    file = serializers.FileField()
    expires_on = serializers.DateField(required=False, allow_null=True)


class KeptFileOut(Output):
    """A file that is kept. Its kind is told from its content."""

    example = {
        "name": "maintenance.pdf",
        "content_type": "application/pdf",
        "size_bytes": 48213,
        "sha256": "9f2c6d1e8b7a4f305c1d2e3f4a5b6c7d8e9f0a1b2c3d4e5f60718293a4b5c6d7",
    }

    class Meta:
        model = StoredFile
        fields = ["name", "content_type", "size_bytes", "sha256", "created_at"]


class DocumentOut(Output):
    """A contract, licence or certificate, and the last day on which it holds."""

    example = DocumentIn.example

    has_file = serializers.SerializerMethodField()
    file = KeptFileOut(allow_null=True)

    class Meta:
        model = Document
        fields = [
            "id", "title", "kind", "number", "provider", "service", "system", "owner", "expires_on", "has_file",
            "file", "is_active", "created_at", "version",
        ]  # fmt: skip

    def get_has_file(self, document: Document) -> bool:
        """Whether the document itself is kept."""
        return document.file_id is not None


class Providers(CatalogViewSet):
    """/api/v1/providers/"""

    queryset = Provider.objects.none()
    serializer_class = ProviderOut
    about = _("Others who carry services or systems.")
    lists = _("Providers.")
    shows = _("One provider.")
    filterset_fields = ["is_active", "owner"]
    search_fields = ["name", "description", "contract"]
    ordering_fields = ["created_at", "name"]

    def get_queryset(self) -> QuerySet[Provider]:
        """With what each carries."""
        return super().get_queryset().prefetch_related("services", "systems")

    @operation(_("Name somebody outside who carries services or systems."), takes=ProviderIn, gives={201: ProviderOut})
    def create(self, request: Request) -> Response:
        """Name somebody outside."""
        return self.answer(services.add_provider(by=self.by, **self.checked(ProviderIn, request)), status=201)

    @operation(_("Describe a provider anew."), takes=ProviderIn(partial=True), gives=ProviderOut)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Describe it anew. Needs If-Match."""
        found, version = self.get_object(), expected_version(request)
        details: dict[str, Any] = self.checked(ProviderIn, request, partial=True)
        return self.answer(services.change_provider(provider_id=found.pk, by=self.by, version=version, **details))

    @operation(_("Everything that is hit when a provider fails."), gives=BlastRadiusOut)
    @action(detail=True, methods=["get"], url_path="blast-radius")
    def blast_radius(self, request: Request, pk: str) -> Response:
        """Everything that is hit when it fails."""
        return Response(BlastRadiusOut(selectors.blast_radius(self.get_object())).data)


class Documents(CatalogViewSet):
    """/api/v1/documents/"""

    queryset = Document.objects.none()
    serializer_class = DocumentOut
    about = _("Contracts, licences and certificates, and when they run out.")
    lists = _("Documents.")
    shows = _("One document.")
    filterset_fields = {
        "kind": ["exact"],
        "is_active": ["exact"],
        "owner": ["exact"],
        "provider": ["exact"],
        "service": ["exact"],
        "system": ["exact"],
        "expires_on": ["gte", "lt"],
    }
    search_fields = ["title", "number"]

    def get_queryset(self) -> QuerySet[Document]:
        """With the file of each."""
        return super().get_queryset().select_related("file")

    @operation(_("Name a contract, licence or certificate."), takes=DocumentIn, gives={201: DocumentOut})
    def create(self, request: Request) -> Response:
        """Name a document."""
        return self.answer(services.add_document(by=self.by, **self.checked(DocumentIn, request)), status=201)

    @operation(
        _("Describe a document anew, as when it was renewed."),
        takes=DocumentIn(partial=True),
        gives=DocumentOut,
        more=_("Reminders follow its new end."),
    )
    def partial_update(self, request: Request, pk: str) -> Response:
        """Describe it anew. Needs If-Match."""
        found, version = self.get_object(), expected_version(request)
        details: dict[str, Any] = self.checked(DocumentIn, request, partial=True)
        return self.answer(services.change_document(document_id=found.pk, by=self.by, version=version, **details))

    @operation(_("The file of a document."), gives={(200, "*/*"): OpenApiTypes.BINARY})
    @action(detail=True, methods=["get"])
    def file(self, request: Request, pk: str) -> HttpResponseBase:
        """Its bytes, of whichever type they are, to be saved."""
        return file_of(self.get_object(), request)

    @operation(
        _("Put a newer file in place of a document’s."),
        takes={"multipart/form-data": FileIn},
        gives=DocumentOut,
        more=_("By its owner, whoever acts for the owner, and administrators. At most 25 MB."),
    )
    @action(
        detail=True,
        methods=["post"],
        parser_classes=[MultiPartParser],
        permission_classes=ReadViewSet.permission_classes,
    )
    def renew(self, request: Request, pk: str) -> Response:
        """A newer file in its place."""
        found = self.get_object()
        if not selectors.may_renew(self.by, found):
            raise NotAllowed
        given = self.checked(FileIn, request)
        upload, until = given["file"], given.get("expires_on", found.expires_on)
        version = seen_version(request)
        return self.answer(
            services.renew(
                document_id=found.pk, stream=upload, name=upload.name, expires_on=until, by=self.by, version=version
            )
        )

    @operation(_("Take a document out of use."), gives=DocumentOut, more=_("Safe to call twice."))
    @action(detail=True, methods=["post"])
    def retire(self, request: Request, pk: str) -> Response:
        """Take it out of use."""
        return self.answer(services.retire(subject=self.get_object(), by=self.by))
