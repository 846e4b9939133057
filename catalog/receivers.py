"""What the catalog does about facts of lower floors."""

from datetime import datetime

from catalog import services
from common.clock import CLOCK_SET_BACK


@CLOCK_SET_BACK.receiver("catalog.date_anew")
def date_anew(was: str, now: str) -> None:
    """A measurement from the future would be the newest one for as long."""
    services.date_measurements_anew(was=datetime.fromisoformat(was), now=datetime.fromisoformat(now))
