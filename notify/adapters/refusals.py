"""What a channel can say no with."""

from dataclasses import dataclass

from django.conf import settings

from common.secrets import mask
from notify.choices import Outcome

DETAIL_LENGTH = 500


class NotSent(Exception):
    """The other side did not take the message. `is_permanent`: it never will. `is_gone`: it wants no more at all.

    status and text: what it answered with, where it answered.  outcome: what came of the try.
    """

    def __init__(
        self,
        detail: str,
        *,
        is_permanent: bool,
        is_gone: bool = False,
        status: int | None = None,
        text: str = "",
        outcome: str = Outcome.REFUSED,
    ) -> None:
        super().__init__(mask(" ".join(detail.split()), settings.EMAIL_HOST_PASSWORD)[:DETAIL_LENGTH])
        self.is_permanent = is_permanent
        self.is_gone = is_gone
        self.status = status
        self.text = text
        self.outcome = outcome


@dataclass(frozen=True)
class Taken:
    """What was answered by who took it: nothing, by those who only take it."""

    status: int | None = None
    text: str = ""
