"""The digest that a published version carries: whoever has its texts can compute it again."""

import json
from collections.abc import Iterable
from hashlib import sha256

from runbooks.models import PlanText


def digest(reference: str, number: int, texts: Iterable[PlanText]) -> str:
    """SHA-256 over canonical JSON: {"plan", "version", "texts": [[language, title, text], …]}, languages in order."""
    rows = sorted([text.language, text.title, text.text] for text in texts)
    canonical = json.dumps(
        {"plan": reference, "version": number, "texts": rows},
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
    )
    return sha256(canonical.encode()).hexdigest()
