"""Rows of incidents."""

from incidents.models.attachments import Attachment
from incidents.models.authorities import Authority, AuthorityReport
from incidents.models.clocks import ClockLook, ClockNotice, ClockTarget, Deadline
from incidents.models.escalation import EscalationRun, EscalationStepTaken, SilenceWatch
from incidents.models.evidence import EvidenceItem, EvidenceMark
from incidents.models.incidents import Incident
from incidents.models.intake import Rating, Upload
from incidents.models.lists import FirstView, SavedView
from incidents.models.mail import InboxMessage, Mailbox
from incidents.models.matrix import SeverityMatrix
from incidents.models.reviews import Review
from incidents.models.roles import IncidentRole
from incidents.models.status import (
    PlannedWork,
    PlannedWorkText,
    Publication,
    StatusEntry,
    StatusEntryName,
    StatusPage,
    StatusSubscriber,
    UpdateEffect,
)
from incidents.models.tasks import IncidentTask
from incidents.models.timeline import TimelineEvent
from incidents.models.updates import (
    NewsSubscription,
    Stakeholder,
    Update,
    UpdateTemplate,
    UpdateText,
)

__all__ = [
    "Attachment",
    "Authority",
    "AuthorityReport",
    "ClockLook",
    "ClockNotice",
    "ClockTarget",
    "Deadline",
    "EscalationRun",
    "EscalationStepTaken",
    "EvidenceItem",
    "EvidenceMark",
    "FirstView",
    "InboxMessage",
    "Incident",
    "IncidentRole",
    "IncidentTask",
    "Mailbox",
    "NewsSubscription",
    "PlannedWork",
    "PlannedWorkText",
    "Publication",
    "Rating",
    "Review",
    "SavedView",
    "SeverityMatrix",
    "SilenceWatch",
    "Stakeholder",
    "StatusEntry",
    "StatusEntryName",
    "StatusPage",
    "StatusSubscriber",
    "TimelineEvent",
    "Update",
    "UpdateEffect",
    "UpdateTemplate",
    "UpdateText",
    "Upload",
]
