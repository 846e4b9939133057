"""What a service refused, shown in the form that asked for it: with everything that was typed."""

from typing import Any

from django.forms import Form

from common.errors import DomainError
from common.models import Versioned


def add_errors(form: Form, error: DomainError, **names: str) -> None:
    """The refusal beside the fields it is about.  names: what the service calls a field, what the form calls it."""
    for name, sentences in error.fields.items():
        shown = names.get(name, name)
        form.add_error(shown if shown in form.fields else None, sentences)
    if not error.fields:
        form.add_error(None, error.message)


def refuse(form: Form, row: Versioned, error: DomainError) -> None:
    """The same for a change of a row that was seen at a version: with the present one, so that it may be sent again."""
    row.refresh_from_db()
    add_errors(form, error)
    typed: Any = form.data  # what was posted, where a field may have several values
    data = typed.copy()
    data["version"] = str(row.version)
    form.data = data
