"""What runs out is announced, for whoever reminds people: this floor lies below the messages."""

from catalog.models import Document, Service
from catalog.signals import DOCUMENT_ENDS, REVIEW_DUE
from common.facts import announce


def announce_end(document: Document) -> None:
    """Say how long the document holds. In the transaction of the change."""
    announce(DOCUMENT_ENDS, document_id=str(document.pk))


def announce_review(service: Service) -> None:
    """Say when the service's analysis should be looked at again. In the transaction of the change."""
    announce(REVIEW_DUE, service_id=str(service.pk))
