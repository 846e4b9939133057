"""Words of telling people, and the tables of what follows what."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from incidents.choices import EventKind, State

#: Here nobody is told, and nobody reads an answer any more.
OVER = (State.CLOSED, State.CANCELLED, State.MERGED)


class Audience(models.TextChoices):
    """Who is told."""

    REPORTERS = "reporters", _("The people who reported it")
    STAKEHOLDERS = "stakeholders", _("Stakeholders")
    PUBLIC = "public", _("The status page")


#: What the timeline calls an update to each of them.
EVENT_OF = {
    Audience.REPORTERS: EventKind.UPDATE,
    Audience.STAKEHOLDERS: EventKind.STAKEHOLDERS,
    Audience.PUBLIC: EventKind.PUBLISHED,
}


class PublicState(models.TextChoices):
    """Where an incident stands, as everybody may read it."""

    INVESTIGATING = "investigating", _("Looking into it")
    IDENTIFIED = "identified", _("Cause found")
    MONITORING = "monitoring", _("Being watched")
    RESOLVED = "resolved", _("Resolved")


class Effect(models.TextChoices):
    """What a service is like for those who use it."""

    OPERATIONAL = "operational", pgettext_lazy("a service", "Working")
    DEGRADED = "degraded", _("Slow")
    PARTIAL = "partial", _("Partly down")
    MAJOR = "major", _("Down")
    MAINTENANCE = "maintenance", _("Maintenance")
    UNKNOWN = "unknown", _("Unknown")


#: What an update may say of a service, the mildest first; the later of two is the worse.
EFFECTS_TO_SAY = (Effect.OPERATIONAL, Effect.DEGRADED, Effect.PARTIAL, Effect.MAJOR)
#: The same as a choice.
EFFECT_CHOICES = [(each.value, each.label) for each in EFFECTS_TO_SAY]
#: From the mildest to the worst, as a day or a page is summed up.
WORSE = (Effect.UNKNOWN, Effect.OPERATIONAL, Effect.MAINTENANCE, Effect.DEGRADED, Effect.PARTIAL, Effect.MAJOR)


class Stage(models.TextChoices):
    """How far an update came."""

    WAITING = "waiting", _("Waits for approval")
    SENT = "sent", _("Sent")
    DECLINED = "declined", _("Declined")


#: From each stage, where an update may go next.
NEXT_STAGE = {Stage.WAITING: {Stage.SENT, Stage.DECLINED}, Stage.SENT: set(), Stage.DECLINED: set()}


class PageAudience(models.TextChoices):
    """Who may read the status page."""

    OFF = "off", _("Nobody")
    STAFF = "staff", _("Whoever is signed in")
    PUBLIC = "public", _("Everybody")


class ReportState(models.TextChoices):
    """Where a report to an authority stands."""

    DUE = "due", _("To be written")
    DRAFTED = "drafted", _("Waits for approval")
    APPROVED = "approved", _("To be sent")
    SENDING = "sending", _("Being sent")
    RETURNED = "returned", _("Did not arrive")
    SENT = "sent", _("Sent")
    NOT_NEEDED = "not_needed", _("Not needed")


#: From each state, where a report to an authority may go next. The only place this is written.
NEXT_REPORT = {
    ReportState.DUE: {ReportState.DRAFTED, ReportState.NOT_NEEDED},
    ReportState.DRAFTED: {ReportState.DRAFTED, ReportState.APPROVED, ReportState.NOT_NEEDED},
    ReportState.APPROVED: {ReportState.DRAFTED, ReportState.SENDING, ReportState.SENT, ReportState.NOT_NEEDED},
    ReportState.SENDING: {ReportState.SENT, ReportState.RETURNED},
    ReportState.RETURNED: {ReportState.DRAFTED, ReportState.SENDING, ReportState.SENT, ReportState.NOT_NEEDED},
    ReportState.SENT: {ReportState.RETURNED},
    ReportState.NOT_NEEDED: {ReportState.DUE},
}
#: The clock runs.
UNSENT = (
    ReportState.DUE,
    ReportState.DRAFTED,
    ReportState.APPROVED,
    ReportState.SENDING,
    ReportState.RETURNED,
)
#: Its text was approved, and stands.
SETTLED = (ReportState.APPROVED, ReportState.SENDING, ReportState.RETURNED, ReportState.SENT)


class SentBy(models.TextChoices):
    """How a report reached an authority."""

    PORTAL = "portal", _("Their portal")
    EMAIL = "email", _("E-mail")
    LETTER = "letter", _("Letter")
    PHONE = "phone", _("Phone")
    IN_PERSON = "in_person", _("In person")
