"""Refusals: one family, turned into HTTP in one place."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

#: What PostgreSQL says when a unique or exclusion constraint does not hold: two rows at odds. A check constraint is
#: about one row alone, so no other person had a part in it: one that does not hold is a defect of ours.
RULES_OF_TABLES = frozenset({"23505", "23P01"})


class DomainError(Exception):
    """Something the product refuses to do, in a sentence that a person can act on.

    `code` is for programs and never changes; `template` is for people, with named placeholders.
    `fields` names the inputs that are wrong: {field: [sentence, …]}.
    """

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 409
    template: ClassVar[str | Promise] = _("This is not possible.")
    #: Whether what was written down about it stays (a counted try); see `common.transactions.as_one`.
    is_kept: ClassVar[bool] = False

    def __init__(self, *, fields: dict[str, list[str]] | None = None, **values: Any) -> None:
        super().__init__(self.code)
        self.values = values
        self.fields = fields or {}

    @property
    def message(self) -> str:
        """The sentence, in the language active when it is read."""
        return str(self.template) % self.values

    def __str__(self) -> str:
        return self.message


class NotAllowed(DomainError):
    """The person may see the thing but may not do this to it."""

    code = "not_allowed"
    status = 403
    template = _("Your role does not allow this.")


class Stale(DomainError):
    """Somebody else changed the row after it was read.

    changes: what they did, oldest first, where the room knows it:
    {"at", "by", "sentence", "fields": {name: {"from", "to"}}}.
    """

    code = "stale"
    status = 412
    template = _("This was changed by somebody else in the meantime. Look at the present state and try again.")

    def __init__(self, *, changes: Sequence[dict[str, Any]] = (), **values: Any) -> None:
        super().__init__(**values)
        self.changes = list(changes)


class Taken(DomainError):
    """The database's own refusal, where two did the same at the same moment and the service could not see it."""

    code = "taken"
    status = 409
    template = _("The database refused this: somebody else may have saved the same a moment ago. Nothing was changed.")

    @classmethod
    def by(cls, error: Exception) -> "Taken | None":
        """The refusal, when two rows are at odds; None when it is a defect of ours."""
        return cls() if getattr(error.__cause__, "pgcode", None) in RULES_OF_TABLES else None
