"""What the recovery of a subject stands on, as fingerprints: proof turns stale when one differs from its measurement's.

The catalog's own parts are computed from its rows whenever they are asked for, so that no way of changing
a row can forget them. Higher floors store theirs by `services.set_basis`.
"""

import json
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from catalog.choices import Part
from catalog.graph import Node
from catalog.models import Service, System


def fingerprint(values: Mapping[str, Any]) -> str:
    """One digest of plain values, whatever their order."""
    text = json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=False, cls=DjangoJSONEncoder)
    return sha256(text.encode()).hexdigest()


def own_parts(subject: Service | System, needs: Iterable[Node]) -> dict[str, str]:
    """What the catalog itself knows that the subject stands on: {part: fingerprint}.

    needs: what it requires directly.
    """
    parts: dict[str, str] = {Part.DEPENDENCIES.value: fingerprint({"on": sorted(str(need.id) for need in needs)})}
    if isinstance(subject, System):
        parts[Part.SYSTEM.value] = fingerprint({"release": subject.release, "site": subject.site_id})
    return parts
