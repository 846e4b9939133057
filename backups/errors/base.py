"""The family of what ends a run, and how its stored sentence is told again.

A run that ends badly keeps the code and the values; `sentence` tells it again in the reader's language.
Values are plain JSON. Names tell how they are shown: `…_bytes` as a size, `…_seconds` as a length of time,
`…_at` (ISO 8601) as a moment.
"""

from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from backups.choices import Outcome
from common.errors import DomainError
from common.spans import duration


class RunError(DomainError):
    """Ends a run. `outcome` says whether something did not hold (fail) or was never found out (error).

    `about_repository`: the place is at fault, not the policy, so that it is one cause for all its policies.
    """

    outcome: ClassVar[Outcome]
    about_repository: ClassVar[bool] = False

    @property
    def message(self) -> str:
        return sentence(self.code, self.values)


class CouldNot(RunError):
    """The work could not be carried out, so nothing was learned about the copy."""

    code = "could_not"
    outcome = Outcome.ERROR
    template = _("This could not be carried out.")


class DoesNotHold(RunError):
    """The work was carried out, and what it looked at is not good."""

    code = "does_not_hold"
    outcome = Outcome.FAIL
    template = _("What was saved is not good.")


def sentence(code: str, values: dict[str, Any]) -> str:
    """The sentence of a stored code, in the active language. An unknown code stands for itself."""
    kind = _by_code().get(code)
    if kind is None:
        return code
    try:
        return str(kind.template) % {name: shown(name, value) for name, value in values.items()}
    except KeyError:  # stored before the sentence got this value
        return code


def shown(name: str, value: Any) -> Any:
    """A stored value as people read it."""
    if name.endswith("_bytes"):
        return filesizeformat(value)
    if name.endswith("_seconds"):
        return duration(timedelta(seconds=value))
    if name.endswith("_at"):
        return date_format(timezone.localtime(datetime.fromisoformat(value)), "DATETIME_FORMAT")
    return value


def _by_code() -> dict[str, type[DomainError]]:
    """Every refusal of the product that is known by now."""
    found: dict[str, type[DomainError]] = {}
    waiting: list[type[DomainError]] = [DomainError]
    while waiting:
        kind = waiting.pop()
        found.setdefault(kind.code, kind)
        waiting.extend(kind.__subclasses__())
    return found


def is_about_repository(code: str) -> bool:
    """Whether a run that ended with this code found its repository at fault."""
    kind = _by_code().get(code)
    return kind is not None and issubclass(kind, RunError) and kind.about_repository
