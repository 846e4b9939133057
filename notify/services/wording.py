"""The organisation's own texts: checked as they are kept, previewed, and taken away again."""

import uuid
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from common.errors import Taken
from common.text import safe_line, safe_text
from common.versions import check_version, raise_version
from ledger.services import Actor, record
from notify.errors import WrongChannel
from notify.events import Event, event_of
from notify.models import Template
from notify.texts import fill, finished, placeholders_in
from people.selectors import organisation

SUBJECT_LENGTH = 200
BODY_LENGTH = 4000


@transaction.atomic
def add_template(*, kind: str, language: str, subject: str, body: str, by: Actor) -> Template:
    """From now on messages of this kind are written so in this language. Raises WrongChannel or Taken."""
    _check(kind, language, subject, body)
    if Template.objects.filter(kind=kind, language=language).exists():
        raise Taken(fields={"kind": [_("There is a text for this event in this language already.")]})
    template = Template.objects.create(kind=kind, language=language, subject=subject.strip(), body=body.strip())
    record(verb="template.added", subject=template, actor=by, data={"kind": kind, "language": language})
    return template


@transaction.atomic
def change_template(
    *,
    template_id: uuid.UUID,
    by: Actor,
    version: int | None = None,
    subject: str | None = None,
    body: str | None = None,
) -> Template:
    """Write it otherwise. Raises WrongChannel or Stale."""
    template = Template.objects.select_for_update().get(pk=template_id)
    check_version(template, version)
    if subject is not None:
        template.subject = subject.strip()
    if body is not None:
        template.body = body.strip()
    _check(template.kind, template.language, template.subject, template.body)
    raise_version(template).save(update_fields=["subject", "body", "version"])
    data = {"kind": template.kind, "language": template.language}
    record(verb="template.changed", subject=template, actor=by, data=data)
    return template


@transaction.atomic
def remove_template(*, template_id: uuid.UUID, by: Actor) -> None:
    """The product's own text counts again. Raises Template.DoesNotExist."""
    template = Template.objects.select_for_update().get(pk=template_id)
    data = {"kind": template.kind, "language": template.language}
    record(verb="template.removed", subject=template, actor=by, data=data)
    template.delete()


def preview(*, kind: str, language: str, subject: str, body: str) -> tuple[str, str]:
    """The texts as they would be sent, with examples for values. Nothing is kept or sent. Raises WrongChannel."""
    event, house = _check(kind, language, subject, body), organisation()
    values = {name: str(event.examples.get(name, f"[{name}]")) for name in event.names}
    values |= {"organisation": house.name, "url": f"{settings.BASE_URL}/…"}
    with translation.override(language), timezone.override(house.time_zone):
        return finished(fill(subject, values), fill(body, values))


def _check(kind: str, language: str, subject: str, body: str) -> Event:
    event = event_of(kind)
    wrong: dict[str, list[str]] = {}
    if event is None:
        raise WrongChannel(fields={"kind": [_("There is no such event.")]})
    if language not in dict(settings.LANGUAGES):
        wrong["language"] = [_("Holdfast does not speak this language.")]
    for name, text, longest, check in (
        ("subject", subject, SUBJECT_LENGTH, safe_line),
        ("body", body, BODY_LENGTH, safe_text),
    ):
        if sentences := _wrong_in(text.strip(), longest, check, event):
            wrong[name] = sentences
    if wrong:
        raise WrongChannel(fields=wrong)
    return event


def _wrong_in(text: str, longest: int, check: Any, event: Event) -> list[str]:
    try:
        check(text)
    except ValidationError as error:
        return [str(each) for each in error.messages]
    if not 1 <= len(text) <= longest:
        return [_("Give a text of at most %(count)s characters.") % {"count": longest}]
    if unknown := [name for name in placeholders_in(text) if name not in event.names]:
        sentence = _("This event does not offer {%(name)s}. It offers: %(known)s.")
        return [sentence % {"name": unknown[0], "known": ", ".join(f"{{{name}}}" for name in event.names)}]
    return []
