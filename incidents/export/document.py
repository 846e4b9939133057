"""One incident as a document to read and to hand on. Words are in the active language."""

from collections.abc import Iterator
from itertools import islice

from django.utils import timezone
from django.utils.translation import gettext as _

from common import own_names
from common.spans import duration
from common.templatetags.holdfast import day_of, exact
from incidents.adapters.pdf import Block, Heading, Line, Text, Title, write
from incidents.drafting import times_of
from incidents.export import contents, passages
from incidents.models import Incident, Review
from people.selectors import organisation

#: What is longer is found whole in the archive, and the document says so.
EVENTS, MESSAGES = 2_000, 500
#: What was done around it, in the order in which it is read.
PASSAGES = (
    passages.roles, passages.tasks, passages.clocks, passages.updates, passages.reports, passages.calls,
    passages.rating,
)  # fmt: skip


def document(incident: Incident, reader: str) -> bytes:
    """The document as PDF."""
    foot = _("%(organisation)s · %(reference)s · made %(time)s for %(name)s") % {
        "organisation": organisation().name,
        "reference": incident.reference,
        "time": exact(timezone.now()),
        "name": reader,
    }
    return write(_blocks(incident), title=f"{incident.reference} {incident.shown_title}", foot=foot)


def _blocks(incident: Incident) -> Iterator[Block]:
    yield Title(f"{incident.reference} {incident.shown_title}")
    yield from _facts(incident)
    if incident.description:
        yield Heading(_("What was seen"))
        yield Text(incident.description)
    if incident.steps_tried:
        yield Heading(_("What was tried"))
        yield Text(incident.steps_tried)
    review = Review.objects.filter(incident=incident).select_related("approved_by").first()
    if review is not None:
        yield from _review(review)
    yield from _actions(incident)
    for passage in PASSAGES:
        yield from passage(incident)
    yield from _evidence(incident)
    yield from _timeline(incident)
    yield from _messages(incident)


def _facts(incident: Incident) -> Iterator[Block]:
    services = [own_names.shown(service.name) for service in incident.services.all()]
    affected = [*services, *(system.name for system in incident.systems.all())]
    unknown = _("unknown")
    yield Line(_("State"), str(incident.get_state_display()))
    yield Line(_("Severity"), str(incident.severity))
    yield Line(_("Category of the cause"), str(incident.get_category_display()) or unknown)
    yield Line(_("Affected"), ", ".join(affected) or unknown)
    yield Line(_("In charge"), str(incident.owner or _("nobody yet")))
    yield Line(_("Since"), exact(incident.occurred_at) or unknown)
    yield Line(_("Reported"), exact(incident.reported_at))
    for each in times_of(incident):
        yield Line(str(each.label), duration(each.length) or unknown)


def _review(review: Review) -> Iterator[Block]:
    yield Heading(_("Review"))
    yield Line(_("State"), str(review.get_state_display()))
    if review.approved_at:
        yield Line(_("Approved by"), f"{review.approved_by or ''} {exact(review.approved_at)}")
    parts = {
        _("What happened"): review.summary,
        _("What it meant for people"): review.impact,
        _("What was checked first"): review.first_check,
        _("The cause"): review.root_cause,
        _("What was done"): review.handling,
        _("The result"): review.result,
        _("What contributed"): "\n".join(review.factors),
        _("What went well"): review.went_well,
        _("What did not"): review.went_badly,
        _("What we learn from it"): review.lessons,
    }
    for name, said in parts.items():
        if said:
            yield Line(name, "")
            yield Text(said)


def _actions(incident: Incident) -> Iterator[Block]:
    rows = list(contents.actions_of(incident))
    if rows:
        yield Heading(_("Actions"))
    for reference, title, _kind, _state, owner, due_on, *_rest in rows:
        yield Line(reference, f"{title} · {owner} · {day_of(due_on)}")


def _evidence(incident: Incident) -> Iterator[Block]:
    states = {"collected": _("There"), "not_needed": _("Not needed"), "missing": _("Missing")}
    points = contents.checklist(incident)
    if points:
        yield Heading(_("Evidence"))
    for point in points:
        yield Line(point.name, f"{states[point.state]} {point.mark.reason if point.mark else ''}")
    files = list(incident.attachments.select_related("file").order_by("at", "pk"))
    if files:
        yield Heading(_("Files"))
    for file in files:
        yield Line(file.name, f"{file.by_label} · {exact(file.at)} · SHA-256 {file.sha256}")


def _timeline(incident: Incident) -> Iterator[Block]:
    yield Heading(_("Timeline"))
    rows = contents.timeline_of(incident)
    for at, _kind, by, sentence, text, _is_public in islice(rows, EVENTS):
        yield Line(exact(at), f"{sentence}{f' · {by}' if by else ''}")
        if text:
            yield Text(text)
    if next(rows, None) is not None:
        yield Text(_("The timeline goes on. All of it stands in the archive."))


def _messages(incident: Incident) -> Iterator[Block]:
    rows = contents.messages_of(incident)
    told = list(islice(rows, MESSAGES))
    if told:
        yield Heading(_("Messages"))
    for at, _kind, to, subject, way, state, _sent in told:
        yield Line(exact(at), f"{subject} · {to} · {way} {state}")
    if next(rows, None) is not None:
        yield Text(_("There were more messages. All of them stand in the archive."))
