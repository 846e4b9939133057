"""What a channel can say no with."""

from django.conf import settings

from common.secrets import mask

DETAIL_LENGTH = 500


class NotSent(Exception):
    """The other side did not take the message. `is_permanent`: it never will. `is_gone`: it wants no more at all.

    status: what it answered with, where it answers by number.
    """

    def __init__(self, detail: str, *, is_permanent: bool, is_gone: bool = False, status: int | None = None) -> None:
        super().__init__(mask(" ".join(detail.split()), settings.EMAIL_HOST_PASSWORD)[:DETAIL_LENGTH])
        self.is_permanent = is_permanent
        self.is_gone = is_gone
        self.status = status
