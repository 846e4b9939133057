"""A volume of its own for a sandbox."""

import subprocess
from pathlib import Path

from backups.adapters.errors import SandboxFailed
from common.embedded.processes import Account


def mount_own(work: Path, size: int, account: Account | None) -> None:
    """Give the folder a volume of its own, in memory, so that its disk can really be full. Only root may."""
    owner = f",uid={account.uid},gid={account.gid}" if account else ""
    options = f"size={size},mode=0700,nosuid,nodev{owner}"
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", options, "--", "holdfast-sandbox", work],
        capture_output=True,
        check=False,
        timeout=20,
    )
    if made.returncode != 0:
        raise SandboxFailed
