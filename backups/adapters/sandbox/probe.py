"""What this host can really do to shut a command in: tried once, with the commands that are used later."""

import logging
import os
import re
import secrets
import subprocess
from dataclasses import dataclass
from pathlib import Path

from backups.adapters.output import readable
from backups.adapters.processes import plain_environment
from backups.adapters.sandbox.accounts import NUMBERS
from backups.adapters.sandbox.limits import Limits
from backups.adapters.sandbox.places import make
from backups.adapters.sandbox.remains import clear
from backups.adapters.sandbox.walls import Walls, make_work, missing_programs
from backups.choices import Isolation
from common.embedded.processes import Account

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Shelter:
    """The kind of isolation that works here, what it is made of, and why it is no better one."""

    isolation: Isolation
    made_of: str
    instead_of: str = ""


#: What worked. A host that could not build the best kind is asked again each time: somebody may mend it.
_found: dict[tuple[Path, str], Shelter] = {}


def shelter_below(base: Path) -> Shelter:
    """The best isolation for sandboxes in this folder."""
    key = (base, os.environ.get("PATH", ""))
    if key in _found:
        return _found[key]
    shelter = _tried(base)
    if shelter.isolation == Isolation.BWRAP:
        _found[key] = shelter
    return shelter


def _tried(base: Path) -> Shelter:
    kinds = (Isolation.BWRAP, Isolation.UID) if os.geteuid() == 0 else (Isolation.BWRAP,)
    reasons: list[str] = []
    for kind in kinds:
        reason = _why_not(kind, base)
        if not reason:
            return Shelter(kind, _version(kind), "; ".join(reasons))
        log.warning("sandboxes cannot use %s here: %s", kind.value, reason)
        reasons.append(f"{kind.value}: {reason}")
    return Shelter(Isolation.NONE, "", "; ".join(reasons))


def _why_not(kind: Isolation, base: Path) -> str:
    """Empty when it works; else the reason."""
    missing = missing_programs(kind)
    if missing:
        return f"{', '.join(missing)} not installed"
    place, lock = make(base, f"probe-{secrets.token_hex(6)}")
    with lock:
        try:
            return _reason(kind, place)
        finally:
            clear(place, None)


def _reason(kind: Isolation, place: Path) -> str:
    account = Account(NUMBERS[-1], NUMBERS[-1]) if os.geteuid() == 0 else None
    work = make_work(place, account)
    walls = Walls(kind, account, work, place, Limits())
    command = [*walls.prefix(), "touch", "--", walls.inside("sign of life")]
    try:
        tried = subprocess.run(command, env=plain_environment(), cwd="/", capture_output=True, check=False, timeout=20)
    except (OSError, subprocess.SubprocessError) as error:
        return readable(str(error).encode(errors="replace"))
    if tried.returncode == 0 and (work / "sign of life").is_file():
        return ""
    return readable(tried.stderr[-300:]).strip() or f"exit code {tried.returncode}"


def _version(kind: Isolation) -> str:
    program = "bwrap" if kind == Isolation.BWRAP else "setpriv"
    said = subprocess.run([program, "--version"], capture_output=True, check=False, timeout=20).stdout
    number = re.search(rb"\d[\w.]*", said)
    return f"{program} {number.group().decode() if number else ''}".strip()
