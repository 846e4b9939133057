"""What other sides say, made fit to be kept and shown."""

import re
from collections.abc import Iterable
from urllib.parse import parse_qsl, unquote, urlsplit

from common.secrets import mask

#: So much of an answer is kept.
KEPT = 500
#: What looks like a secret in an answer: long runs without a space.
LONG_RUN = re.compile(r"[A-Za-z0-9+/_=.-]{24,}")
#: Shorter parts of an address are words that stand anywhere.
SHORTEST_SECRET = 6


def covered(text: str, hidden: Iterable[str] = ()) -> str:
    """The first 500 characters on one line, readable, without what may be a secret that the other side repeated.

    hidden: secrets and addresses; of an address its parts are covered too, where they may be tokens.
    """
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    line = mask(line, *(part for each in hidden for part in _parts(each)))
    return LONG_RUN.sub("•••", line)[:KEPT]


def _parts(secret: str) -> Iterable[str]:
    yield secret
    if "://" not in secret:
        return
    try:
        parts = urlsplit(secret)
    except ValueError:
        return
    values = [value for _name, value in parse_qsl(parts.query, keep_blank_values=False)]
    found = [parts.username, parts.password, parts.query, *parts.path.split("/"), *values]
    for each in filter(None, found):
        yield from {one for one in (each, unquote(each)) if len(one) >= SHORTEST_SECRET}
