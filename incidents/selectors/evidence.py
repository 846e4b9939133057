"""The evidence checklist of an incident: what is there, what is missing, what is not needed."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from common import own_names
from incidents.models import Attachment, EvidenceItem, EvidenceMark, Incident
from incidents.selectors.attachments import attachments_of


@dataclass(frozen=True)
class Point:
    """One item of the checklist. mark: why it is not needed; None where it is."""

    item: EvidenceItem
    files: list[Attachment]
    mark: EvidenceMark | None

    @property
    def name(self) -> str:
        """What has to be collected, in the reader's language where the product named it."""
        return own_names.shown(self.item.name)

    @property
    def state(self) -> str:
        """`collected`, `not_needed` or `missing`."""
        return "collected" if self.files else "not_needed" if self.mark else "missing"


def items_for(incident: Incident) -> QuerySet[EvidenceItem]:
    """What has to be collected: for every incident, for its category, and what something was said about already."""
    wanted = Q(category="") | (Q(category=incident.category) if incident.category else Q(pk__in=[]))
    said = Q(marks__incident=incident) | Q(
        key__in=incident.attachments.exclude(evidence_item="").values("evidence_item")
    )
    return EvidenceItem.objects.filter(Q(is_active=True) & wanted | said).distinct()


def checklist_of(incident: Incident) -> list[Point]:
    """The list, in its order. Three queries."""
    files: dict[str, list[Attachment]] = {}
    for attachment in attachments_of(incident).exclude(evidence_item=""):
        files.setdefault(attachment.evidence_item, []).append(attachment)
    marks = {mark.item_id: mark for mark in incident.evidence_marks.select_related("by")}
    return [Point(item, files.get(item.key, []), marks.get(item.pk)) for item in items_for(incident)]
