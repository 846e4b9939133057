"""Facts that the catalog announces upward. The row itself says what holds now."""

from common.facts import Fact

#: A document was added, changed or taken out of use. Argument: document_id. Its `expires_on` and `owner` may be new.
DOCUMENT_ENDS = Fact("catalog.document_ends")
#: When a service's analysis is due for review may be new. Argument: service_id. See `Service.review_due_on`.
REVIEW_DUE = Fact("catalog.review_due")
