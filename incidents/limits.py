"""How much one person, or one address of people who are not signed in, may send in an hour.

A cache that is away limits nobody.
"""

from django.core.cache import cache
from django.http import HttpRequest
from rest_framework.request import Request

from common.context import current
from incidents.errors import TooMany

HOUR_SECONDS = 3600
#: Per hour. People who are signed in count each for themselves, however many share one router.
OF_PERSON = 30
#: Of all at one address who are not signed in.
OF_ADDRESS = 120
#: Of all together who are not signed in: a flood from many addresses ends here, before it reaches people at work.
OF_ALL_OUTSIDE = 300
#: Files come one by one.
FILES = 10


def check_rate(request: HttpRequest | Request, what: str) -> None:
    """Count one more. Raises TooMany above the limit."""
    for key, limit in _counted(request, what).items():
        if _count(f"incidents:rate:{key}") > limit * (FILES if what == "file" else 1):
            raise TooMany


def _counted(request: HttpRequest | Request, what: str) -> dict[str, int]:
    if request.user.is_authenticated:
        return {f"{what}:person:{request.user.pk}": OF_PERSON}
    of_address = {f"{what}:address:{current.get().address}": OF_ADDRESS}
    return {**of_address, f"{what}:outside": OF_ALL_OUTSIDE} if what == "report" else of_address


def _count(key: str) -> int:
    cache.add(key, 0, HOUR_SECONDS)
    try:
        return int(cache.incr(key))
    except ValueError:  # it ran out between the two lines
        return 1
