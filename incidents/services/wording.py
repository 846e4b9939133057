"""Texts to begin an update with: the product's and the organisation's own, filled from a closed list of names."""

import uuid
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from common.errors import Taken
from common.versions import check_version, raise_version
from incidents.errors import Unfit
from incidents.models import UpdateTemplate
from incidents.selectors.wording import EXAMPLES, NAMES
from incidents.services.rows import Who
from incidents.telling.choices import Audience
from ledger.services import record
from notify.texts import fill, placeholders_in


@transaction.atomic
def keep_template(
    *, by: Who, template_id: uuid.UUID | None = None, version: int | None = None, **values: Any
) -> UpdateTemplate:
    """A text, new or changed. Raises Unfit, Taken or Stale."""
    if template_id is None:
        row = UpdateTemplate()
    else:
        row = UpdateTemplate.objects.select_for_update().get(pk=template_id)
        check_version(row, version)
        raise_version(row)
    for name, value in values.items():
        setattr(row, name, value)
    _check(row)
    same = UpdateTemplate.objects.filter(code=row.code, language=row.language).exclude(pk=row.pk)
    if same.exists():
        raise Taken(fields={"code": [_("There is a text with this code in this language already.")]})
    row.save()
    data = {"code": row.code, "language": row.language}
    record(verb="update_template.changed" if template_id else "update_template.added", subject=row, actor=by, data=data)
    return row


@transaction.atomic
def remove_template(*, template_id: uuid.UUID, by: Who) -> None:
    """The product's own text, if it has one of this code, counts again."""
    row = UpdateTemplate.objects.select_for_update().get(pk=template_id)
    data = {"code": row.code, "language": row.language}
    record(verb="update_template.removed", subject=row, actor=by, data=data)
    row.delete()


def preview_template(*, language: str, title: str, text: str) -> tuple[str, str]:
    """As it would begin an update, with examples for values."""
    with translation.override(language):
        examples = {name: str(value) for name, value in EXAMPLES.items()}
        return fill(title, examples), fill(text, examples)


def _check(row: UpdateTemplate) -> None:
    wrong: dict[str, list[str]] = {}
    if row.language not in dict(settings.LANGUAGES):
        wrong["language"] = [_("Holdfast does not speak this language.")]
    if (row.audience == Audience.PUBLIC) != bool(row.public_state):
        wrong["public_state"] = [_("Texts for the status page have a state, and only those.")]
    for name in ("title", "text"):
        unknown = [each for each in placeholders_in(getattr(row, name)) if each not in NAMES]
        if unknown:
            known = ", ".join(f"{{{each}}}" for each in NAMES)
            sentence = _("There is no {%(name)s}. You may name: %(known)s.") % {"name": unknown[0], "known": known}
            wrong[name] = [sentence]
    if wrong:
        raise Unfit(fields=wrong)
