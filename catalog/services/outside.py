"""Providers, and papers that run out."""

import uuid
from collections.abc import Iterable
from datetime import date
from typing import TypedDict, Unpack

from django.db import transaction

from catalog.models import Document, Provider, Service, System
from catalog.services.reminding import announce_end
from catalog.services.writing import add, change, lock
from common.files import Readable, store
from common.versions import raise_version
from ledger.services import Actor, record
from people.models import User


class ProviderDetails(TypedDict, total=False):
    """What can be said about a provider. services, systems: all that it carries, whole."""

    name: str
    description: str
    contact: str
    contract: str
    notice_page: str
    owner: User | None
    services: Iterable[Service]
    systems: Iterable[System]


class DocumentDetails(TypedDict, total=False):
    """What can be said about a document. It is about one provider, service or system."""

    title: str
    kind: str
    number: str
    provider: Provider | None
    service: Service | None
    system: System | None
    owner: User | None
    expires_on: date | None


def add_provider(*, by: Actor, **details: Unpack[ProviderDetails]) -> Provider:
    """Name somebody outside who carries services or systems. Raises WrongDetails with `fields`."""
    return add(Provider(), by, dict(details))


def change_provider(
    *, provider_id: uuid.UUID | str, by: Actor, version: int | None = None, **details: Unpack[ProviderDetails]
) -> Provider:
    """Describe a provider anew. Raises WrongDetails, Stale or DoesNotExist."""
    return change(Provider, provider_id, by, version, dict(details))


@transaction.atomic
def add_document(*, by: Actor, **details: Unpack[DocumentDetails]) -> Document:
    """Name a contract, licence or certificate. Its owner is reminded before it runs out. Raises WrongDetails."""
    document = add(Document(), by, dict(details))
    announce_end(document)
    return document


@transaction.atomic
def change_document(
    *, document_id: uuid.UUID | str, by: Actor, version: int | None = None, **details: Unpack[DocumentDetails]
) -> Document:
    """Describe a document anew, as when it was renewed: reminders follow. Raises WrongDetails, Stale, DoesNotExist."""
    document = change(Document, document_id, by, version, dict(details))
    announce_end(document)
    return document


@transaction.atomic
def attach_file(
    *, document_id: uuid.UUID | str, stream: Readable, name: str, by: Actor, version: int | None = None
) -> Document:
    """Keep the document itself, in place of a file it had. Raises FileTooBig, StorageFull, Stale or DoesNotExist.

    The file before stays in the store as long as the ledger may speak of it.
    """
    document = lock(Document, document_id, version)
    document.file = store(stream, name=name)
    raise_version(document).save(update_fields=["file", "version"])
    data = {"file": document.file.pk, "sha256": document.file.sha256, "size_bytes": document.file.size_bytes}
    record(verb="document.file_attached", subject=document, actor=by, data=data)
    return document


@transaction.atomic
def renew(
    *,
    document_id: uuid.UUID | str,
    stream: Readable,
    name: str,
    expires_on: date | None,
    by: Actor,
    version: int | None = None,
) -> Document:
    """A newer file in place of the one before, and the last day on which it holds.

    Raises WrongDetails, FileTooBig, StorageFull, Stale or DoesNotExist.
    """
    document = attach_file(document_id=document_id, stream=stream, name=name, by=by, version=version)
    if document.expires_on != expires_on:
        document = change_document(document_id=document.pk, by=by, expires_on=expires_on)
    return document
