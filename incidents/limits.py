"""How much one person, or one address, may send in an hour. A cache that is away limits nobody."""

from django.core.cache import cache
from django.http import HttpRequest
from rest_framework.request import Request

from common.context import current
from incidents.errors import TooMany

HOUR_SECONDS = 3600
#: Per hour. An address may stand for a whole office behind one router.
OF_PERSON = 30
OF_ADDRESS = 120
#: Of all together who are not signed in: a flood from many addresses ends here, before it reaches people at work.
OF_ALL_OUTSIDE = 300
#: Files come one by one.
FILES = 10


def check_rate(request: HttpRequest | Request, what: str) -> None:
    """Count one more. Raises TooMany above the limit."""
    counted = {f"{what}:address:{current.get().address}": OF_ADDRESS}
    if request.user.is_authenticated:
        counted[f"{what}:person:{request.user.pk}"] = OF_PERSON
    elif what == "report":
        counted[f"{what}:outside"] = OF_ALL_OUTSIDE
    for key, limit in counted.items():
        if _count(f"incidents:rate:{key}") > limit * (FILES if what == "file" else 1):
            raise TooMany


def _count(key: str) -> int:
    cache.add(key, 0, HOUR_SECONDS)
    try:
        return int(cache.incr(key))
    except ValueError:  # it ran out between the two lines
        return 1
