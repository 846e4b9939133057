"""Files of incidents, and who gets them."""

from django.db.models import QuerySet

from incidents.models import Attachment, Incident
from incidents.selectors.seeing import open_to, visible_to
from people.selectors import Anyone, reads_all


def attachments_of(incident: Incident) -> QuerySet[Attachment]:
    """All files of an incident, the oldest first, for those who read it whole."""
    return incident.attachments.select_related("file", "incident")


def public_attachments_of(incident: Incident, *, with_reporter: bool) -> QuerySet[Attachment]:
    """What the reporter gets. Those who joined do not get what the reporter sent."""
    files = attachments_of(incident).filter(is_public=True)
    return files if with_reporter else files.filter(is_from_reporter=False)


def attachments_open_to(user: Anyone, incident: Incident) -> QuerySet[Attachment]:
    """Of an incident's files, those that the user may have."""
    if reads_all(user):
        return attachments_of(incident) if visible_to(user).filter(pk=incident.pk).exists() else _none()
    if not open_to(user).filter(pk=incident.pk).exists():
        return _none()
    return public_attachments_of(incident, with_reporter=incident.reporter_id == user.pk)


def _none() -> QuerySet[Attachment]:
    return Attachment.objects.none()
