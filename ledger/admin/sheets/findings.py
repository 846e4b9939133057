"""What reading a file in comes to, row by row; and keeping that between the preview and its confirmation."""

import base64
import json
import secrets
import zlib
from collections import Counter
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from typing import Any

from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

from common.errors import DomainError
from common.secrets import KeyMissing, SecretDamaged, seal, unseal
from common.sheets import Flaw, Line, Table

KEPT_SECONDS = 3600
ADDED, CHANGED, SAME, REFUSED = "added", "changed", "same", "refused"


class NotKept(DomainError):
    """Between the two pages the upload lies in the cache."""

    code = "sheet_not_kept"
    status = 503
    template = _("The upload cannot be kept right now, so nothing was read. Try again in a moment.")


@dataclass
class Finding:
    """One row: what it is called, what becomes of it, and why.

    differences: [column, before, after].  refusals: [column or "", sentence].
    """

    number: int
    label: str
    outcome: str = SAME
    differences: list[list[str]] = field(default_factory=list)
    refusals: list[list[str]] = field(default_factory=list)


@dataclass
class Upload:
    """A file that was read, and what it would do. seen: a digest of that and of the versions it is based on."""

    sheet: str
    person: str
    name: str
    sha256: str
    table: Table
    findings: list[Finding]
    seen: str
    is_done: bool = False

    @property
    def counts(self) -> dict[str, int]:
        """How many rows have each outcome."""
        count = Counter(each.outcome for each in self.findings)
        return {outcome: count[outcome] for outcome in (ADDED, CHANGED, SAME, REFUSED)}

    @property
    def can_be_carried_out(self) -> bool:
        """All of it or nothing."""
        counts = self.counts
        return not self.is_done and not counts[REFUSED] and bool(counts[ADDED] + counts[CHANGED])


def digest(data: bytes) -> str:
    """By which a file is known again."""
    return sha256(data).hexdigest()


def keep(upload: Upload, token: str = "") -> str:
    """Keep an upload for an hour, sealed: it holds people's details. Returns its token. Raises NotKept."""
    token = token or secrets.token_urlsafe(24)
    packed = base64.b64encode(zlib.compress(json.dumps(asdict(upload)).encode())).decode()
    cache.set(_name(token), seal(packed), KEPT_SECONDS)
    if cache.get(_name(token)) is None:
        raise NotKept
    return token


def kept(token: str, *, sheet: str, person: str) -> Upload | None:
    """The upload of this person for this list. None: there is none any more, or it is somebody else's."""
    sealed = cache.get(_name(token))
    if sealed is None:
        return None
    try:
        found = json.loads(zlib.decompress(base64.b64decode(unseal(sealed))))
    except (KeyMissing, SecretDamaged):
        return None
    upload = Upload(
        **found | {"table": _table(found["table"]), "findings": [Finding(**one) for one in found["findings"]]}
    )
    return upload if (upload.sheet, upload.person) == (sheet, person) else None


def _table(found: dict[str, Any]) -> Table:
    return Table(
        found["headings"],
        [
            Line(line["number"], line["cells"], {int(place): Flaw(flaw) for place, flaw in line["flaws"].items()})
            for line in found["lines"]
        ],
    )


def _name(token: str) -> str:
    return f"sheets.{sha256(token.encode()).hexdigest()}"
