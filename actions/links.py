"""What an action knows of higher floors: names and addresses as text, never their rows."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Source:
    """Where an action came from.

    kind: of `choices.SourceKind`.  reference: what people call it.  label: its title.
    url: its page, from its slash on.  key: its row, `incidents.incident:<uuid>`, to find its actions again.
    """

    kind: str
    reference: str
    url: str = ""
    label: str = ""
    key: str = ""


@dataclass(frozen=True)
class About:
    """What an action is about: a proof for the same key verifies it.

    key: `<app>.<thing>:<id>`, as `backups.policy:<uuid>` or `catalog.system:<uuid>`.
    """

    key: str
    label: str
    url: str = ""


@dataclass(frozen=True)
class Proof:
    """What showed that something was done.

    kind: of `choices.ProofKind`.  at: when it was there.  began_at: when the proving began, where that takes time:
    what began before an action was opened shows nothing about it.
    """

    kind: str
    reference: str
    url: str
    at: datetime
    began_at: datetime | None = None
